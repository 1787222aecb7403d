"""The seal of a pack: signatures over its list of lists, a time stamp of that list, and what is said of both."""
