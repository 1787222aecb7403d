"""Files of no known format: how their fields are guessed, mapped, shown and read."""
