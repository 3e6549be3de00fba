"""People, organisations, memberships, invitations, the audit and the outbox."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from accounts.querysets import (
    AuditQuerySet,
    DistributorQuerySet,
    InvitationQuerySet,
    JobRunQuerySet,
    LetterQuerySet,
    LimitQuerySet,
    MembershipQuerySet,
    OrganisationQuerySet,
    QueuedQuerySet,
    SuppressionQuerySet,
)
from accounts.rules import Fate, Kind, LetterState, Pause, Role

KINDS = {
    Kind.CUSTOMER.value: _("Customer"),
    Kind.ADVISOR.value: _("Advisor"),
    Kind.DISTRIBUTOR.value: _("Distributor"),
    Kind.PROGRAMME.value: _("Programme"),
}
ROLE_LABELS = {
    Role.OWNER.value: _("Owner"),
    Role.RENEWALS_MANAGER.value: _("Renewals manager"),
    Role.APPROVER.value: _("Approver"),
    Role.VIEWER.value: _("Viewer"),
    Role.MEMBER.value: _("Member"),
    Role.MANAGER.value: _("Programme manager"),
}
LETTER_STATES = {
    LetterState.PENDING.value: _("Waiting"),
    LetterState.SENDING.value: _("Being sent"),
    LetterState.SENT.value: _("Sent"),
    LetterState.CANCELLED.value: _("Cancelled"),
    LetterState.DEAD.value: _("Not delivered"),
    LetterState.DELIVERED.value: _("Delivered"),
    LetterState.BOUNCED.value: _("Came back"),
    LetterState.COMPLAINED.value: _("Reported as unwanted"),
}
FATES = {
    Fate.REFUSED.value: _("Refused by the mail server"),
    Fate.BOUNCED.value: _("Came back"),
    Fate.COMPLAINED.value: _("Reported as unwanted"),
}
PAUSES = {Pause.OPERATOR.value: _("By the programme"), Pause.RESTORED.value: _("Restored from a backup")}
A_WEEK = timedelta(days=7)
LANGUAGES = {"en": _("English"), "es": _("Spanish")}


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; the address is stored in lower case, because sign-in ignores case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person, known by an e-mail address. No username: making one would look through everybody's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    text_only = models.BooleanField(default=False)
    single_mails = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [models.Index(Lower("email"), name="user_address")]

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """A customer, an advisor's firm, a distributor or the programme itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=2)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["kind", "name", "id"], name="organisation_list")]

    def __str__(self) -> str:
        return self.name


class Distributor(models.Model):
    """A distributor's certification, kept by the programme: through `certified_until`, inclusive; None is none."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="distributor")
    certified_until = models.DateField(_("certified until"), null=True, blank=True)

    objects = DistributorQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.certified_until}"


class Membership(models.Model):
    """A person's role in an organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=ROLE_LABELS)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ApprovalLimit(models.Model):
    """Up to which amount, inclusive, an approver may accept quotes in one currency; nothing in the others."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="limits")
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("up to"), max_digits=18, decimal_places=4)

    objects = LimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "membership", "currency"], name="limit_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="limit_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class Invitation(models.Model):
    """A place offered to an address; only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=ROLE_LABELS)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    token_hash = models.CharField(max_length=64)
    invited_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["token_hash"], name="invitation_token")]

    def __str__(self) -> str:
        return self.email


