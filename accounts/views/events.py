"""Where a provider reports bounces and complaints: signed, counted, answered with nothing."""

from typing import Any

from allauth.account.adapter import get_adapter
from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailersend import MailerSendTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.mailjet import MailjetTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.rules import LetterState, is_gone
from accounts.services.returns import note_event
from interface.rates import spent

PROVIDERS: dict[str, Any] = {
    "brevo": BrevoTrackingWebhookView,
    "mailersend": MailerSendTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
    "mailjet": MailjetTrackingWebhookView,
    "postmark": PostmarkTrackingWebhookView,
    "sendgrid": SendGridTrackingWebhookView,
    "sparkpost": SparkPostTrackingWebhookView,
}
STATES = {"delivered": LetterState.DELIVERED, "bounced": LetterState.BOUNCED, "complained": LetterState.COMPLAINED}
A_MINUTE = 60


@csrf_exempt  # a provider posts here by itself; its secret is what lets it in
@login_not_required
@require_POST
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """Empty in every case; 404 unless the provider is the one in use and a secret is set."""
    if provider != settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    try:
        view = PROVIDERS[provider]()
        view.run_validators(request)
        events = view.parse_events(request)
    except (AnymailError, SuspiciousOperation, ImproperlyConfigured, ValueError, KeyError, TypeError, AttributeError):
        # Counted after the secret was asked for: nobody without it can crowd out the provider.
        too_many = spent("mail-events", get_adapter().get_client_ip(request), limit=A_MINUTE)
        return HttpResponse(status=429 if too_many else 400)
    for event in events:
        note(event)
    return HttpResponse(status=200)


def note(event: AnymailTrackingEvent) -> None:
    """Only what changes something: a mail that is merely late is none of it."""
    state = STATES.get(event.event_type)
    if state and event.message_id:
        answer = event.mta_response or event.description or ""
        # Providers say "bounced" of a full mailbox, too: whoever has one still gets what concerns access and sign-in.
        gone = state is LetterState.BOUNCED and (event.reject_reason == "invalid" or is_gone(answer))
        note_event(event.message_id, state.value, gone=gone, answer=answer)
