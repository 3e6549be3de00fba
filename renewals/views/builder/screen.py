"""Everything that the builder shows, from one preview."""

from typing import Any

from django.urls import reverse

from accounts.rules import Kind
from accounts.views.gate import KnownRequest
from interface.money import number, symbol
from renewals.rules.choice import MINIMUMS, ONE, TERMS, Choice
from renewals.services.candidates import Buyer
from renewals.services.previews import preview, settled
from renewals.views.builder import addresses, words
from renewals.views.builder.bill import bill
from renewals.views.builder.drafts import draft_of
from renewals.views.builder.lines import table
from renewals.views.builder.notices import Speaker
from renewals.views.builder.timeline import timeline
from renewals.views.builder.ways import fit, heading, ways


def context(request: KnownRequest, choice: Choice, buyer: Buyer) -> dict[str, Any]:
    """The choice priced today; the session is up to date with it."""
    found, draft = preview(request.actor, choice, buyer=buyer), draft_of(request.actor, choice.draft)
    return {
        **_controls(choice),
        "buyer": buyer,
        "today": buyer.today,
        "is_own": request.actor.kind is Kind.CUSTOMER,
        "back_url": _back(request, buyer),
        "state": addresses.state(request.session, settled(choice, found)),
        "heading": heading(choice, len(found.held)),
        "timeline": timeline(found, choice),
        "ways": ways(found, choice),
        "table": table(request.actor, found, choice),
        "notices": Speaker(request.actor, found).notices(),
        "bill": bill(request.actor, found),
        "fit": fit(found),
        "currency_sign": symbol(buyer.currency),
        "draft": draft,
        "note": note(request, buyer) or (draft.notes if draft else ""),
        "may_save": found.plan is not None,
    }


def _controls(choice: Choice) -> dict[str, Any]:
    """What the form's own fields hold."""
    return {
        "is_one": choice.group == ONE,
        "groups": groups(choice),
        "terms": terms(choice),
        "minimums": minimums(choice),
        "budget": number(choice.budget) if choice.budget is not None else "",
    }


def groups(choice: Choice) -> list[tuple[str, str, bool]]:
    """The three kinds of date: value, label, and whether it is the one that is set."""
    labels = words.groups(choice.months)
    return [(value, label, value == choice.group) for value, label in labels.items()]


def terms(choice: Choice) -> list[tuple[int, str, bool]]:
    """The terms to choose from, the present one among them."""
    offered = sorted({*TERMS, choice.months})
    return [(months, words.term(months), months == choice.months) for months in offered]


def minimums(choice: Choice) -> list[tuple[int, str, bool]]:
    """The least terms to choose from."""
    offered = sorted({*MINIMUMS, choice.minimum_months})
    return [
        (months, words.term(months) if months else words.none(), months == choice.minimum_months) for months in offered
    ]


def note(request: KnownRequest, buyer: Buyer) -> str:
    """What was typed as a note for this customer, and not saved yet."""
    kept = request.session.get("quote_notes", {})
    return str(kept.get(buyer.slug, ""))


def keep_note(request: KnownRequest, buyer: Buyer, text: str) -> None:
    """Remembers the note between two answers; an empty one is forgotten."""
    kept = {slug: words for slug, words in request.session.get("quote_notes", {}).items() if slug != buyer.slug}
    if text != note(request, buyer):
        request.session["quote_notes"] = kept | ({buyer.slug: text} if text else {})


def _back(request: KnownRequest, buyer: Buyer) -> str:
    """The customer's page; its own people have none."""
    return "" if request.actor.kind is Kind.CUSTOMER else reverse("renewals:customer", args=[buyer.slug])
