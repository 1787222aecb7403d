"""Imports: run, tried without keeping anything, gone on with, and what they say of their files."""
