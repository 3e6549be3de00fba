"""The programme's queue: what waits, what failed and why; mail paused, tried again, withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import MAIL, SWEEP, JobRun, Queued, Sending
from accounts.outbox import LABELS, SECRET
from accounts.rules import LetterState, Power
from accounts.services.sending import pause, resume, retry, withdraw
from accounts.services.transport import BROKEN, SLOW, UNREACHABLE, UNWRITTEN
from accounts.views.gate import KnownRequest, needs
from accounts.views.personal import wanted_page
from interface.answers import see_other
from interface.money import number
from interface.paging import page

TRIED = gettext_lazy("The mail is tried again at once; where mail to its address came back, it is held back instead.")
TROUBLES = {
    SLOW: gettext_lazy("The mail server took too long to answer"),
    BROKEN: gettext_lazy("The connection to the mail server broke"),
    UNREACHABLE: gettext_lazy("The mail server cannot be reached"),
    UNWRITTEN: gettext_lazy("The mail could not be written"),
}
PACES = {
    1: gettext_lazy("At most %(count)s mails leave in a second."),
    60: gettext_lazy("At most %(count)s mails leave in a minute."),
    3600: gettext_lazy("At most %(count)s mails leave in an hour."),
    86400: gettext_lazy("At most %(count)s mails leave in a day."),
}
TABS = {
    LetterState.DEAD.value: gettext_lazy("Not delivered"),
    LetterState.PENDING.value: gettext_lazy("Waiting"),
    LetterState.SENDING.value: gettext_lazy("Being sent"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One letter as managers see it: never its subject, nor the whole address."""

    id: UUID
    kind: str | Promise
    organisation: str
    address: str
    state: str
    reason: str
    attempts: int
    at: datetime
    next_at: datetime | None
    ambiguous: bool
    can_retry: bool
    can_withdraw: bool


@require_safe
@needs(Power.TEND_MAIL)
def queue(request: KnownRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in TABS else LetterState.DEAD.value
    letters = Queued.objects.visible_to(request.actor)
    found = page(letters.filter(state=state).select_related("organisation"), request.GET, keys=("-id",))
    jobs = {run.name: run.details for run in JobRun.objects.filter(name__in=(MAIL, SWEEP))}
    context = {
        "page": found,
        "entries": entries(found.rows),
        "tabs": TABS.items(),
        "state": state,
        "counts": letters.by_state(),
        "jobs": jobs,
        "pace": pace(jobs.get(MAIL, {})),
        "sending": Sending.objects.filter(paused_at__isnull=False).first(),
    }
    return render(request, "accounts/desk/queue.html", context)


def pace(measured: dict[str, Any]) -> str:
    """How much the mail server gets, as the senders have it; empty when as much as it takes."""
    text = PACES.get(measured.get("per_seconds", 0))
    return str(text % {"count": number(measured["rate"])}) if text else ""


def entries(rows: Iterable[Queued]) -> list[Entry]:
    return [entry(letter) for letter in rows]


def entry(letter: Queued) -> Entry:
    dead, waits = (letter.state == state for state in (LetterState.DEAD, LetterState.PENDING))
    return Entry(
        id=letter.pk,
        kind=LABELS.get(letter.kind, letter.kind),
        organisation=letter.organisation.name if letter.organisation else "",
        address=letter.address,
        state=letter.state,
        reason=trouble(letter.reason),
        attempts=letter.attempts,
        at=letter.created_at,
        next_at=letter.due_at if waits and letter.due_at > letter.created_at else None,
        ambiguous=letter.ambiguous,
        can_retry=dead and letter.kind not in SECRET,
        can_withdraw=waits,
    )


def trouble(reason: str) -> str:
    """Why a letter has not left, our own words in the reader's language; a server's stand as they came."""
    ours, colon, rest = reason.partition(": ")
    return f"{TROUBLES[ours]}{colon}{rest}" if ours in TROUBLES else reason


def seen(request: KnownRequest, pk: UUID) -> Queued:
    return get_object_or_404(Queued.objects.visible_to(request.actor), pk=pk)


@require_POST
@needs(Power.TEND_MAIL)
def try_again(request: KnownRequest, pk: UUID) -> HttpResponse:
    done = retry(request.actor, seen(request, pk))
    return told(request, done, str(TRIED), _("It is not among the failed ones any more."))


@require_POST
@needs(Power.TEND_MAIL)
def take_back(request: KnownRequest, pk: UUID) -> HttpResponse:
    done = withdraw(request.actor, seen(request, pk))
    return told(request, done, _("It will not be sent."), _("It does not wait any more."))


def told(request: KnownRequest, done: bool, yes: str, no: str) -> HttpResponse:
    """Back to the page, with what has happened."""
    (messages.success if done else messages.info)(request, yes if done else no)
    return see_other(request, wanted_page(request))


@require_POST
@needs(Power.TEND_MAIL)
def pause_all(request: KnownRequest) -> HttpResponse:
    pause(request.actor)
    return see_other(request, "accounts:queue")


@require_POST
@needs(Power.TEND_MAIL)
def resume_all(request: KnownRequest) -> HttpResponse:
    """`waiting` says what becomes of the letters that wait: `withdraw` or, by default, that they leave."""
    if resume(request.actor, withdraw=request.POST.get("waiting") == "withdraw") is not None:
        messages.success(request, _("Mail leaves again."))
    return see_other(request, "accounts:queue")
