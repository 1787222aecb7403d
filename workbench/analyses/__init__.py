"""The analyses: one question, one file."""
