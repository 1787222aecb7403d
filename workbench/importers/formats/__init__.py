"""The formats that importers know by their content: one format, one file."""
