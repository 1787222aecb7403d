"""Exhibits: passages of answers side by side, picked by a written rule that is put to every model alike."""
