"""What licences do, in words for the activity."""
