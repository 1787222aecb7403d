"""The evidence pack: report, bag, and its check."""
