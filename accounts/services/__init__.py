"""The verbs of accounts: the only writers of its tables."""