class CountryContact(models.Model):
    """Whom to ask: the programme's contact for a country (1-product, "Whom to ask")."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(_("country"), max_length=2, unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40)
    email = models.EmailField(_("e-mail"))
    hours = models.CharField(_("hours"), max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.country} {self.name}"


class AuditEntry(models.Model):
    """What was done, once per organisation that may read it. Ids only, so that erasing a person leaves it whole."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    event_id = models.UUIDField()
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor_user_id = models.UUIDField(null=True)
    actor_organisation_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="audit_page"),
            models.Index(fields=["organisation", "actor_user_id", "-id"], name="audit_person"),
            models.Index(fields=["organisation", "actor_organisation_id", "-id"], name="audit_from"),
            models.Index(fields=["organisation", "customer_id", "-id"], name="audit_customer"),
            models.Index(fields=["organisation", "subject_id", "-id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return self.verb


class AuditSeal(models.Model):
    """One link of an organisation's hash chain, made by the worker."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField()
    entry_id = models.UUIDField()
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sequence"], name="seal_sequence"),
            models.UniqueConstraint(fields=["organisation", "entry_id"], name="seal_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.sequence}"


class Letter(models.Model):
    """One mail to one address: the outbox, and the queue of the senders (3-tenancy, "Reminders")."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, null=True, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, null=True, related_name="+")
    customer_id = models.UUIDField(null=True)
    posted_by_id = models.UUIDField(null=True)
    recipient = models.EmailField(_("recipient"))
    user_id = models.UUIDField(null=True)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="en")
    text_only = models.BooleanField(default=False)
    context = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=LETTER_STATES, default=LetterState.PENDING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    subject = models.CharField(max_length=250, blank=True)
    frozen = models.BinaryField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    ambiguous = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField()

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="pending"), name="letter_due"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="pending") & ~models.Q(kind="reminders"),
                name="letter_pressing",
            ),
            models.Index(fields=["lease_until"], condition=models.Q(state="sending"), name="letter_leased"),
            models.Index(fields=["-id"], condition=models.Q(state="pending"), name="letter_waiting"),
            models.Index(fields=["-id"], condition=models.Q(state="dead"), name="letter_dead"),
            models.Index(fields=["sent_at"], condition=models.Q(sent_at__isnull=False), name="letter_sent"),
            models.Index(fields=["provider_id"], condition=~models.Q(provider_id=""), name="letter_provider"),
            models.Index(Lower("recipient"), "sent_at", condition=models.Q(kind="reminders"), name="letter_address"),
            models.Index(fields=["organisation", "-id"], name="letter_page"),
            models.Index(fields=["customer_id", "-id"], name="letter_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def last_try_at(self) -> datetime:
        """The instant from which a failed letter is dead: what it was posted with, or a week after its posting."""
        return self.give_up_at or self.created_at + A_WEEK


class Queued(models.Model):
    """A letter that waits or has failed, as the programme's managers see it: the view of `sql/queue.sql`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.DO_NOTHING, null=True, related_name="+")
    customer_id = models.UUIDField(null=True)
    address = models.TextField()
    state = models.CharField(max_length=10, choices=LETTER_STATES)
    reason = models.TextField()
    attempts = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ambiguous = models.BooleanField()

    objects = QueuedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "accounts_queue"

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


SOFT = timedelta(days=14)
"""For how long a mailbox that is there gets no reminders, after it has returned one."""


class Suppression(models.Model):
    """An address that gets no reminders any more; with `is_gone`, for want of the mailbox, no mail at all."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField(unique=True)
    why = models.CharField(max_length=10, choices=FATES)
    is_gone = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = SuppressionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.why

    @property
    def ends_at(self) -> datetime | None:
        """When the schedule writes to it again by itself; None when it does not."""
        return None if self.is_gone or self.why == Fate.COMPLAINED else self.created_at + SOFT


class MailEvent(models.Model):
    """What a provider has told of one mail, until the worker has written it down."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider_id = models.CharField(max_length=250)
    state = models.CharField(max_length=10)
    is_gone = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.state


class Sending(models.Model):
    """Whether mail leaves at all, and how fast: one row.

    `database` is the one that it was last seen in (decision 0014). `free_at` is the instant up to which the rate of the
    mail server is spent; behind the clock by what is saved.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    paused_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, choices=PAUSES, blank=True)
    database = models.CharField(max_length=80, blank=True)
    free_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="sending_once")]

    def __str__(self) -> str:
        return self.why


SWEEP, MAIL = "sweep_reminders", "mail"


class JobRun(models.Model):
    """When a job of the schedule last ran, and what it found."""

    name = models.CharField(primary_key=True, max_length=40)
    ran_at = models.DateTimeField()
    details = models.JSONField(default=dict)

    objects = JobRunQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
