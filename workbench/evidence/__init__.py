"""The evidence pack: the report, the charts, the bag, and the check that nothing was changed."""
