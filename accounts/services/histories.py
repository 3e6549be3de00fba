"""Taking the activity away is an entry of the activity itself."""

from django.db.transaction import atomic

from accounts import audit
from accounts.rules import Actor


@atomic
def write_down_export(actor: Actor, *, rows: int) -> None:
    """Everybody may take what everybody may read; who took how much is written down."""
    audit.record(actor, "activity.exported", organisations=[actor.organisation_id], rows=rows)
