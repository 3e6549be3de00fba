"""What the assignments page shows: licences down, firms across, and in each cell what that firm may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Organisation
from accounts.rules import Actor
from interface.paging import Page, page
from interface.searches import typed
from licences.models import Assignment, Exclusion, Selection, Visibility
from licences.rules import NO_DATE, Programme, Scope
from licences.rules.access import Grant, effective
from licences.services.grants import named_by, terms_of
from licences.services.leads import leads_of

COLUMNS = 4
EXPIRES = {"lapsed": (None, -1), "30": (0, 30), "90": (31, 90), "later": (91, None)}


@dataclass(frozen=True, slots=True)
class Column:
    """A firm with its assignments in force."""

    firm: Organisation
    rows: list[Assignment]
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What a firm may do with a licence; `grant` is None for nothing."""

    column: Column
    grant: Grant | None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """A licence with its cells, one for each firm shown."""

    row: Visibility
    cells: list[Cell]

    @property
    def has_date(self) -> bool:
        return self.row.expires_on != NO_DATE


def columns(actor: Actor) -> list[Column]:
    """Every firm with access now, the one that sees most first."""
    ticks = Selection.objects.filter(assignment=OuterRef("pk")).order_by().values("assignment")
    count = Coalesce(Subquery(ticks.annotate(n=Count("*")).values("n"), output_field=IntegerField()), 0)
    held: dict[UUID, list[Assignment]] = {}
    grants = Assignment.objects.visible_to(actor).in_force().annotate(ticks=count)
    for row in grants.select_related("advisor__firm", "contact").order_by("id"):
        held.setdefault(row.advisor_id, []).append(row)
    found = [Column(rows[0].advisor, rows, reached(rows)) for rows in held.values()]
    return sorted(found, key=lambda column: (-column.count, column.firm.name, column.firm.pk))


def reached(rows: list[Any]) -> int:
    """A firm's place among the columns: how many licences it sees; all of them counts most."""
    return 10**9 if any(row.scope == Scope.ALL for row in rows) else sum(row.ticks for row in rows)


def licences(actor: Actor, params: Mapping[str, Any], *, today: date) -> QuerySet[Visibility]:
    """The customer's coverages that the filters leave."""
    rows = Visibility.objects.visible_to(actor).select_related("coverage__licence__product")
    if text := typed(params):
        product = Q(coverage__licence__product__name__icontains=text)
        rows = rows.filter(product | Q(coverage__licence__serial__icontains=text))
    if params.get("programme") in list(Programme):
        rows = rows.filter(programme=params["programme"])
    if params.get("expires") in EXPIRES:
        rows = rows.filter(window(*EXPIRES[params["expires"]], today=today))
    if params.get("expires") == "none":
        rows = rows.filter(expires_on=NO_DATE)
    return unassigned(actor, rows) if params.get("without") else rows


def window(first: int | None, last: int | None, *, today: date) -> Q:
    """Expiry dates from so many days from today to so many, both inclusive; None is open."""
    found = Q(expires_on__lt=NO_DATE)
    if first is not None:
        found &= Q(expires_on__gte=today + timedelta(first))
    return found & Q(expires_on__lte=today + timedelta(last)) if last is not None else found


def unassigned(actor: Actor, rows: QuerySet[Visibility]) -> QuerySet[Visibility]:
    """Those of the rows that no firm sees: nobody but the customer is reminded of them."""
    in_force = Assignment.objects.visible_to(actor).in_force()
    ticked = Selection.objects.filter(assignment__in=in_force.filter(scope=Scope.SELECTED.value))
    rows = rows.exclude(coverage__in=ticked.values("coverage"))
    for everything in in_force.filter(scope=Scope.ALL.value).values_list("pk", flat=True):
        rows = rows.filter(coverage__in=Exclusion.objects.filter(assignment=everything).values("coverage"))
    return rows


def filled(actor: Actor, found: Page[Visibility], shown: list[Column]) -> list[GridRow]:
    """The page's rows with their cells; three queries, however many."""
    ids = [row.coverage_id for row in found]
    named = named_by([grant for column in shown for grant in column.rows], ids)
    held = {
        column.firm.pk: [Grant(row.pk, terms_of(row), frozenset(named.get(row.pk, ()))) for row in column.rows]
        for column in shown
    }
    leads = leads_of(actor, ids)

    def cell(column: Column, coverage: UUID) -> Cell:
        grant = effective(held[column.firm.pk], coverage)
        return Cell(column, grant, leads=bool(grant) and leads.get(coverage) == column.firm.pk)

    return [GridRow(row, [cell(column, row.coverage_id) for column in shown]) for row in found]


def grid_page(rows: QuerySet[Visibility], params: Mapping[str, Any]) -> Page[Visibility]:
    """Soonest expiry first."""
    return page(rows, params, keys=("expires_on", "coverage_id"))
