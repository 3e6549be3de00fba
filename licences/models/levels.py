"""Levels and scopes of access in words."""

from django.utils.translation import gettext_lazy as _

from accounts.rules import AccessLevel
from licences.rules import Scope

LEVELS = {
    AccessLevel.VIEW.value: _("View"),
    AccessLevel.QUOTE.value: _("Quote"),
    AccessLevel.RENEW.value: _("Renew"),
}
SCOPES = {Scope.SELECTED.value: _("Selected licences"), Scope.ALL.value: _("All licences, future ones included")}
