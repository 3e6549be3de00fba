"""The pages of the directory, of firms and of the programme that keeps them."""
