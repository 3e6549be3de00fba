"""Where sign-in meets the walls: the person is made known as soon as the password is right."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.letters import SIGN_IN
from accounts.models import Membership, User
from accounts.outbox import Addressee, post
from accounts.services.people import renew_hash
from accounts.tenancy import set_actor


def hash_anew(user: User, password: str) -> None:
    """For a person whose password was right, and was hashed when hashes were to cost less."""
    set_actor(user_id=user.pk, sign_in=user.email)
    renew_hash(user, password)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    """Set later than here, the second factor's table looks empty, and the factor is skipped silently."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user:
            set_actor(user_id=user.pk, sign_in=user.email)
        return user

    def _check_password(self, user: User | None, password: str) -> User | None:
        """As inherited, but whoever's hash is renewed at once is known to the walls by then."""
        if not user:
            return None
        self._did_check_password = True
        right = check_password(password, user.password, partial(hash_anew, user))
        may_enter = self.user_can_authenticate(user)
        if right and not may_enter:
            self._stash_user(user)
        return user if right and may_enter else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by invitation, never by signing themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        set_actor(user_id=user.pk, sign_in=user.email)  # a mailed code was right; a second factor may still be asked
        answer: HttpResponse | None = super().pre_login(request, user, **hooks)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        """The session says whom it acts for from its beginning, so that leaving a team is noticed."""
        super().login(request, user)
        if first := Membership.objects.filter(user=user.pk).order_by("id").first():
            request.session.setdefault("organisation_id", str(first.organisation_id))

    def set_password(self, user: User, password: str) -> None:
        set_actor(user_id=user.pk, sign_in=user.email)  # the token of a reset link was found right
        super().set_password(user, password)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where we are, not where the request says that it went: whoever asks for another's link chooses that."""
        asked: str = super().get_reset_password_from_key_url(key)
        return f"{settings.BASE_URL}{urlsplit(asked).path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter like every other; its text may hold a token, and is wiped once sent."""
        user = context.get("user")
        language = user.language if user else translation.get_language() or "en"
        shared = {"request": self.request, "email": email, "current_site": RequestSite(self.request)}
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, {**shared, **context})
        to = Addressee(email, language, user and user.pk)
        post(getattr(self.request, "actor", None), SIGN_IN, to, subject=str(mail.subject), text=mail.body.strip())
