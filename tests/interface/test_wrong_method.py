"""Addresses that take only forms."""

import pytest


@pytest.mark.django_db
def test_an_address_for_forms_opened_as_a_page_says_so(client):
    answer = client.get("/language/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "only takes what a form sends" in answer.content.decode()
