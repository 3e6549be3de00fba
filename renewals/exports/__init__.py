"""What leaves as a file, and what the activity says of it."""
