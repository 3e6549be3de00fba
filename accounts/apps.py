"""Accounts begins by checking the database role."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.checks import refuse_wrong_role
        from accounts.letters import SIGN_IN, compose_sign_in
        from accounts.outbox import register

        connection_created.connect(refuse_wrong_role, dispatch_uid="refuse_wrong_role")
        register(SIGN_IN, compose_sign_in, secret=True)
