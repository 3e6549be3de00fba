"""The table of addresses: whose row each one names, and who may ask what of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import CountryContact, Letter, Suppression
from licences.models import AccessPolicy, AccessRequest, Approach, Assignment, ImportBatch, Transfer
from renewals.models import (
    Certificate,
    CustomerNote,
    Decision,
    Order,
    Price,
    PriceSchedule,
    Quote,
    RenewalPolicy,
    SavedView,
    Silence,
    TierDiscount,
)
from tests.cast import today
from tests.hats import database_role
from tests.tenancy.probes import PEOPLE
from tests.tenancy.world import RAW_TOKEN

ALBA, ELENA, ADVISORS, TEAMS = {"alba"}, {"elena"}, {"bruno", "diego"}, {"alba", "bruno", "carmen", "diego"}
CUSTOMERS, EVERYBODY, NOBODY = {"alba", "carmen"}, set(PEOPLE), set[str]()
LOGIN = "/accounts/login/"


def snooze(world: Any) -> Silence:
    """Of Meridian's people."""
    with database_role("coterm_owner"):
        return Silence.objects.get(organisation=world.meridian, why="snoozed")


def proposal(world: Any) -> dict[str, Any]:
    """What Meridian proposes to Larkfield."""
    with database_role("coterm_owner"):
        row = Decision.objects.get(organisation=world.meridian, customer=world.larkfield)
    return {"pk": row.coverage_id, "decision": row.pk}


def nothing(world: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Address:
    """Who gets the page (`get`) and who may send a form (`post`), which is empty here; None: no such method.

    `own` names a row of Larkfield, or of Meridian where only firms have such rows; then everybody who is named in
    neither set is a stranger, and must get what an absent row gets. `open` pages need no sign-in; those with a token
    (`bearer`) tell its holder why it does not serve.
    """

    get: set[str] | None = None
    post: set[str] | None = None
    own: Callable[[Any], dict[str, Any]] = nothing
    open: bool = False
    bearer: bool = False

    @property
    def methods(self) -> list[str]:
        return [method for method in ("get", "post") if getattr(self, method) is not None]

    @property
    def names_a_row(self) -> bool:
        return self.own is not nothing and not self.bearer

    @property
    def strangers(self) -> list[str]:
        return [person for person in PEOPLE if person not in (self.get or set()) | (self.post or set())]

    def fits(self, person: str, method: str, answer: Any) -> bool:
        """Whether this person may get such an answer: a page, a redirect, a form with errors; else a refusal."""
        if person == "anonymous" and not self.open:
            return answer.status_code == 302 and answer["Location"].startswith(LOGIN)
        if person in getattr(self, method):
            return answer.status_code < 400 or (method == "post" and answer.status_code in (400, 409, 422))
        return answer.status_code in (403, 404)


def found(model: Any, **fields: Any) -> Any:
    """The one row, whoever asks."""
    with database_role("coterm_owner"):
        return model.objects.get(**fields)


def letter(world: Any) -> dict[str, Any]:
    return {"pk": found(Letter, organisation=world.larkfield, kind="test").pk}


def suppression(world: Any) -> dict[str, Any]:
    """Alba's own, planted first: her address is another one where words are planted."""
    with database_role("coterm_owner"):
        return {"pk": Suppression.objects.order_by("pk")[0].pk}


def reminder_letter(world: Any) -> dict[str, Any]:
    return {"pk": found(Letter, organisation=world.larkfield, kind="reminders").pk}


def at(**paths: str) -> Callable[[Any], dict[str, Any]]:
    """Arguments read from the world, each by its dotted path."""

    def own(world: Any) -> dict[str, Any]:
        return {name: reached(world, path) for name, path in paths.items()}

    return own


def reached(world: Any, path: str) -> Any:
    for name in path.split("."):
        world = world[int(name)] if name.isdigit() else world[name] if isinstance(world, dict) else getattr(world, name)
    return world


def coming_policy(world: Any) -> dict[str, Any]:
    """A version that has not begun, which a manager may take back."""
    return {"pk": found(AccessPolicy, valid_from__gt=today()).pk}


def assignment(status: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"pk": found(Assignment, customer=world.larkfield, status=status).pk}


def request(world: Any) -> dict[str, Any]:
    return {"pk": found(AccessRequest, customer=world.larkfield).pk}


def approach(world: Any) -> dict[str, Any]:
    return {"pk": found(Approach, advisor=world.meridian, looked_at__isnull=False).pk}


def note(world: Any) -> dict[str, Any]:
    return {"slug": "larkfield", "pk": found(CustomerNote, organisation=world.meridian).pk}


def saved_view(world: Any) -> dict[str, Any]:
    return {"pk": found(SavedView, organisation=world.meridian).pk}


def invited(world: Any) -> dict[str, Any]:
    return {"token": RAW_TOKEN}


def batch(world: Any) -> dict[str, Any]:
    return {"pk": found(ImportBatch, customer=world.larkfield).pk}


def licence(world: Any) -> dict[str, Any]:
    return {"pk": world.coverages["larkfield"][0].licence_id}


def submitted_quote(world: Any) -> dict[str, Any]:
    return {"pk": found(Quote, customer=world.larkfield, organisation=world.meridian, state="submitted").pk}


def certificate(world: Any) -> dict[str, Any]:
    return {"pk": found(Certificate, customer=world.larkfield, coverage__isnull=False).pk}


def country_contact(world: Any) -> dict[str, Any]:
    return {"pk": found(CountryContact).pk}


def schedule(state: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"pk": found(PriceSchedule, state=state).pk}


def price(world: Any) -> dict[str, Any]:
    row = found(Price, schedule__state="draft")
    return {"pk": row.schedule_id, "price": row.pk}


def transfer(state: str, **fields: Any) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"pk": found(Transfer, customer=world.larkfield, state=state, **fields).pk}


