"""How Django's forms look: our field markup, and plain widgets dressed for the stylesheet."""

from datetime import datetime
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.formats import get_format
from django.utils.safestring import SafeString, mark_safe

PLAIN = "django/forms/widgets/"
UNDRESSED = frozenset(
    f"{PLAIN}{name}.html" for name in ("checkbox", "checkbox_option", "hidden", "multiple_hidden", "radio_option")
)
CHOICES = frozenset({f"{PLAIN}radio.html", f"{PLAIN}checkbox_select.html"})


class Segments(forms.RadioSelect):
    """A few short choices side by side."""

    template_name = "components/segments.html"


class FieldRenderer(TemplatesSetting):
    """The project's FORM_RENDERER.

    Widgets that come without a class of their own get the stylesheet's; radio buttons and
    lists of checkboxes become rows to press; dates use the browser's own calendar.
    """

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: Any, request: HttpRequest | None = None) -> SafeString:
        if template_name in CHOICES:
            template_name = "components/choices.html"
        elif template_name.startswith(PLAIN) and template_name not in UNDRESSED:
            dress(context.get("widget") or {}, template_name)
        return mark_safe(super().render(template_name, context, request))  # noqa: S308


def dress(widget: dict[str, Any], template_name: str) -> None:
    """Give a widget's context the class `input`, and a date the browser's calendar."""
    attrs = widget.get("attrs")
    if attrs is None or "class" in attrs or widget.get("type") == "range":
        return
    attrs["class"] = "input"
    if template_name == f"{PLAIN}date.html":
        widget["type"] = "date"
        widget["value"] = iso_date(widget.get("value"))


def iso_date(text: str | None) -> str | None:
    """A date in the language's own order as browsers want it; what is not a date stays."""
    for pattern in get_format("DATE_INPUT_FORMATS"):
        try:
            return datetime.strptime(text or "", pattern).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    return text
