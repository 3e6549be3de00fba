"""What everybody sees, held against a model in plain Python while everything happens that may."""
