"""The verbs of renewals: the only writers of its tables."""
