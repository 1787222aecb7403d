"""The dialogs: each collects what one verb needs and calls nothing."""
