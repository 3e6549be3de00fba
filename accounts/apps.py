"""Accounts begins by checking the database role."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.checks import refuse_wrong_role

        connection_created.connect(refuse_wrong_role, dispatch_uid="refuse_wrong_role")
