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
suspended an assignment resumes it. The schedule is `review_assignments`. For the programme it also suspends what a firm
holds whose agreement ends, and resumes it when the agreement is back.

People read *suspended* as “Paused”. A paused access shows its firm nothing but whose it is, at which level and until
when, so that its owner can give it up, on the list of customers. The firm sees nobody there to write to; the schedule
tells the customer (`tell_of_resignations`).

*Requested* begins with a firm that asks a company for access, by the domain of its owners’ addresses or by a code that
the customer hands out. The firm writes down what it typed (`Approach`), five times a day at most, and is told the same
whoever was meant; the worker (`introduce_firms`) compares it with the customers, and a customer that was meant gets the
assignment. *Withdraw* is the firm’s verb on what it typed: the customer no longer sees the request at once, and the
worker writes the state. The customer may give less than was asked for, or something else. A request that is declined,
withdrawn or lapsed tells the firm nothing; only words that the customer adds to *decline* reach it
(`decisions/0013-a-blind-request.md`).
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
