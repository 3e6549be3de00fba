"""Keep and drop a firm's views of the portfolio."""

from django.db import transaction

from accounts import audit
from accounts.permissions import require
from accounts.rules import Actor, Power
from renewals.models import SavedView
from renewals.rules.filters import Filters
from renewals.services.authors import author_of

MOST = 20


class TooMany(Exception):
    """The firm keeps as many views as fit above the table."""


@transaction.atomic
def save_view(actor: Actor, *, name: str, query: str) -> SavedView:
    """Keep `query` under `name` for the whole firm; an old view of that name gives way. Raises TooMany."""
    require(actor, Power.SEE_PORTFOLIO)
    kept = SavedView.objects.visible_to(actor)
    if not kept.filter(name=name).exists() and kept.count() >= MOST:
        raise TooMany
    view, _created = SavedView.objects.update_or_create(
        organisation_id=actor.organisation_id,
        name=name,
        defaults={"query": Filters.read(query).query(), "author_id": author_of(actor)},
    )
    audit.record(actor, "view.saved", organisations=[actor.organisation_id], subject_id=view.pk)
    return view


@transaction.atomic
def delete_view(actor: Actor, *, view: SavedView) -> None:
    """Drop one of the firm's views; its coverages are untouched."""
    require(actor, Power.SEE_PORTFOLIO)
    audit.record(actor, "view.deleted", organisations=[actor.organisation_id], subject_id=view.pk)
    view.delete()
