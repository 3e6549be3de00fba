"""Mails of renewals."""
