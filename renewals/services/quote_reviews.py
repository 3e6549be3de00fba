"""What the schedule does to quotes: their time passes, people are warned of it, and the programme hears of orders."""

from datetime import timedelta

from django.db.models import F
from django.db.transaction import atomic

from accounts.models import Letter
from accounts.outbox import Addressee
from licences.querysets import today_in
from renewals.models import Order, Quote
from renewals.rules import orders
from renewals.rules.quotes import WARN_DAYS, State
from renewals.services import quote_news as news
from renewals.services.quotes import end

PLACED_KEY = "order:{}:placed:"


@atomic
def review_quotes() -> int:
    """Writes down what has expired, warns of what will, and tells the programme of what was placed.

    How many have expired. Runs as worker; safe to run twice, and at the same time.
    """
    expired = expire_what_is_over()
    warn_of_ends()
    tell_the_programme()
    return expired


def expire_what_is_over() -> int:
    """Submitted quotes whose last day has passed where the customer is; the calendar alone had ended them already."""
    waiting = Quote.objects.filter(state=State.SUBMITTED.value).annotate(today=today_in("customer__time_zone"))
    over = waiting.filter(valid_until__lt=F("today")).order_by("customer", "id")
    rows = list(over.select_for_update(of=("self",), skip_locked=True, no_key=True))
    for row in rows:
        end(None, row, State.EXPIRED)
        news.write_down(None, "quote.expired", row)
    return len(rows)


def warn_of_ends() -> None:
    """Once for each reader, in the last days of a quote that was offered before them."""
    waiting = Quote.objects.filter(state=State.SUBMITTED.value).annotate(today=today_in("customer__time_zone"))
    near = waiting.filter(valid_until__lte=F("today") + timedelta(WARN_DAYS), valid_until__gte=F("today"))
    for row in near.filter(priced_on__lt=F("valid_until") - timedelta(WARN_DAYS)).order_by("id"):
        to = [*news.deciders(row), *news.author(row)]
        news.tell(None, "ending", row, to=unheard(f"quote:{row.pk}:ending:", to))


def tell_the_programme() -> None:
    """Its managers are nobody whom a customer could see and write to."""
    placed = list(Order.objects.filter(state=orders.State.PLACED.value).order_by("id"))
    managers = news.programme() if placed else []
    for row in placed:
        news.tell_order(None, "placed", row, to=unheard(PLACED_KEY.format(row.pk), managers))


def unheard(key: str, to: list[Addressee]) -> list[Addressee]:
    """Those to whom no letter with this key was posted yet."""
    wanted = {f"{key}{each.email}"[:200]: each for each in to}
    known = set(Letter.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
    return [each for name, each in wanted.items() if name not in known]
