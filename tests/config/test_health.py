"""Probes learn whether it lives, is ready, and does its work; strangers learn no details."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from renewals.services.sweep import sweep
from tests.hats import database_clock, database_role

TOKEN = {"HTTP_AUTHORIZATION": "Bearer sesame"}


def swept():
    with database_role("coterm_worker"):
        sweep()


def test_alive_asks_nothing_of_the_database(client):
    assert client.get("/livez", headers={"host": "10.0.0.7"}).status_code == 200


@pytest.mark.django_db
def test_ready_once_the_database_answers(client):
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_unhealthy_before_the_first_sweep_and_healthy_after_it(client):
    assert client.get("/healthz").status_code == 503
    swept()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_unhealthy_five_minutes_after_the_last_sweep(client):
    swept()
    with database_clock(timezone.now() + timedelta(minutes=6)):
        assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_details_ask_for_the_token(client, settings):
    settings.MONITOR_TOKEN = "sesame"
    swept()
    assert set(client.get("/healthz", **TOKEN).json()) > {"status", "swept_at", "waiting", "oldest_at"}
    assert set(client.get("/healthz", HTTP_AUTHORIZATION="Bearer guess").json()) == {"status"}


@pytest.mark.django_db
def test_without_a_token_set_nobody_reads_details(client):
    assert set(client.get("/healthz", HTTP_AUTHORIZATION="Bearer ").json()) == {"status"}


def test_neither_ready_nor_healthy_while_the_database_is_away(client, monkeypatch):
    def away(*arguments):
        raise OperationalError("connection refused")

    monkeypatch.setattr("config.health.connection.cursor", away)
    monkeypatch.setattr("config.health.sweeping", away)
    assert client.get("/readyz").status_code == 503
    assert (client.get("/healthz").status_code, client.get("/healthz").json()) == (503, {"status": "down"})
