"""A reader's way out of reminders, without signing in: the link in the mail, and the mail program's own button."""

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from renewals.letters.wording import SORTS
from renewals.services.mutes import Way, mute, unmute


@login_not_required
@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is what lets it in
@never_cache
@require_http_methods(["GET", "POST"])
def mute_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, because scanners follow links; stops on POST; starts again on POST with `undo`."""
    try:
        way = Way.read(token)
    except BadSignature:
        raise Http404 from None
    done, sort = None, request.POST.get("sort", "")
    sort = sort if sort in SORTS else ""
    if request.method == "POST":
        done = "undone" if "undo" in request.POST else "stopped"
        (unmute if done == "undone" else mute)(way, sort=sort)
    return render(request, "renewals/mute.html", {"way": way, "done": done, "sort": sort, "sorts": SORTS.items()})
