"""Verbs: the only writers of licences, assignments and imports."""
