"""The demo's mailbox: what has been mailed on this machine, for whoever tries Coterm out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.services import mailbox

View = Callable[..., HttpResponseBase]
# The mail's own styles and nothing else: no script, no form, no picture from elsewhere.
FRAME = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": [SELF]}
TO_THE_TOP = '<base target="_top">'


def demo_only(view: View) -> View:
    """Open to everybody where the demo is on; elsewhere there is no such page, for reset links lie here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.COTERM_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(guarded)


@demo_only
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    recipient = request.GET.get("to", "")
    found = mailbox.kept(recipient=recipient, before=request.GET.get("older", ""))
    older = found[-1].name if len(found) == mailbox.SHOWN else ""
    return render(request, "accounts/mailbox.html", {"mails": found, "recipient": recipient, "older": older})


@demo_only
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    message = mailbox.opened(name)
    if message is None:
        raise Http404
    context = {
        "name": name,
        "subject": message["Subject"],
        "headers": list(mailbox.shown_headers(message)),
        "text": mailbox.body(message, "plain"),
        "has_html": bool(mailbox.body(message, "html")),
    }
    return render(request, "accounts/mail.html", context)


@demo_only
@require_safe
@xframe_options_sameorigin
@csp(FRAME)  # type: ignore[arg-type]  # its types know only views without arguments
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """For a frame without scripts; its links open in the page around it."""
    message = mailbox.opened(name)
    html = mailbox.body(message, "html") if message else ""
    if not html:
        raise Http404
    return HttpResponse(html.replace("<head>", f"<head>{TO_THE_TOP}", 1))
