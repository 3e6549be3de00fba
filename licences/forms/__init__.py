"""What people choose and type, checked."""
