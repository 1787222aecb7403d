"""Painting pictures, and the pictures that only the report has."""
