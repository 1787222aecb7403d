"""The parts of the page of corpora: its table, the bar over it, and the inspector."""
