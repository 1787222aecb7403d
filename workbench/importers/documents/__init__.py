"""The words of documents: PDF, Word files, web pages and plain text, read within limits."""