def offer(world: Any) -> dict[str, Any]:
    return {"pk": found(Quote, customer=world.larkfield, state="submitted").pk}


def order(world: Any) -> dict[str, Any]:
    return {"pk": found(Order, customer=world.larkfield, organisation=world.meridian).pk}


OWEN = at(pk="owen.pk")
OFFER, ORDER = offer, order
PROPOSAL = transfer("requested", advisor__isnull=False)
INVITATION = at(pk="invitation.pk")
DRAFT = assignment("draft")
GRANT = assignment("active")

# Addresses of libraries, whose rows are one's own addresses, factors and sessions: tests/accounts asks them.
LIBRARY = ("account_", "mfa_", "usersessions_")

ADDRESSES = {
    "set_language": Address(post=EVERYBODY | {"anonymous"}, open=True),
    "accounts:switch": Address(post=NOBODY),
    "accounts:settings": Address(get=EVERYBODY, post=EVERYBODY),
    "accounts:invitation": Address(get={"anonymous"}, post={"anonymous"}, own=invited, open=True, bearer=True),
    "accounts:activity": Address(get=EVERYBODY),
    "accounts:activity-export": Address(get=EVERYBODY),
    "accounts:team": Address(get=EVERYBODY - {"farid"}),
    "accounts:invite": Address(post=EVERYBODY - {"farid"}),
    "accounts:invite-again": Address(post=ALBA | ELENA, own=INVITATION),
    "accounts:uninvite": Address(post=ALBA | ELENA, own=INVITATION),
    "accounts:member-role": Address(post=ALBA, own=OWEN),
    "accounts:member-limits": Address(get=ALBA, post=ALBA, own=at(pk="ana.pk")),
    "accounts:member-remove": Address(get=ALBA, post=ALBA, own=OWEN),
    "accounts:mailbox": Address(get=NOBODY, open=True),
    "accounts:mail": Address(get=NOBODY, own=at(name="larkfield.slug"), open=True),
    "accounts:mail-html": Address(get=NOBODY, own=at(name="larkfield.slug"), open=True),
    "accounts:programme": Address(get=ELENA),
    "accounts:programme-customers": Address(get=ELENA),
    "accounts:programme-customers-new": Address(get=ELENA, post=ELENA),
    "accounts:programme-customers-edit": Address(get=ELENA, post=ELENA, own=at(slug="larkfield.slug")),
    "accounts:programme-distributors": Address(get=ELENA),
    "accounts:programme-distributors-new": Address(get=ELENA, post=ELENA),
    "accounts:programme-distributors-edit": Address(get=ELENA, post=ELENA, own=at(slug="nortegate.slug")),
    "accounts:programme-certification": Address(post=ELENA, own=at(slug="nortegate.slug")),
    "accounts:programme-invite": Address(post=ELENA, own=at(slug="larkfield.slug")),
    "accounts:programme-contacts": Address(get=ELENA),
    "accounts:programme-contact-new": Address(get=ELENA, post=ELENA),
    "accounts:programme-contact": Address(get=ELENA, post=ELENA, own=country_contact),
    "accounts:programme-contact-remove": Address(post=ELENA, own=country_contact),
    "accounts:mail-events": Address(post=NOBODY, own=lambda world: {"provider": "postmark"}, open=True, bearer=True),
    "accounts:address-release": Address(post={"alba"}, own=suppression),
    "accounts:queue": Address(get=ELENA),
    "accounts:queue-pause": Address(post=ELENA),
    "accounts:queue-resume": Address(post=ELENA),
    "accounts:queue-retry": Address(post=ELENA, own=letter),
    "accounts:queue-withdraw": Address(post=ELENA, own=letter),
    "firms:list": Address(get=ELENA),
    "firms:new": Address(get=ELENA, post=ELENA),
    "firms:edit": Address(get=ELENA, post=ELENA, own=at(slug="meridian.slug")),
    "firm-contacts:list": Address(get=ADVISORS),
    "firm-contacts:new": Address(get=ADVISORS, post=ADVISORS),
    "firm-contacts:edit": Address(get={"bruno"}, post={"bruno"}, own=at(pk="meridian_contact.pk")),
    "firm-contacts:leave": Address(get={"bruno"}, post={"bruno"}, own=at(pk="meridian_contact.pk")),
    "advisors:directory": Address(get=EVERYBODY),
    "advisors:search": Address(get=EVERYBODY),
    "advisors:firm": Address(get=EVERYBODY, own=at(pk="meridian.pk")),
    "licences:list": Address(get=CUSTOMERS),
    "licences:new": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:licence": Address(get={"alba", "bruno", "elena"}, own=licence),
    "licences:edit": Address(get=ALBA, post=ALBA, own=licence),
    "licences:cover": Address(get=ALBA, post=ALBA, own=licence),
    "licences:coverage": Address(get=ALBA, post=ALBA, own=at(pk="coverages.larkfield.0.pk")),
    "licences:import": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:import-template": Address(get=CUSTOMERS),
    "licences:import-batch": Address(get=ALBA, own=batch),
    "licences:import-apply": Address(post=ALBA, own=batch),
    "licences:import-discard": Address(post=ALBA, own=batch),
    "licences:assignments": Address(get=CUSTOMERS),
    "licences:bulk": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:cell": Address(get=ALBA, post=ALBA, own=at(coverage="coverages.larkfield.0.pk", advisor="meridian.pk")),
    "licences:assignment": Address(get=ALBA, post=ALBA, own=GRANT),
    "licences:remove": Address(get=ALBA, post=ALBA, own=GRANT),
    "licences:suspend": Address(post=ALBA, own=GRANT),
    "licences:resume": Address(post=ALBA, own=GRANT),
    "licences:support": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:support-end": Address(post=ALBA),
    "licences:request": Address(get=ALBA, post=ALBA, own=request),
    "licences:asked": Address(get=ALBA, post=ALBA, own=assignment("requested")),
    "licences:code": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:approach": Address(get=ADVISORS, post=ADVISORS),
    "licences:approach-withdraw": Address(post={"bruno"}, own=approach),
    "licences:ask-withdraw": Address(post={"bruno"}, own=GRANT),
    "licences:ask": Address(get={"bruno"}, post={"bruno"}, own=GRANT),
    "licences:resign": Address(get={"bruno"}, post={"bruno"}, own=GRANT),
    "licences:add": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:add-find": Address(get=ALBA, post=ALBA, own=DRAFT),
    "licences:add-contact": Address(get=ALBA, post=ALBA, own=DRAFT),
    "licences:add-access": Address(get=ALBA, post=ALBA, own=DRAFT),
    "licences:add-review": Address(get=ALBA, post=ALBA, own=DRAFT),
    "licences:add-discard": Address(post=ALBA, own=DRAFT),
    "licences:contact": Address(post=ALBA, own=GRANT),
    "licences:own-contact": Address(get={"bruno"}, post={"bruno"}, own=GRANT),
    "licences:lead": Address(post=ALBA, own=at(pk="coverages.larkfield.0.pk")),
    "licences:lead-all": Address(post=ALBA, own=GRANT),
    "licences:access-policy": Address(get=ELENA, post=ELENA),
    "licences:access-policy-withdraw": Address(post=ELENA, own=coming_policy),
    "licences:transfers": Address(get=TEAMS | {"farid"}),
    "licences:transfer-new": Address(get=CUSTOMERS, post=CUSTOMERS),
    "licences:transfer-propose": Address(get={"bruno"}, post={"bruno"}, own=at(slug="larkfield.slug")),
    "licences:transfer-receive": Address(get=NOBODY, post=NOBODY, own=at(token="larkfield.slug"), bearer=True),
    "licences:transfer": Address(get={"alba", "bruno"}, own=PROPOSAL),
    "licences:transfer-change": Address(get=ALBA, post=ALBA, own=PROPOSAL),
    "licences:transfer-consent": Address(get=ALBA, post=ALBA, own=PROPOSAL),
    "licences:transfer-decline": Address(get=ALBA, post=ALBA, own=PROPOSAL),
    "licences:transfer-withdraw": Address(get={"alba", "bruno"}, post={"alba", "bruno"}, own=PROPOSAL),
    "licences:transfer-again": Address(post=ALBA, own=PROPOSAL),
    "licences:transfer-copy": Address(post={"farid"}, own=transfer("receipted")),
    "renewals:home": Address(get=EVERYBODY),
    "renewals:go": Address(get=EVERYBODY),
    "renewals:portfolio": Address(get=ADVISORS),
    "renewals:export": Address(post=ADVISORS),
    "renewals:save-view": Address(post=ADVISORS),
    "renewals:delete-view": Address(post={"bruno"}, own=saved_view),
    "renewals:customers": Address(get=ADVISORS),
    "renewals:customer": Address(get={"bruno"}, own=at(slug="larkfield.slug")),
    "renewals:add-note": Address(post={"bruno"}, own=at(slug="larkfield.slug")),
    "renewals:finish-note": Address(post={"bruno"}, own=note),
    "renewals:delete-note": Address(post={"bruno"}, own=note),
    "renewals:view-as": Address(get=ALBA, own=at(pk="meridian.pk")),
    "renewals:view-as-shared": Address(get=CUSTOMERS),
    "renewals:view-as-changed": Address(post=ALBA, own=GRANT),
    "renewals:view-as-draft": Address(get=ALBA, own=DRAFT),
    "renewals:supported": Address(get=ELENA),
    "renewals:supported-customer": Address(get=ELENA, own=at(slug="larkfield.slug")),
    "renewals:quote-pdf": Address(get={"alba", "bruno"}, own=submitted_quote),
    "renewals:pipeline": Address(get=TEAMS),
    "renewals:certificates": Address(get=CUSTOMERS | ADVISORS),
    "renewals:certificate": Address(get={"alba", "bruno"}, own=certificate),
    "renewals:certificate-pdf": Address(get={"alba", "bruno"}, own=certificate),
    "renewals:certificate-issue": Address(post={"alba", "bruno"}, own=at(coverage="coverages.larkfield.0.pk")),
    "renewals:certificate-of": Address(get={"alba", "bruno"}, own=at(coverage="coverages.larkfield.0.pk")),
    "renewals:certificate-issue-all": Address(post=CUSTOMERS),
    "renewals:check": Address(get=EVERYBODY | {"anonymous"}, open=True),
    "renewals:verify": Address(get=NOBODY, own=at(number="larkfield.slug"), open=True, bearer=True),
    "renewals:supplier-pdf": Address(get=EVERYBODY),
    "renewals:supplier": Address(get=ELENA, post=ELENA),
    "renewals:reminder-retry": Address(post={"alba"}, own=reminder_letter),
    "renewals:reminder-withdraw": Address(post={"alba"}, own=reminder_letter),
    "renewals:reminder-calendar": Address(get=TEAMS),
    "renewals:rules": Address(get=CUSTOMERS | ELENA),
    "renewals:rule": Address(
        get=CUSTOMERS | ELENA, post=CUSTOMERS | ELENA, own=lambda world: {"code": "sa"}, bearer=True
    ),
    "renewals:coverage-rule": Address(get=ALBA, post=ALBA, own=at(pk="coverages.larkfield.0.pk")),
    "renewals:know": Address(get=NOBODY, own=at(token="larkfield.slug"), open=True, bearer=True),
    "renewals:silence": Address(get={"alba", "bruno"}, own=at(pk="coverages.larkfield.0.pk")),
    "renewals:acknowledge": Address(post={"alba", "bruno"}, own=at(pk="coverages.larkfield.0.pk")),
    "renewals:snooze": Address(post={"alba", "bruno"}, own=at(pk="coverages.larkfield.0.pk")),
    "renewals:silence-end": Address(post={"alba", "bruno"}, own=lambda world: {"pk": snooze(world).pk}),
    "renewals:mute": Address(get=NOBODY, own=at(token="larkfield.slug"), open=True, bearer=True),
    "renewals:reminders": Address(get=TEAMS),
    "renewals:pricing": Address(get=TEAMS | ELENA),
    "renewals:pricing-pdf": Address(get=TEAMS | ELENA),
    "renewals:pricing-csv": Address(get=TEAMS | ELENA),
    "renewals:schedules": Address(get=ELENA),
    "renewals:schedule-new": Address(post=ELENA),
    "renewals:schedule-import": Address(get=ELENA, post=ELENA),
    "renewals:schedule": Address(get=ELENA, own=schedule("draft")),
    "renewals:schedule-publish": Address(post=ELENA, own=schedule("draft")),
    "renewals:schedule-withdraw": Address(post=ELENA, own=schedule("published")),
    "renewals:schedule-discard": Address(post=ELENA, own=schedule("draft")),
    "renewals:schedule-move": Address(post=ELENA, own=schedule("draft")),
    "renewals:schedule-export": Address(get=ELENA, own=schedule("published")),
    "renewals:price-new": Address(get=ELENA, post=ELENA, own=schedule("draft")),
    "renewals:price": Address(get=ELENA, post=ELENA, own=price),
    "renewals:price-remove": Address(post=ELENA, own=price),
    "renewals:policies": Address(get=ELENA),
    "renewals:policy-new": Address(get=ELENA, post=ELENA),
    "renewals:policy-withdraw": Address(post=ELENA, own=lambda world: {"pk": found(RenewalPolicy).pk}),
    "renewals:discount": Address(post=ELENA),
    "renewals:discount-withdraw": Address(post=ELENA, own=lambda world: {"pk": found(TierDiscount).pk}),
    "renewals:quote-new": Address(get=TEAMS),
    "renewals:quote-change": Address(post=TEAMS),
    "renewals:quote-save": Address(post=TEAMS),
    "renewals:quote-choose": Address(post=TEAMS),
    "renewals:quotes": Address(get=TEAMS),
    "renewals:quote": Address(get={"alba", "bruno"}, own=OFFER),
    "renewals:quote-recalculate": Address(post={"alba", "bruno"}, own=OFFER),
    "renewals:quote-discard": Address(post={"bruno"}, own=OFFER),
    "renewals:quote-send": Address(get={"bruno"}, post={"bruno"}, own=OFFER),
    "renewals:quote-accept": Address(get=ALBA, post=ALBA, own=OFFER),
    "renewals:quote-decline": Address(get=ALBA, post=ALBA, own=OFFER),
    "renewals:quote-withdraw": Address(get={"bruno"}, post={"bruno"}, own=OFFER),
    "renewals:licence-remove": Address(get=ALBA, post=ALBA, own=licence),
    "renewals:not-renewing": Address(
        get={"alba", "bruno"}, post={"alba", "bruno"}, own=at(pk="coverages.larkfield.0.pk")
    ),
    "renewals:not-renewing-answer": Address(post={"alba", "bruno"}, own=proposal),
    "renewals:orders": Address(get=TEAMS | ELENA),
    "renewals:order": Address(get={"alba", "bruno", "elena"}, own=ORDER),
    "renewals:order-place": Address(get={"alba", "bruno"}, post={"alba", "bruno"}, own=ORDER),
    "renewals:order-paper": Address(get={"alba", "bruno"}, post={"alba", "bruno"}, own=ORDER),
    "renewals:order-paper-file": Address(get={"alba", "bruno", "elena"}, own=ORDER),
    "renewals:order-fulfil": Address(post=ELENA, own=ORDER),
    "renewals:order-cancel": Address(get={"alba", "elena"}, post={"alba", "elena"}, own=ORDER),
}
