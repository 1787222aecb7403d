"""What one answer, or two beside each other, show: truncation, refusals, hidden characters, near duplicates."""
