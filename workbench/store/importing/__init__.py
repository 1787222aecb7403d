"""Imports in the case: batches that no one sees yet, and one transaction that shows them."""
