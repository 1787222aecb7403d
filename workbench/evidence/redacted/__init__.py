"""The redacted copy of a pack: what the examiner takes out is in none of its files, in no form."""
