"""allauth's forms in our dress: large fields with labels, and nothing said twice by a placeholder."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

password_rules = lazy(lambda: " ".join(password_validators_help_texts()), str)()


class Dressed:
    """Goes before a form of allauth's."""

    fields: dict[str, Any]
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.setdefault("class", "input input-l")
        if "password1" in self.fields:
            self.fields["password1"].help_text = password_rules


class SignInForm(Dressed, account.LoginForm):  # type: ignore[misc]
    labels = {"login": _("Work e-mail"), "password": _("Password")}


class RequestCodeForm(Dressed, account.RequestLoginCodeForm):  # type: ignore[misc]
    labels = {"email": _("Work e-mail")}


class SignInCodeForm(Dressed, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code")}


class AddressCodeForm(Dressed, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code")}


class ResetForm(Dressed, account.ResetPasswordForm):  # type: ignore[misc]
    labels = {"email": _("Work e-mail")}


class NewPasswordForm(Dressed, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": _("New password"), "password2": _("New password again")}


class ChangePasswordForm(Dressed, account.ChangePasswordForm):  # type: ignore[misc]
    labels = {
        "oldpassword": _("Password now"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }


class NewAddressForm(Dressed, account.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("New e-mail address")}


class PasswordAgainForm(Dressed, account.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("Password")}


class SecondStepForm(Dressed, mfa.AuthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code")}


class CodeAgainForm(Dressed, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code")}


class SetUpForm(Dressed, ActivateTOTPForm):  # type: ignore[misc]
    labels = {"code": _("Code that the app shows")}
