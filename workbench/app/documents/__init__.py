"""Documents of a case: taken in, read, quoted, retracted and searched."""
