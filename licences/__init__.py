"""What is owned, and who sees it."""
