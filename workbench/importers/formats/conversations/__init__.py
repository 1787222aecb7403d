"""Recorded conversations: many turns, of which every turn of the assistant is an answer."""
