"""Parts of the page of analyses: its cards, the form of a run, and the queue."""
