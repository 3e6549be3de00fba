"""Renders templates as a browser would get them, without a database."""

from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from interface.shell import Link, Place, Shell

SHELL = Shell(
    person_name="Lucía Ferrer",
    sign_out_url="/out/",
    organisation_name="Meridian Systems",
    kind_label="Partner · Gold",
    nav=(Link("Overview", "/", current=True), Link("Portfolio", "/portfolio/")),
    account_links=(Link("Preferences", "/settings/"),),
    organisations=(Place("1", "Meridian Systems", "Partner", current=True), Place("2", "Larkfield Foods", "Customer")),
    switch_url="/switch/",
    jump_url="/jump/",
    time_zone="Europe/Madrid",
)


def page(name, *, path="/", **context):
    """The page `name` for somebody signed in."""
    return render_to_string(name, {"shell": SHELL, **context}, request=RequestFactory().get(path))


def template(source, *, path="/", **context):
    """A snippet of template, with the tags of `ui` loaded."""
    request = RequestFactory().get(path)
    return engines["django"].from_string("{% load ui %}" + source).render(context, request)
