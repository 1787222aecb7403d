"""The check of a pack: its archive, its members, and whether they agree with the ledger and each other."""
