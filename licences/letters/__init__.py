"""The letters of licences: about access, and about transfers."""
