"""The world that is measured."""

from django.db import connection

from tests.bench.figures import milliseconds
from tests.crowd import SIZES, plant_market
from tests.drills.stage import Stage


def planted(stage: Stage, size: str) -> str:
    """Plants it by COPY, triggers and visibility included; says how much that was."""
    stage.fresh()
    wanted = SIZES[size]
    took = milliseconds(lambda: plant_market(wanted, today=stage.now().date())) / 1000
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        cursor.execute("select count(*) from licences_visibility")
        rows = cursor.fetchone()[0]
    return f"{wanted.coverages:,} coverages with {rows:,} rows of visibility, planted in {took:.0f} s"
