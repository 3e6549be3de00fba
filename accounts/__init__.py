"""Who: people, organisations, what they may do, and what they did."""
