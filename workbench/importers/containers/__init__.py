"""Files inside files: zip archives, folders, Parquet, workbooks, compression and encodings."""
