"""The tests of Coterm: one folder per app, and what they share."""
