"""Levels and scopes of access in words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rules import AccessLevel
from licences.rules import Scope

LEVELS = {
    AccessLevel.VIEW.value: pgettext_lazy("access level", "View"),
    AccessLevel.QUOTE.value: pgettext_lazy("access level", "Quote"),
    AccessLevel.RENEW.value: pgettext_lazy("access level", "Renew"),
}
SCOPES = {Scope.SELECTED.value: _("Selected licences"), Scope.ALL.value: _("All licences, future ones included")}
