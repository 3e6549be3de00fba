"""Named questions of renewals, a module for each subject."""
