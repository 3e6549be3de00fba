"""What carrying on costs, and when to say so."""
