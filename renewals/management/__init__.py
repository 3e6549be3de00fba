"""What renewals adds to manage.py."""
