"""Whether a case is whole: its rows, answers and examinations held against the ledger."""
