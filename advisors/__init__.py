"""Who may help: the directory of firms and their contacts."""
