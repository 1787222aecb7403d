"""Parts of the overview: the card of documents."""
