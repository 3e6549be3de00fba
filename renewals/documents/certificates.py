"""The renewal certificate on paper: what is in force from when through when, and where anybody can check that."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import Actor, Kind
from interface import dates
from interface.countries import country_name
from interface.money import number
from licences.models import PROGRAMMES
from licences.rules.serials import masked
from renewals.documents.printing import cell, column, foot, pair, printed
from renewals.models import Certificate
from renewals.rules.certificates import Certified, certified_in

INK = "#12272c"


def certificate_pdf(actor: Actor, certificate: Certificate) -> bytes:
    """Without amounts; whoever is not the customer gets serial numbers masked."""
    return printed("certificate", paper(actor, certificate), dated_on=issued_on(certificate))


def issued_on(certificate: Certificate) -> date:
    return date.fromisoformat(certificate.facts["issued_on"])


def check_url(certificate: Certificate) -> str:
    """Where anybody checks it, whole, as it is printed and encoded."""
    return f"{settings.BASE_URL}{reverse('renewals:verify', args=[certificate.number])}"


def paper(actor: Actor, certificate: Certificate) -> dict[str, Any]:
    """Everything on it, in the language in use."""
    facts = certificate.facts
    rows = shown_rows(actor, certificate)
    customer = [facts["customer"]["name"], country_name(facts["customer"]["country"])]
    return {
        "title": _("Renewal certificate"),
        "subtitle": facts["customer"]["name"],
        "reference": certificate.number,
        "issuer": facts["issuer"],
        **foot(_("Renewal certificate %(number)s") % {"number": certificate.number}),
        "statement": statement(rows),
        "facts": [
            pair(_("Customer"), ", ".join(filter(None, customer)), strong=True),
            pair(_("Issued on"), dates.day_full(issued_on(certificate))),
            pair(_("Issued by"), facts["issuer"]),
            *(one(rows[0]) if certificate.coverage_id else [pair(_("Coverages"), number(len(rows)))]),
        ],
        **(table(rows) if not certificate.coverage_id else {"rows": [], "rows-title": "", "columns": []}),
        "check": check(certificate),
    }


def shown_rows(actor: Actor, certificate: Certificate) -> list[Certified]:
    """What is certified, soonest first, with as much of the serial numbers as the reader may know."""
    is_own = actor.kind is Kind.CUSTOMER
    rows = sorted(certified_in(certificate.facts), key=lambda each: (each.expires_on, each.product, each.coverage))
    return rows if is_own else [veiled(each) for each in rows]


def veiled(row: Certified) -> Certified:
    fields = {name: getattr(row, name) for name in Certified.__slots__}
    return Certified(**{**fields, "serial": masked(row.serial)})


def statement(rows: Sequence[Certified]) -> str:
    """The state itself, as the heading says it."""
    first = {"product": rows[0].product, "day": dates.day_full(rows[0].expires_on), "count": number(len(rows))}
    if len(rows) == 1:
        return _("%(product)s is covered through %(day)s.") % first
    return ngettext("%(count)s coverage is in force.", "%(count)s coverages are in force.", len(rows)) % first


def one(row: Certified) -> list[dict[str, Any]]:
    maker = [pair(_("Manufacturer"), row.manufacturer)] if row.manufacturer else []
    serial = [pair(_("Serial or licence number"), row.serial)] if row.serial else []
    return [
        pair(_("Product"), row.product, strong=True),
        *maker,
        pair(_("Programme"), PROGRAMMES[row.programme]),
        pair(_("Quantity"), number(row.quantity)),
        *serial,
        pair(_("In force from"), dates.day_full(row.starts_on) if row.starts_on else "–"),
        pair(
            _("In force through"),
            _("%(day)s, this day included") % {"day": dates.day_full(row.expires_on)},
            strong=True,
        ),
    ]


def table(rows: Sequence[Certified]) -> dict[str, Any]:
    heads = [
        column(_("Product"), wide=True),
        column(_("Serial or licence number")),
        column(_("Quantity"), numeric=True),
        column(_("From")),
        column(_("Through")),
    ]
    return {
        "rows-title": _("What is in force"),
        "columns": heads,
        "rows": [
            [
                cell(row.product, PROGRAMMES[row.programme], strong=True),
                row.serial,
                number(row.quantity),
                dates.day(row.starts_on) if row.starts_on else "–",
                dates.day(row.expires_on),
            ]
            for row in rows
        ],
    }


def check(certificate: Certificate) -> dict[str, Any]:
    url, sha = check_url(certificate), certificate.sha256
    return {
        "title": _("Is this certificate valid?"),
        "text": _("Scan the code or open the address. The answer says whether it is valid today, and nothing else."),
        "url": url,
        "alt": _("QR code that leads to %(url)s") % {"url": url},
        "drawing": segno.make(url, error="m").svg_inline(border=0, dark=INK),
        "hash-label": _("SHA-256 of what is certified"),
        "hash": " ".join(sha[start : start + 8] for start in range(0, len(sha), 8)),
    }
