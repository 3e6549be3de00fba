"""The schedule names tasks that exist, by intervals; and a worker in the wrong role refuses to start."""

import pytest

from config.celery import app, refuse_other_roles


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


@pytest.mark.parametrize("role", ["web", "owner"])
def test_a_worker_in_another_role_refuses(settings, role):
    settings.DATABASE_ROLE = role
    with pytest.raises(SystemExit, match="COTERM_ROLE=worker"):
        refuse_other_roles()


def test_a_worker_in_its_own_role_starts(settings):
    settings.DATABASE_ROLE = "worker"
    assert refuse_other_roles() is None
