"""The only writers of the directory."""

from django.db import transaction

from advisors.models import Firm, FirmWord
from advisors.rules import words


def index_firm(firm: Firm) -> None:
    """Write the words by which search finds the firm, in place of those it had.

    Part of every verb that adds a firm or changes its name, country or state; that verb asks for the power.
    """
    organisation = firm.organisation
    with transaction.atomic():
        FirmWord.objects.filter(firm=firm).delete()
        FirmWord.objects.bulk_create(
            FirmWord(
                firm=firm,
                country=organisation.country,
                us_state=firm.us_state,
                word=word.text,
                position=word.position,
            )
            for word in words(organisation.name)
        )
