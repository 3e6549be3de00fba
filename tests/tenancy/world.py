"""A small world with a row of every tenant in every table."""

from datetime import date, timedelta
from hashlib import sha256
from types import SimpleNamespace

from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.utils import timezone

from accounts.keys import new_id
from accounts.models import (
    ApprovalLimit,
    AuditEntry,
    AuditSeal,
    CountryContact,
    Distributor,
    Invitation,
    Letter,
    MailEvent,
    Organisation,
    Suppression,
)
from accounts.rules import AccessLevel, Actor, Kind, Role
from advisors.models import FirmWord
from licences.models import (
    AccessCode,
    AccessPolicy,
    AccessRequest,
    Approach,
    Exclusion,
    Lead,
    Product,
    SupportAccess,
    Transfer,
    TransferItem,
    TransferSnapshot,
)
from licences.rules import Programme, Scope
from licences.rules.imports import ParsedLine
from licences.services.imports import preview_import
from renewals.models import (
    Certificate,
    CustomerNote,
    Decision,
    Mute,
    Order,
    OrderPaper,
    Price,
    PriceSchedule,
    Quote,
    QuoteLine,
    Reminder,
    ReminderRule,
    ReminderWindow,
    RenewalPolicy,
    SavedView,
    Silence,
    SupplierDetails,
    TierDiscount,
)
from renewals.rules.certificates import digest, new_number, token
from renewals.services.windows import general_rule, windows_of
from tests.cast import (
    AssignmentFactory,
    ContactFactory,
    CoverageFactory,
    FirmFactory,
    LicenceFactory,
    MembershipFactory,
    OrganisationFactory,
    ProductFactory,
    TermFactory,
    UserFactory,
    actor,
    today,
)
from tests.hats import database_role

RAW_TOKEN = "raw-token-of-an-invitation"
TOKEN = sha256(RAW_TOKEN.encode()).hexdigest()


def make_world():
    """Larkfield shares one of its two coverages with Meridian, has handed it over to Nortegate, and lets the programme
    look; Tidewater and Halyard are strangers to all of them, and so is the distributor Southgate. Quayside has paused
    both firms.
    """
    world = SimpleNamespace(product=ProductFactory(name="Catalogue Gateway"), coverages={})
    kinds = {"larkfield": "customer", "tidewater": "customer", "quayside": "customer", "programme": "programme"}
    for name, kind in kinds.items():
        setattr(world, name, OrganisationFactory(name=f"{name.title()} canary", slug=name, kind=kind))
    for name in ("meridian", "halyard"):
        firm = OrganisationFactory(name=f"{name.title()} canary", slug=name, kind="advisor")
        setattr(world, name, firm)
        setattr(world, f"{name}_contact", ContactFactory(firm=FirmFactory(organisation=firm)))
    for name in ("nortegate", "southgate"):
        setattr(world, name, OrganisationFactory(name=f"{name.title()} canary", slug=name, kind="distributor"))
    plant_people(world)
    for customer in (world.larkfield, world.tidewater):
        plant_customer(world, customer)
    plant_grants(world)
    with database_role("coterm_owner"):
        plant_support(world)
        plant_suppressions(world)
        plant_rows_of_firms(world)
        plant_prices(world)
        for customer in (world.larkfield, world.tidewater):
            plant_certificates(world, customer)
        for membership in (world.owen, world.memberships["carmen"]):
            own = {"organisation": membership.organisation, "membership": membership}
            ApprovalLimit.objects.create(**own, currency="EUR", amount=100)
        supplier = {"organisation": world.programme, "version": 1, "created_at": timezone.now()}
        SupplierDetails.objects.create(**supplier, legal_name="Programme Ltd", address="Road 1", country="ES")
        world.invitation = Invitation.objects.get(token_hash=TOKEN)
        plant_transfers(world, world.larkfield, advisor=world.meridian, distributor=world.nortegate)
        plant_transfers(world, world.tidewater, advisor=world.halyard, distributor=world.southgate)
        plant_quotes(world, world.larkfield, advisor=world.meridian)
        plant_quotes(world, world.tidewater, advisor=world.halyard)
    connection.check_constraints()  # or the next ALTER TABLE finds checks that still wait
    return world


