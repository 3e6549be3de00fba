"""Is it alive, ready, healthy? Answered before any other middleware, which would ask the database who is asking."""

import hmac
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.models import MAIL, SWEEP, JobRun
from accounts.querysets import OVERDUE_AFTER, database_now


class HealthMiddleware:
    """`/livez`, `/readyz` and `/healthz`, for probes that know neither host name nor session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path)
        return answer(request) if answer else self.get_response(request)


def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return HttpResponse("The database does not answer.\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


def healthy(request: HttpRequest) -> HttpResponse:
    """503 when no sweep has run for five minutes: mail that is due may lie still. Details for those with the token."""
    try:
        found = sweeping()
    except Error:
        found = {"status": "down", "reason": "The database does not answer."}
    shown = found if knows_token(request) else {"status": found["status"]}
    return JsonResponse(shown, status=200 if found["status"] == "ok" else 503)


def sweeping() -> dict[str, Any]:
    """How old the last sweep is, and what it saw of the queue."""
    run = JobRun.objects.filter(name=SWEEP).annotate(now=database_now()).first()
    if run is None:
        return {"status": "late", "reason": "No sweep has run yet."}
    age = run.now - run.ran_at
    status = "late" if age > OVERDUE_AFTER else "ok"
    mail = JobRun.objects.filter(name=MAIL).values_list("details", flat=True).first()
    return {
        "status": status,
        "swept_at": run.ran_at,
        "seconds_since": int(age.total_seconds()),
        **run.details,
        "mail": mail or {},
    }


def knows_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.MONITOR_TOKEN) and hmac.compare_digest(given.encode(), settings.MONITOR_TOKEN.encode())


ANSWERS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/livez": live,
    "/readyz": ready,
    "/healthz": healthy,
}
