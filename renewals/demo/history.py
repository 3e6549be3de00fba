"""What happened lately in the demo, so that its activity is not empty."""

from datetime import date

from renewals.demo.people import Known


def load_history(today: date, known: Known) -> None:
    """Entries of the audit, dated before today."""
