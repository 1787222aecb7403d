"""Usage logs as lines of JSON: their formats as maps of columns, and readers that keep every line's place."""
