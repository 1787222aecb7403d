"""Examinations in the case: what is still to be looked at, what was seen, what is masked."""
