"""Answers other than a plain page."""

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from interface.answers import conflict, invalid, see_other


def request_of(*, htmx):
    request = RequestFactory().post("/x/", headers={"HX-Request": "true"} if htmx else {})
    request.htmx = HtmxDetails(request)
    return request


@pytest.mark.parametrize(("htmx", "is_page"), [(True, False), (False, True)])
def test_a_conflict_is_a_page_or_the_notice_alone(htmx, is_page):
    answer = conflict(request_of(htmx=htmx), "Owen saved first.", back_url="/x/")
    assert answer.status_code == 409
    assert ("<html" in answer.content.decode()) is is_page
    assert "Owen saved first." in answer.content.decode()


def test_a_refused_form_is_unprocessable():
    assert invalid(request_of(htmx=False), "components/empty.html", {"title": "No"}).status_code == 422


def test_after_a_post_the_browser_goes_elsewhere():
    answer = see_other(request_of(htmx=False), "/quotes/")
    assert (answer.status_code, answer["Location"]) == (303, "/quotes/")


def test_htmx_is_told_to_load_the_page():
    answer = see_other(request_of(htmx=True), "/quotes/")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/quotes/")


def test_a_request_that_htmx_does_not_know_is_a_plain_one():
    assert see_other(RequestFactory().post("/x/"), "/quotes/").status_code == 303
