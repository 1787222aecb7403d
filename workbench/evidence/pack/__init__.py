"""The evidence pack: what goes into it, and how it is written."""
