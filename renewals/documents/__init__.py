"""What people print, keep and hand on: certificates, quotes, price schedules and the supplier form, as PDF."""
