"""The app's configuration."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "licences"

    def ready(self) -> None:
        from accounts.outbox import register
        from licences.letters import compose_access
        from licences.services.notices import LETTER

        register(LETTER, compose_access)
