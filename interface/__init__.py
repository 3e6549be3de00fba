"""How pages are put together: the shell, components, charts, paging, downloads; it knows no other app."""
