"""The pages of the window: one question of the work, one file."""
