"""The life of an assignment as a table to read: state, verb, who may do it, and what it becomes."""

from collections.abc import Iterator

from accounts.permissions import POWERS
from accounts.rules import Power, Role
from licences.rules import Status
from licences.rules.life import LIFE

HEAD = """# The life of an assignment

Printed from `licences/rules/life.py` and `accounts/permissions.py` by `manage.py print_assignment_life`; a test
compares the two. What is not in the table is refused. *Expiring* is no state: it is said of an active assignment
that ends within the days that the programme sets (30 at first). *Extend* moves an end on, once, where the customer
has set that; the programme sets how far, and the other lengths of access, on its desk (`/programme/access/`).

| state | verb | who | becomes |
|---|---|---|---|
"""
FOOT = """
Beside the power in the table, level Renew and access to all licences need the customer's owner. Only the side that
suspended an assignment resumes it. *Requested* is kept for firms that ask to be assigned: no page asks for that yet.
The schedule is `review_assignments`. For the programme it also suspends what a firm holds whose agreement ends, and
resumes it when the agreement is back.
"""
ENDED = "*(ended)*"


def life_table() -> str:
    """The page `docs/assignments.md`."""
    lines = [f"| {' | '.join(cells)} |" for cells in rows()]
    return HEAD + "\n".join(lines) + "\n" + FOOT


def rows() -> Iterator[tuple[str, str, str, str]]:
    for status in Status:
        moves = [(move, move.ends[status]) for move in LIFE if status in move.ends]
        for move, end in moves:
            yield status.value, move.verb.value, who(move.power), end.value
        if not moves:
            yield status.value, ENDED, "nobody", "–"


def who(power: Power | None) -> str:
    """Those whose role gives the power."""
    if power is None:
        return "the schedule"
    return ", ".join(f"{kind.value} {words(role)}" for (kind, role), powers in POWERS.items() if power in powers)


def words(role: Role) -> str:
    return role.value.replace("_", " ")
