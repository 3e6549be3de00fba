"""The Celery app and the whole schedule. PostgreSQL is the queue: a tick that is lost costs latency, nothing else."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("coterm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: float, task: str) -> dict[str, Any]:
    """An interval, never a crontab, whose daylight saving has faults; a tick older than its successor is void."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "deliver": every(3, "accounts.tasks.deliver_letters"),
    "sweep": every(60, "renewals.tasks.sweep_reminders"),
    "returns": every(20, "accounts.tasks.apply_mail_events"),
    "addresses": every(600, "accounts.tasks.try_addresses_again"),
    "measure": every(60, "accounts.tasks.measure_mail"),
    "seal": every(60, "accounts.tasks.seal_audit"),
    "review": every(60, "licences.tasks.review_assignments"),
    "introduce": every(20, "licences.tasks.introduce_firms"),
    "transfers": every(60, "licences.tasks.review_transfers"),
    "quotes": every(60, "renewals.tasks.review_quotes"),
}


@worker_init.connect
def refuse_other_roles(**kwargs: Any) -> None:
    """A worker in the web's role would see no rows, and say nothing."""
    if settings.DATABASE_ROLE != "worker":
        raise SystemExit("Celery runs as the worker role: set COTERM_ROLE=worker and DATABASE_WORKER_URL.")


@worker_ready.connect
def sweep_at_once(**kwargs: Any) -> None:
    """Whatever fell due while nobody worked does not wait for the next tick."""
    app.send_task("renewals.tasks.sweep_reminders")
