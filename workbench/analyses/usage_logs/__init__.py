"""What the analyses of usage logs share: expressions over the tables, and what a log lacks."""