def plant_people(world):
    people = {"alba": "larkfield", "carmen": "tidewater", "bruno": "meridian", "diego": "halyard"}
    people |= {"elena": "programme", "farid": "nortegate"}
    world.memberships = {
        person: MembershipFactory(
            organisation=getattr(world, firm),
            role={"programme": "manager", "nortegate": "member"}.get(firm, "owner"),
            user__email=f"{person}@{firm}.example",
            user__name=f"{person.title()} of {firm}",
        )
        for person, firm in people.items()
    }
    world.owen = MembershipFactory(
        organisation=world.larkfield,
        role="renewals_manager",
        user__email="owen@larkfield.example",
        user__name="Owen",
    )
    world.ana = MembershipFactory(organisation=world.larkfield, role="approver")
    world.departed = UserFactory()
    world.actors = {person: actor(membership) for person, membership in world.memberships.items()}
    with database_role("coterm_owner"):
        for membership in world.memberships.values():
            Authenticator.objects.create(user=membership.user, type="totp", data={})
            EmailConfirmation.objects.create(email_address=membership.user.emailaddress_set.get(), key=str(new_id()))
            UserSession.objects.create(user=membership.user, ip="127.0.0.1", session_key=str(new_id()), user_agent="x")


def plant_customer(world, customer):
    licence = LicenceFactory(customer=customer, product=world.product, note=f"secret-{customer.slug}")
    world.coverages[customer.slug] = [
        CoverageFactory(licence=licence, programme=programme) for programme in ("sa", "am")
    ]
    for coverage in world.coverages[customer.slug]:
        TermFactory(coverage=coverage)
    with database_role("coterm_owner"):
        Product.objects.create(customer=customer, name=f"{customer.slug} product")
        line = ParsedLine(number=2, product=f"{customer.slug} product", programme=Programme.ACCESS_SUBSCRIPTION)
        operator = Actor(customer.pk, Kind.CUSTOMER, Role.OWNER)
        preview_import(operator, name=f"{customer.slug}.csv", layout="coterm", lines=[line])
        plant_records(customer, user_id=user_of(world, customer))


def user_of(world, organisation):
    return next(m.user_id for m in world.memberships.values() if m.organisation_id == organisation.pk)


def plant_records(organisation: Organisation, *, user_id, customer_id=None):
    """What every kind of organisation has: an entry, a seal, a letter, an invitation."""
    now, own = timezone.now(), {"organisation": organisation}
    signed = {"actor_organisation_id": organisation.pk, "actor_user_id": user_id}
    entry = AuditEntry.objects.create(**own, **signed, event_id=new_id(), at=now, verb="test.planted")
    AuditSeal.objects.create(**own, sequence=1, entry_id=entry.pk, hash=b"x" * 32, sealed_at=now)
    address = f"new@{organisation.slug}.example"
    posted = {"posted_by_id": organisation.pk, "customer_id": customer_id}
    Letter.objects.create(**own, **posted, kind="test", recipient=address, due_at=now, created_at=now)
    invited = {"email": address, "role": "owner", "token_hash": "0" * 64}
    if organisation.slug == "larkfield":
        invited = {"email": "owen@larkfield.example", "role": "renewals_manager", "token_hash": TOKEN}
    Invitation.objects.create(**own, **invited, expires_at=now + timedelta(hours=72))


