"""Links to pages of other apps, as far as this installation has them."""

from django.urls import NoReverseMatch, reverse


def link(name: str, *args: object) -> str:
    """The address of the page `name`, or nothing when there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
