"""Secrets, planted markers and usage logs of a case."""
