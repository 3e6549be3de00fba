"""The programme's own beginning: its organisation, and its first manager."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role

SLUG = "programme"


@transaction.atomic
def appoint_manager(email: str, *, name: str = "", language: str = "en") -> User:
    """Make the person a manager of the programme, which is created when there is none; needs the owner's role."""
    programme = Organisation.objects.filter(kind=Kind.PROGRAMME.value).order_by("id").first()
    if programme is None:
        programme = Organisation.objects.create(kind=Kind.PROGRAMME.value, name="Programme", slug=SLUG, country="")
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name, language=language)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True, "verified": True})
    _, is_new = Membership.objects.get_or_create(
        organisation=programme, user=user, defaults={"role": Role.MANAGER.value}
    )
    if is_new:
        audit.record(None, "person.appointed", organisations=[programme.pk], subject_id=user.pk)
    return user


def password_link(user: User) -> str:
    """An address where the person chooses a password: good once, for three days."""
    key = default_token_generator.make_token(user)
    parts = {"uidb36": user_pk_to_url_str(user), "key": key}
    return str(settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=parts))
