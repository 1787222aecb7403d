"""Pictures that the window paints itself, from descriptions that the floor below made."""
