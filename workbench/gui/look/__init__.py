"""How the window looks: tokens, fonts, style sheet, marks of the roles, icons. Nothing here knows a page."""