def plant_grants(world):
    for firm, customer in ((world.meridian, world.larkfield), (world.halyard, world.tidewater)):
        first, second = world.coverages[customer.slug]
        common = {"customer": customer, "advisor": firm}
        contact = getattr(world, f"{firm.slug}_contact")
        terms = {"scope": Scope.SELECTED, "level": AccessLevel.RENEW, "contact": contact}
        grant = AssignmentFactory(**common, **terms, picked=[first])
        every = AssignmentFactory(**common, scope=Scope.ALL, status="draft")
        with database_role("coterm_owner"):
            later = {"level": 3, "ends_on": today() + timedelta(400), "created_at": timezone.now()}
            AccessRequest.objects.create(**common, assignment=grant, **later)
            Lead.objects.create(**common, coverage=first, named_at=timezone.now())
            plant_approach(firm, customer)
            Exclusion.objects.create(customer=customer, assignment=every, coverage=second)
            plant_reminder_letter(customer)
            Reminder.objects.create(
                customer=customer,
                coverage=first,
                expires_on=first.expires_on,
                window=-90,
                recipient_id=new_id(),
                organisation=firm,
                why="contact",
                created_at=timezone.now(),
            )
            plant_silences(customer, firm, first)
        AssignmentFactory(customer=world.quayside, advisor=firm, status="suspended", suspended_by="customer")


def plant_silences(customer, firm, coverage):
    own = {"customer": customer, "coverage": coverage, "expires_on": coverage.expires_on, "created_at": timezone.now()}
    Silence.objects.create(**own, why="snoozed", until_on=today(), reason=f"{customer.slug} canary")
    Silence.objects.create(**own, why="snoozed", organisation=firm, until_on=today(), reason=f"{firm.slug} canary")
    rule = ReminderRule.objects.create(customer=customer, programme="sa", days=[-30, 0], changed_at=timezone.now())
    ReminderWindow.objects.bulk_create(windows_of(rule, rule.schedule(boundary=365))[:1])


def plant_mutes(world):
    """Readers of whom their organisation, or their customer, knows that they hear of nothing."""
    desk = ContactFactory(firm=world.meridian_contact.firm, user=world.departed)
    for stopped in ({"recipient_id": desk.pk}, {"recipient_id": world.owen.user_id}):
        Mute.objects.create(**stopped, created_at=timezone.now())
    Mute.objects.create(recipient_id=world.owen.user_id, customer=world.larkfield, created_at=timezone.now())


def plant_suppressions(world):
    """Three people to whom mail came back, and what a provider told of one."""
    now = timezone.now()
    for person in ("alba", "carmen", "bruno"):
        Suppression.objects.create(address=world.memberships[person].user.email, why="bounced", created_at=now)
    MailEvent.objects.create(provider_id="1", state="delivered", created_at=now)


def plant_reminder_letter(customer):
    """What its people may try again, and withdraw."""
    now, address = timezone.now(), f"reader@{customer.slug}.example"
    own = {"organisation": customer, "customer_id": customer.pk, "posted_by_id": customer.pk}
    Letter.objects.create(**own, kind="reminders", recipient=address, due_at=now, created_at=now)


def plant_support(world):
    """Larkfield lets the programme look now, Tidewater did once."""
    for customer, ended_at in ((world.larkfield, None), (world.tidewater, timezone.now())):
        given = {"created_at": timezone.now(), "ends_on": today() + timedelta(14), "ended_at": ended_at}
        SupportAccess.objects.create(
            customer=customer, programme=world.programme, reason=f"case-{customer.slug}", **given
        )


def plant_approach(firm, customer):
    """What the firm asked once more, as the customer got it; and one that reached nobody."""
    now = timezone.now()
    own = {"advisor": firm, "way": "domain", "level": 1, "scope": "all", "created_at": now}
    asked = Approach.objects.create(
        **own, target=f"{customer.slug}.example", message=f"secret-{firm.slug}", looked_at=now
    )
    Approach.objects.create(**own, target=f"nobody-{firm.slug}.example")
    AssignmentFactory(customer=customer, advisor=firm, status="requested", approach=asked)
    AccessCode.objects.create(customer=customer, code=f"{customer.slug:0<10.10}".upper(), made_at=now)


