"""What was ordered comes into force: terms with their cost, new expiry dates; visibility follows by its triggers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from licences.models import Coverage, CoverageTerm
from licences.services.rewriting import rewrite
from renewals.models import Order, QuoteLine
from renewals.services.quote_rows import COVER

DAY = timedelta(1)


def carry_out(order: Order, lines: Sequence[QuoteLine]) -> None:
    """Writes a term for each coverage that gets longer and moves its expiry; in a fixed number of statements.

    A coverage that gets shorter (a cost-free date) has its terms cut; one that keeps its date keeps everything.
    """
    cost: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in lines:
        cost[line.covered] += line.amount
    cover = [line for line in lines if line.kind in COVER]
    CoverageTerm.objects.bulk_create(
        [term(order, line, cost[line.covered]) for line in cover if line.ends_on > line.after_on]
    )
    shorten([line for line in cover if line.ends_on < line.expires_on])
    move([line for line in cover if line.ends_on != line.expires_on])


def term(order: Order, line: QuoteLine, amount: Decimal) -> CoverageTerm:
    """The stretch that was bought, with all that it cost: fee and reductions included."""
    return CoverageTerm(
        customer_id=line.customer_id,
        coverage_id=line.covered,
        starts_on=line.after_on + DAY,
        ends_on=line.ends_on,
        quantity=line.quantity,
        amount=amount,
        currency=line.currency,
        order_number=order.number,
    )


def move(lines: Sequence[QuoteLine]) -> None:
    """New expiry dates, and the quantity that was renewed."""
    wanted = {line.covered: line for line in lines}
    rows = list(Coverage.objects.filter(pk__in=wanted))
    for row in rows:
        row.expires_on, row.quantity = wanted[row.pk].ends_on, wanted[row.pk].quantity
        row.version += 1
    rewrite(rows, ["expires_on", "quantity", "version"])


def shorten(lines: Sequence[QuoteLine]) -> None:
    """Terms end no later than the new date; those that had not begun by then are gone."""
    ends = {line.covered: line.ends_on for line in lines}
    terms = list(CoverageTerm.objects.filter(coverage__in=ends))
    gone = [row.pk for row in terms if row.starts_on > ends[row.coverage_id]]
    CoverageTerm.objects.filter(pk__in=gone).delete()
    cut = [row for row in terms if row.starts_on <= ends[row.coverage_id] < row.ends_on]
    for row in cut:
        row.ends_on = ends[row.coverage_id]
    rewrite(cut, ["ends_on"])
