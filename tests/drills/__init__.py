"""Drills: programs are killed and servers broken, and every promise of the reminders is counted."""
