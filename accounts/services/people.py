"""People: what they change about themselves, and what owners change about members."""

from django.db import transaction

from accounts.models import User


@transaction.atomic
def change_language(user: User, language: str) -> None:
    """The language of a person's pages and mails."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def change_profile(user: User, *, name: str, language: str, time_zone: str) -> None:
    """A person's own name, language and time zone; nobody else may."""
    User.objects.filter(pk=user.pk).update(name=name, language=language, time_zone=time_zone)
