"""The two walls, each proven alone."""
