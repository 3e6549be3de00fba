"""Accounts begins by checking the database role."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import exports
        from accounts.audit import Area, describe
        from accounts.checks import refuse_wrong_role
        from accounts.letters import SIGN_IN, compose_invitation, compose_membership, compose_sign_in
        from accounts.outbox import register
        from accounts.services import invitations, people

        connection_created.connect(refuse_wrong_role, dispatch_uid="refuse_wrong_role")
        register(SIGN_IN, compose_sign_in, secret=True, label=_("Sign-in and security"))
        register(invitations.LETTER, compose_invitation, secret=True, label=_("Invitation"))
        register(people.LETTER, compose_membership, label=_("Role in a team"))
        describe(Area.ACCESS, exports.ACTIVITY)
        describe(Area.PEOPLE, exports.PEOPLE, namer=exports.organisation_names)
        describe(Area.REMINDERS, exports.MAIL)
        describe(Area.PEOPLE, {}, namer=exports.person_names)
        describe(Area.PEOPLE, {}, namer=exports.invited_names)
