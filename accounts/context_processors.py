"""What the shell of every page shows: who, for whom, and where one can go."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {}
