"""The app's configuration."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "licences"

    def ready(self) -> None:
        from accounts.audit import Area, describe
        from accounts.outbox import register
        from licences.exports.access import ACCESS
        from licences.exports.ownership import LICENCES, batch_names, licence_names
        from licences.letters.access import compose_access
        from licences.services.notices import LETTER

        register(LETTER, compose_access)
        describe(Area.ACCESS, ACCESS)
        describe(Area.LICENCES, LICENCES, namer=licence_names)
        describe(Area.LICENCES, {}, namer=batch_names)
