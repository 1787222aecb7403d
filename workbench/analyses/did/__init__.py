"""Is the closeness more than base, siblings and date explain? Differences in differences."""
