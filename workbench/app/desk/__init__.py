"""What the pages of the window show, read from a case and counted here: the window itself computes nothing."""
