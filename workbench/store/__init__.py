"""The case on disk: the only place that knows SQL."""
