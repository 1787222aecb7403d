"""Exhibits of a case: proposed by the written rule or chosen by hand, reviewed, noted on, and taken back."""
