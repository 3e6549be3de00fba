"""Pages: row, form, verb, reply."""
