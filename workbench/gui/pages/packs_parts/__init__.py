"""Parts of the page of packs: the form of an export, facts of a pack, and what a check came to."""
