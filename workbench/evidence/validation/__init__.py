"""The report of a validation study: figures, tables and charts."""
