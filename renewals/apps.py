"""The app's configuration."""

from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "renewals"

    def ready(self) -> None:
        from accounts.outbox import register
        from renewals.letters.digest import compose_digest
        from renewals.services.digests import KIND

        register(KIND, compose_digest)
