"""What stands round every page: sidebar, palette of commands, foot, banners, toasts, menus."""
