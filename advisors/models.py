"""The directory: firms, the words that find them, and their contacts."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_id
from accounts.models import Organisation, User
from advisors.querysets import DirectoryQuerySet, FirmQuerySet
from advisors.rules import Tier

TIERS = {
    Tier.REGISTERED.value: _("Registered"),
    Tier.SILVER.value: _("Silver"),
    Tier.GOLD.value: _("Gold"),
    Tier.PLATINUM.value: _("Platinum"),
    Tier.CIRCLE.value: _("Circle"),
}


class Firm(models.Model):
    """What the directory shows of an advisor's organisation; its key is the organisation's."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="firm")
    us_state = models.CharField(_("state"), max_length=2, blank=True)
    city = models.CharField(_("city"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    tier = models.CharField(_("tier"), max_length=12, choices=TIERS, default=Tier.REGISTERED.value)
    certified_people = models.PositiveSmallIntegerField(_("certified people"), default=0)
    agreement_active = models.BooleanField(_("agreement in force"), default=True)

    objects = FirmQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.organisation)


class FirmWord(models.Model):
    """A beginning that finds a firm: its normalised name from one word on, compared byte by byte."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="words")
    country = models.CharField(max_length=2)
    us_state = models.CharField(max_length=2, blank=True)
    word = models.CharField(max_length=80, db_collation="C")
    position = models.PositiveSmallIntegerField(default=0)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["country", "word"], include=["firm"], name="firm_word"),
            models.Index(fields=["country", "us_state", "word"], include=["firm"], name="firm_word_us"),
        ]

    def __str__(self) -> str:
        return self.word


class Contact(models.Model):
    """A person or a desk at a firm whom a customer may choose to be told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    firm = models.ForeignKey(Firm, models.CASCADE, related_name="contacts")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("position"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    speaks = models.CharField(_("languages spoken"), max_length=60, blank=True)
    text_only = models.BooleanField(default=False)
    single_mails = models.BooleanField(default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["firm", "email"], name="contact_once")]
        indexes = [models.Index(Lower("email"), name="contact_address")]

    def __str__(self) -> str:
        return self.name
