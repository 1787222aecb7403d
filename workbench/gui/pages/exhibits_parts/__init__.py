"""Parts of the page of exhibits."""
