"""Mails from templates, in the reader's language; and the composer of those that belong to signing in."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Letter
from accounts.outbox import Mail

SIGN_IN = "accounts.sign_in"


def rendered(letter: Letter, template: str, context: dict[str, Any], *, headers: dict[str, str] | None = None) -> Mail:
    """The mail of `<template>.subject.txt`, `.txt` and `.html`, in the letter's language.

    Every template also knows `subject` and `base_url`, without a slash at its end.
    """
    with translation.override(letter.language):
        shared = {"base_url": settings.BASE_URL, "LANGUAGE_CODE": letter.language, **context}
        subject = " ".join(render_to_string(f"{template}.subject.txt", shared).split())
        text = render_to_string(f"{template}.txt", {**shared, "subject": subject})
        html = render_to_string(f"{template}.html", {**shared, "subject": subject})
    return Mail(subject, text.strip() + "\n", html, headers or {})


def compose_sign_in(letter: Letter) -> Mail:
    """What allauth wrote when it was asked to; only its dress is ours."""
    subject, text = letter.context["subject"], letter.context["text"]
    with translation.override(letter.language):
        context = {"subject": subject, "paragraphs": text.split("\n\n"), "LANGUAGE_CODE": letter.language}
        return Mail(subject, text, render_to_string("accounts/mail/sign_in.html", context))
