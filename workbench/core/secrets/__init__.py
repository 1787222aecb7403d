"""Secrets in texts, fields and tables: found by their published forms and by the names before them, and masked."""
