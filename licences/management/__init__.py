"""What an operator does with licences from a shell."""
