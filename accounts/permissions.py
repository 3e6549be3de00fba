"""What one may do: one table, printable, asked by services through `require`."""

from accounts.rules import AccessLevel, Actor, Kind, Power, Role


class Forbidden(Exception):
    """The actor lacks the power. Django's own class would pull Django into the rules."""


READ = {
    Power.SEE_LICENCES,
    Power.SEE_TRANSFERS,
    Power.SEE_QUOTES,
    Power.SEE_ORDERS,
    Power.SNOOZE_REMINDERS,
}
MANAGE = READ | {
    Power.GRANT_SELECTED,
    Power.NARROW_ACCESS,
    Power.EDIT_LICENCES,
    Power.PREPARE_TRANSFERS,
    Power.BUILD_QUOTES,
    Power.ACCEPT_QUOTES,
    Power.PLACE_ORDERS,
    Power.SET_REMINDERS,
    Power.SEE_PRICES,
    Power.SEE_DATES,
    Power.TEND_REMINDERS,
}
ADVISE = {
    Power.SEE_PORTFOLIO,
    Power.NOTE_CUSTOMERS,
    Power.ASK_ACCESS,
    Power.SNOOZE_REMINDERS,
    Power.SEE_TRANSFERS,
    Power.SEE_QUOTES,
    Power.SEE_ORDERS,
    Power.TEND_REMINDERS,
}

POWERS: dict[tuple[Kind, Role], frozenset[Power]] = {
    (Kind.CUSTOMER, Role.OWNER): frozenset(
        MANAGE | {Power.GRANT_ANY, Power.GRANT_SUPPORT, Power.MANAGE_MEMBERS, Power.CONSENT_TRANSFER}
    ),
    (Kind.CUSTOMER, Role.RENEWALS_MANAGER): frozenset(MANAGE),
    (Kind.CUSTOMER, Role.APPROVER): frozenset(READ | {Power.SEE_PRICES, Power.SEE_DATES, Power.ACCEPT_QUOTES}),
    (Kind.CUSTOMER, Role.VIEWER): frozenset(READ | {Power.SEE_PRICES, Power.SEE_DATES}),
    (Kind.ADVISOR, Role.OWNER): frozenset(ADVISE | {Power.MANAGE_FIRM, Power.MANAGE_MEMBERS, Power.RESIGN_ACCESS}),
    (Kind.ADVISOR, Role.MEMBER): frozenset(ADVISE),
    (Kind.DISTRIBUTOR, Role.MEMBER): frozenset({Power.SEE_TRANSFERS, Power.RECEIVE_TRANSFERS}),
    (Kind.PROGRAMME, Role.MANAGER): frozenset(
        {
            Power.MANAGE_PROGRAMME,
            Power.KEEP_PRICES,
            Power.TEND_MAIL,
            Power.SET_REMINDERS,
            Power.MANAGE_MEMBERS,
            Power.SEE_SUPPORTED,
            Power.SEE_ORDERS,
            Power.CONFIRM_ORDERS,
        }
    ),
}

LEVEL_POWERS: dict[AccessLevel, frozenset[Power]] = {
    AccessLevel.NONE: frozenset(),
    AccessLevel.VIEW: frozenset({Power.SEE_DATES}),
    AccessLevel.QUOTE: frozenset({Power.SEE_DATES, Power.SEE_PRICES, Power.BUILD_QUOTES}),
    AccessLevel.RENEW: frozenset(
        {Power.SEE_DATES, Power.SEE_PRICES, Power.BUILD_QUOTES, Power.PLACE_ORDERS, Power.PROPOSE_TRANSFERS}
    ),
}


def allows(actor: Actor | None, power: Power, *, level: AccessLevel = AccessLevel.NONE) -> bool:
    """Whether the actor's role, or the access `level` it was granted on a coverage, gives `power`."""
    if actor is None:
        return False
    return power in POWERS.get((actor.kind, actor.role), frozenset()) or power in LEVEL_POWERS[level]


def require(actor: Actor | None, power: Power, *, level: AccessLevel = AccessLevel.NONE) -> None:
    """Raise `Forbidden` unless `allows` says yes."""
    if not allows(actor, power, level=level):
        raise Forbidden(f"needs the power to {power.value}")


def as_table() -> str:
    """The whole table in Markdown, one power a line, as docs/permissions.md shows it."""
    columns = {f"{kind.value}: {role.value.replace('_', ' ')}": powers for (kind, role), powers in POWERS.items()}
    columns |= {f"level {level.name.title()}": LEVEL_POWERS[level] for level in AccessLevel if level}
    lines = ["| may | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for power in Power:
        marks = ("✓" if power in powers else "" for powers in columns.values())
        lines.append(f"| {power.value} | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n"
