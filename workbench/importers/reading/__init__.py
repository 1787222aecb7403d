"""Records out of bytes, each with its place: lines, arrays, objects, rows."""
