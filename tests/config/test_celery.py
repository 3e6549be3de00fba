"""The schedule names tasks that exist, by intervals; and a worker in the wrong role refuses to start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured

from config.celery import app, refuse_other_roles

ROOT = Path(configured.BASE_DIR)


def test_every_tick_names_a_task_that_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_ticks_are_intervals_and_expire():
    for entry in app.conf.beat_schedule.values():
        assert entry["schedule"] == entry["options"]["expires"]


def test_faults_are_configured_away():
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.broker_transport_options == {"visibility_timeout": 300, "unacked_restore_throttle": 1}
    assert app.conf.task_time_limit < 300


def test_nothing_is_put_off_in_the_broker():
    """A task with an ETA stays with a worker beyond the visibility timeout, and then starts twice."""
    sources = [
        path
        for app in ("accounts", "advisors", "licences", "renewals", "config")
        for path in (ROOT / app).rglob("*.py")
    ]
    assert not [path for path in sources if re.search(r"\b(eta|countdown)\s*=", path.read_text())]


def test_a_read_ends_before_a_mail_and_a_mail_before_its_lease():
    assert configured.EMAIL_TIMEOUT < configured.MAIL_LIMIT_SECONDS < configured.MAIL_LEASE_SECONDS


def test_workers_check_their_connections_and_share_none():
    env = os.environ | {"COTERM_ROLE": "worker", "DATABASE_WORKER_URL": "postgres://coterm_worker@/coterm"}
    words = "from config.settings import DATABASES; print(DATABASES['default'])"
    said = subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert "'CONN_HEALTH_CHECKS': True" in said.stdout and "'pool'" not in said.stdout


@pytest.mark.parametrize("role", ["web", "owner"])
def test_a_worker_in_another_role_refuses(settings, role):
    settings.DATABASE_ROLE = role
    with pytest.raises(SystemExit, match="COTERM_ROLE=worker"):
        refuse_other_roles()


def test_a_worker_in_its_own_role_starts(settings):
    settings.DATABASE_ROLE = "worker"
    assert refuse_other_roles() is None
