"""Answers other than a page that simply shows: conflicts, refused forms, redirects."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise


def conflict(
    request: HttpRequest, message: str | Promise, *, back_url: str = "", template: str = "409.html"
) -> HttpResponse:
    """409: somebody else was faster. htmx gets the notice alone, to be swapped in."""
    shown = "components/conflict.html" if _is_htmx(request) else template
    return render(request, shown, {"message": message, "back_url": back_url}, status=409)


def invalid(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """422: the form again, with what is wrong and what was typed."""
    return render(request, template, context, status=422)


def see_other(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Go elsewhere after a post; htmx loads the whole page instead of swapping it in."""
    url = resolve_url(to, *args, **kwargs)
    if _is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
