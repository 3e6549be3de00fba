"""Accounts begins by checking the database role."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


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
        register(SIGN_IN, compose_sign_in, secret=True)
        register(invitations.LETTER, compose_invitation, secret=True)
        register(people.LETTER, compose_membership)
        describe(Area.ACCESS, exports.ACTIVITY)
        describe(Area.PEOPLE, exports.PEOPLE, namer=exports.organisation_names)
        describe(Area.PEOPLE, {}, namer=exports.person_names)
        describe(Area.PEOPLE, {}, namer=exports.invited_names)
