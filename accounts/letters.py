"""Mails from templates, in the reader's language; and the composers of accounts' own."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import ROLE_LABELS, Invitation, Letter, Organisation, User
from accounts.outbox import Mail

SIGN_IN = "accounts.sign_in"


def rendered(letter: Letter, template: str, context: dict[str, Any], *, headers: dict[str, str] | None = None) -> Mail:
    """The mail of `<template>.subject.txt`, `.txt` and `.html`, in the letter's language.

    Every template also knows `subject` and `base_url`, without a slash at its end. Text alone needs no `.html`.
    """
    with translation.override(letter.language):
        shared = {"base_url": settings.BASE_URL, "LANGUAGE_CODE": letter.language, **context}
        subject = " ".join(render_to_string(f"{template}.subject.txt", shared).split())
        text = render_to_string(f"{template}.txt", {**shared, "subject": subject})
        html = "" if letter.text_only else render_to_string(f"{template}.html", {**shared, "subject": subject})
    return Mail(subject, text.strip() + "\n", html, headers or {})


def compose_sign_in(letter: Letter) -> Mail:
    """What allauth wrote when it was asked to; only its dress is ours."""
    subject, text = letter.context["subject"], letter.context["text"]
    with translation.override(letter.language):
        context = {"subject": subject, "paragraphs": text.split("\n\n"), "LANGUAGE_CODE": letter.language}
        html = "" if letter.text_only else render_to_string("accounts/mail/sign_in.html", context)
        return Mail(subject, text, html)


def compose_invitation(letter: Letter) -> Mail | None:
    """The only place where an invitation's token is written out; nothing once it is not open any more."""
    invitation = (
        Invitation.objects.open().filter(pk=letter.context["invitation"]).select_related("organisation").first()
    )
    if invitation is None:
        return None
    inviter = person(invitation.invited_by_id)
    context = {
        "organisation_name": invitation.organisation.name,
        "name": invitation.name,
        "inviter": inviter.name if inviter else "",
        "role": ROLE_LABELS[invitation.role],
        "email": invitation.email,
        "url": settings.BASE_URL + reverse("accounts:invitation", args=[letter.context["token"]]),
    }
    return rendered(letter, "accounts/mail/invitation", context)


def compose_membership(letter: Letter) -> Mail:
    """A member's role has changed, or has ended."""
    organisation = Organisation.objects.filter(pk=letter.context["organisation"]).get()
    member = person(letter.user_id)
    context = {
        "organisation_name": organisation.name,
        "name": member.name if member else "",
        "role": ROLE_LABELS[letter.context["role"]],
        "is_removed": letter.context["change"] == "person.removed",
    }
    return rendered(letter, "accounts/mail/membership", context)


def person(user_id: UUID | None) -> User | None:
    """The person, unless there is none or it has been erased."""
    return User.objects.filter(pk=user_id).first() if user_id else None
