"""Parts of the page of findings."""
