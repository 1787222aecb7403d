"""Imports in the case: batches that nobody sees, and one transaction that shows them."""
