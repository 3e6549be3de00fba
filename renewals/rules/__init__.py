"""The rules of renewals, a module for each noun."""
