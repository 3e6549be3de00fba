"""Mail providers by URL: `postmark://TOKEN@`, `mailgun://KEY@mg.example.com`, `mailjet://KEY:SECRET@`."""

from typing import Any
from urllib.parse import unquote, urlsplit

# What anymail calls the user, the password and the host of the URL.
NAMES: dict[str, tuple[str, str, str]] = {
    "brevo": ("BREVO_API_KEY", "", ""),
    "mailersend": ("MAILERSEND_API_TOKEN", "", ""),
    "mailgun": ("MAILGUN_API_KEY", "", "MAILGUN_SENDER_DOMAIN"),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY", ""),
    "postmark": ("POSTMARK_SERVER_TOKEN", "", ""),
    "sendgrid": ("SENDGRID_API_KEY", "", ""),
    "sparkpost": ("SPARKPOST_API_KEY", "", ""),
}
SIGNING = {
    "mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY",
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "sendgrid": "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY",
}


def provider_of(url: str) -> str:
    """The provider that the URL names; empty for SMTP."""
    scheme = url.partition(":")[0]
    return scheme if scheme in NAMES else ""


def options(url: str, *, secret: str, signing_key: str) -> dict[str, Any]:
    """anymail's settings; `secret` is `user:word` of the reports' address, without which none is taken."""
    provider = provider_of(url)
    if not provider:
        return {}
    parts = urlsplit(url)
    values = (unquote(parts.username or ""), unquote(parts.password or ""), parts.hostname or "")
    found: dict[str, Any] = {name: value for name, value in zip(NAMES[provider], values, strict=True) if name and value}
    if secret:
        found["WEBHOOK_SECRET"] = secret
    if signing_key and provider in SIGNING:
        found[SIGNING[provider]] = signing_key
    return found
