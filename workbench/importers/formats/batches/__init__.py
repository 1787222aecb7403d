"""Results of batches: one reply a request, in any order."""
