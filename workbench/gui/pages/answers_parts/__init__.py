"""The parts of the page of answers: bars of hits, the list, the columns of the reader, passages, raw bytes."""
