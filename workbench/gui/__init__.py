"""The window: a thin shell over the verbs."""
