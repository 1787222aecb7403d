"""The report: its chapters as blocks of text, and these as HTML and PDF."""
