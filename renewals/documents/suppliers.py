"""The supplier form on paper: what a purchasing department needs to add the programme as a new supplier."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from interface import dates
from interface.countries import country_name
from renewals.documents.printing import foot, pair, printed
from renewals.models import SupplierDetails

COMPANY = ("company_number", "tax_number", "vat_number", "website")
BANK = ("account_holder", "bank_name", "account_number", "bank_code", "payment_terms")
ORDERS = ("orders_name", "orders_email", "orders_phone")
INVOICES = ("accounts_name", "accounts_email", "accounts_phone")


def supplier_pdf(details: SupplierDetails) -> bytes:
    return printed("supplier", paper(details), dated_on=timezone.localdate(details.created_at))


def paper(details: SupplierDetails) -> dict[str, Any]:
    since = dates.day_full(timezone.localdate(details.created_at))
    version = _("Version %(version)s of %(day)s") % {"version": details.version, "day": since}
    company = [
        pair(label(details, "legal_name"), details.legal_name, strong=True),
        pair(label(details, "address"), details.address),
        pair(label(details, "country"), country_name(details.country)),
        *filled(details, COMPANY),
    ]
    sections = [
        (_("Company"), company),
        (_("Bank details"), filled(details, BANK)),
        (_("Orders"), filled(details, ORDERS)),
        (_("Invoices"), filled(details, INVOICES)),
    ]
    return {
        "title": _("Supplier form"),
        "subtitle": _("What your purchasing department needs to add us as a supplier"),
        "reference": version,
        "issuer": details.legal_name,
        **foot(f"{_('Supplier form')}, {version}"),
        "sections": [{"title": title, "facts": facts} for title, facts in sections if facts],
        "note": details.note,
        "care-title": _("Bank details never change by mail"),
        "care": _(
            "If somebody writes to you with other bank details, take this form anew from your account and compare."
        ),
    }


def filled(details: SupplierDetails, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [pair(label(details, name), getattr(details, name)) for name in names if getattr(details, name)]


def label(details: SupplierDetails, name: str) -> str:
    words = str(details._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return words[:1].upper() + words[1:]
