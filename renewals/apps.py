"""The app's configuration."""

from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "renewals"

    def ready(self) -> None:
        from accounts.audit import Area, describe
        from accounts.outbox import register
        from renewals.exports.phrases import PAPERS, PORTFOLIO
        from renewals.exports.pricing import PRICING
        from renewals.letters import activity
        from renewals.letters.digest import compose_digest
        from renewals.services.digests import KIND

        register(KIND, compose_digest)
        describe(Area.LICENCES, PORTFOLIO)
        describe(Area.PRICES, PRICING)
        describe(Area.LICENCES, PAPERS)
        describe(Area.PEOPLE, activity.ADVICE)
        describe(Area.REMINDERS, activity.REMINDERS, namer=activity.contact_names)