def plant_rows_of_firms(world):
    for person, firm in (("bruno", "meridian"), ("diego", "halyard")):
        contact = getattr(world, f"{firm}_contact")
        contact.user = world.memberships[person].user
        contact.save()
        customer = {"meridian": world.larkfield, "halyard": world.tidewater}[firm]
        for recipient in (contact.pk, contact.user_id):
            Mute.objects.create(recipient_id=recipient, created_at=timezone.now())
            known = {"customer": customer, "coverage": world.coverages[customer.slug][0], "recipient_id": recipient}
            Silence.objects.create(**known, why="known", expires_on=today(), created_at=timezone.now())
    plant_mutes(world)
    coming = {"default_months": 12, "longest_months": 12, "extend_months": 3, "notice_days": [14], "request_days": 30}
    coming |= {"expiring_days": 14, "support_days": 7, "longest_support_days": 60}
    day, now = today() + timedelta(60), timezone.now()
    AccessPolicy.objects.create(valid_from=day, created_at=now, **coming)
    rule = general_rule("am")
    rule.save(force_insert=True)
    ReminderWindow.objects.bulk_create(windows_of(rule, rule.schedule(boundary=365))[:1])
    CountryContact.objects.create(country="ES", name="Eva", phone="+34 1", email="eva@programme.example")
    for firm, customer in ((world.meridian, world.larkfield), (world.halyard, world.tidewater)):
        FirmWord.objects.create(firm_id=firm.pk, country="ES", word=firm.slug)
        CustomerNote.objects.create(
            organisation=firm, customer=customer, author_id=new_id(), text=f"{firm.slug} canary"
        )
        SavedView.objects.create(organisation=firm, author_id=new_id(), name="Soon", query="expires=30")
        plant_records(firm, user_id=user_of(world, firm), customer_id=customer.pk)


def plant_certificates(world, customer):
    """One of the first coverage, which an advisor sees, and one of everything, which is the customer's own."""
    first, _ = world.coverages[customer.slug]
    row = {"coverage": str(first.pk), "product": f"secret-{customer.slug}", "manufacturer": "", "programme": "sa"}
    row |= {"quantity": 1, "serial": "", "starts_on": None, "expires_on": first.expires_on.isoformat()}
    for coverage in (first, None):
        number = new_number()
        facts = {"number": number, "issued_on": str(today()), "issuer": "P", "coverages": [row]}
        facts |= {"customer": {"name": customer.name, "country": "ES"}}
        dates = {"issued_at": timezone.now(), "valid_until": timezone.now() + timedelta(90)}
        known = customer is world.larkfield and coverage is None
        own = {"customer": customer, "coverage": coverage, "number": number}
        own["token_hash"] = TOKEN if known else token(number)  # Whoever holds a number gets that one alone.
        Certificate.objects.create(**own, **dates, facts=facts, sha256=digest(facts))


def plant_transfers(world, customer, *, advisor, distributor):
    """What waits for consent, proposed and prepared; and what has come to a delivery, a receipt, a withdrawal."""
    Distributor.objects.create(organisation=distributor, certified_until=today() + timedelta(90))
    first, _ = world.coverages[customer.slug]
    for state in ("requested", "delivered", "receipted", "withdrawn"):
        now, later = timezone.now(), timezone.now() + timedelta(10)
        row = {"customer": customer, "distributor": distributor, "state": state, "purpose": f"secret-{customer.slug}"}
        times = {"ends_on": later, "created_at": now, "lapses_at": later}
        if state == "requested":
            for proposer in (advisor, None):
                waiting = Transfer.objects.create(**row, **times, advisor=proposer)
                TransferItem.objects.create(customer=customer, transfer=waiting, coverage=first)
        else:
            sealed = Transfer.objects.create(**row, **times, valid_until=later, sender=customer.name, sha256="0" * 64)
            TransferSnapshot.objects.create(
                customer=customer,
                transfer=sealed,
                content={"company": {"name": customer.name}, "licences": [{"product": f"secret-{customer.slug}"}]},
            )
    plant_records(distributor, user_id=new_id())


