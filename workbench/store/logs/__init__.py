"""Usage logs in columns beside the case: taken in by an embedded engine, and asked through expressions."""
