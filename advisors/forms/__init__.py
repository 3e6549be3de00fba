"""What people type about firms."""