def plant_prices(world):
    """A published version and a draft, each with a price; a policy and a discount to come."""
    for state, begins_on in (("draft", None), ("published", date(2020, 1, 1))):
        schedule = PriceSchedule.objects.create(programme="sa", valid_from=begins_on)
        Price.objects.create(schedule=schedule, product=world.product, currency="EUR", months=12, amount=44)
        PriceSchedule.objects.filter(pk=schedule.pk).update(state=state, published_at=timezone.now())
    coming = {"valid_from": today() + timedelta(90)}
    RenewalPolicy.objects.create(programme="sa", **coming)
    TierDiscount.objects.create(tier="gold", share="0.04", **coming)


def plant_quotes(world, customer, *, advisor):
    """A firm's draft and what it submitted; a customer's draft, and one that is accepted, with its order."""
    first, second = world.coverages[customer.slug]
    plant_quote(customer, advisor, first, state="draft")
    plant_quote(customer, advisor, first, state="submitted")
    plant_quote(customer, customer, second, state="draft")
    accepted = plant_quote(customer, advisor, first, state="accepted")
    QuoteLine.objects.filter(quote=accepted).update(held=True)
    for author, state in ((advisor, "proposed"), (customer, "decided")):
        row = {"customer": customer, "organisation": author, "coverage": first, "expires_on": first.expires_on}
        now = timezone.now()
        Decision.objects.create(**row, quantity=1, reason="other", state=state, created_at=now, note="canary")
    plant_order(accepted)
    plant_order(plant_quote(customer, customer, first, state="accepted"))


def plant_order(quote):
    """With the customer's own file; a firm sees that of the customer's own quote because it may renew all of it."""
    own = {"customer": quote.customer, "organisation": quote.organisation}
    order = Order.objects.create(
        **own, quote=quote, coverages=quote.coverages, count=1, totals={"EUR": "1.00"}, created_at=timezone.now()
    )
    paper = {"name": "order.png", "kind": "png", "size": 4, "sha256": "0" * 64, "content": b"\x89PNG"}
    OrderPaper.objects.create(**own, order=order, **paper, added_at=timezone.now())


STEPS_TO = {"submitted": ["submitted"]} | {end: ["accepted", end] for end in ("cancelled", "fulfilled")}


def plant_quote(customer, author, coverage, *, state):
    days = {"priced_on": today(), "valid_until": today() + timedelta(30)}
    owned = {"programme": coverage.programme, "currency": "EUR", "quantity": coverage.quantity, "last_cover_on": None}
    owned |= {"product": str(coverage.licence.product_id), "expires_on": coverage.expires_on.isoformat()}
    price = {"programme": "sa", "currency": "EUR", "months": 12, "amount": "44", "valid_from": "2020-01-01"}
    price |= {"product": owned["product"], "valid_to": None, "qty_min": 1, "qty_max": None}
    rested = {"discount": "0", "units": {"EUR": "0.01"}, "policies": {}, "owned": {str(coverage.pk): owned}}
    quote = Quote.objects.create(
        customer=customer,
        organisation=author,
        coverages=[coverage.pk],
        mode="earliest",
        inputs={"query": f"customer={customer.slug}&coverage={coverage.pk}"},
        basis=rested | {"prices": [price | {"programme": coverage.programme}]},
        totals={"EUR": "1.00"},
        notes=f"secret-{customer.slug}",
        created_at=timezone.now(),
        **days,
    )
    QuoteLine.objects.create(
        customer=customer,
        organisation=author,
        quote=quote,
        number=1,
        coverage=coverage,
        kind="renewal",
        product="Gateway",
        programme=coverage.programme,
        owned=coverage.quantity,
        quantity=coverage.quantity,
        expires_on=coverage.expires_on,
        after_on=coverage.expires_on,
        ends_on=coverage.expires_on + timedelta(365),
        years="1",
        amount=1,
        currency="EUR",
    )
    for step in STEPS_TO.get(state, ("submitted", state)) if state != "draft" else ():
        Quote.objects.filter(pk=quote.pk).update(state=step)
    return quote
