"""The importers: one format, one file."""
