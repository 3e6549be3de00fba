"""The pages of quotes: the list, one quote with its arithmetic, and what is done to it."""
