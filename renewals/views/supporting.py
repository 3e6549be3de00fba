"""What the programme's managers see where a customer gives support access: licences and assignments, to read."""

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rules import Power
from accounts.views.gate import KnownRequest, needs
from interface.dates import today
from interface.paging import page
from interface.searches import typed
from licences.models import Assignment, CustomerVisibility, SupportAccess, Visibility
from licences.rules import Status
from licences.services.support import write_down_look
from renewals.querysets.portfolio import licence_found
from renewals.views import dossier, rows

MOST_GRANTS = 200


@require_safe
@needs(Power.SEE_SUPPORTED)
def supported(request: KnownRequest) -> HttpResponse:
    """The customers that let the programme look now, and those that did."""
    given = SupportAccess.objects.visible_to(request.actor).select_related("customer")
    still = given.open().order_by("ends_on", "id")
    past = page(given.exclude(pk__in=still.values("pk")), request.GET, keys=("-id",))
    return render(request, "renewals/supported.html", {"open": still, "page": past})


@require_safe
@needs(Power.SEE_SUPPORTED)
def customer(request: KnownRequest, slug: str) -> HttpResponse:
    """One customer's licences; the customer reads that they were looked at."""
    actor, now = request.actor, today()
    open_now = SupportAccess.objects.visible_to(actor).open().select_related("customer")
    row = get_object_or_404(open_now, customer__slug=slug)
    shared = get_object_or_404(CustomerVisibility.objects.visible_to(actor), customer=row.customer_id)
    write_down_look(actor, customer_id=row.customer_id)
    everything = Visibility.objects.visible_to(actor).filter(customer=row.customer_id)
    text = typed(request.GET)
    found = everything.filter(licence_found(text)) if text else everything
    shown = page(found.values(*rows.COLUMNS), request.GET, keys=("expires_on", "coverage_id"))
    context = {
        "row": row,
        "text": text,
        "page": shown,
        "rows": rows.rows(shown.rows, today=now),
        "tally": dossier.tally(everything, today=now),
        "grants": grants(request, row),
        "people": dossier.people(actor, shared),
    }
    return render(request, "renewals/supported_customer.html", context)


def grants(request: KnownRequest, row: SupportAccess) -> QuerySet[Assignment]:
    """Who helps the customer: what stands first, then what has ended."""
    standing = Case(
        When(status=Status.ACTIVE, then=Value(0)),
        When(status=Status.SUSPENDED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    given = Assignment.objects.visible_to(request.actor).filter(customer=row.customer_id)
    return given.select_related("advisor", "contact").order_by(standing, "-ends_on", "id")[:MOST_GRANTS]
