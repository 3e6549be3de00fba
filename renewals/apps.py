"""The app's configuration."""

from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "renewals"

    def ready(self) -> None:
        from accounts.audit import Area, describe
        from accounts.outbox import register
        from renewals.exports.phrases import PAPERS, PORTFOLIO
        from renewals.exports.pricing import PRICING
        from renewals.exports.quotes import QUOTES
        from renewals.letters import activity
        from renewals.letters.digest import compose_digest
        from renewals.letters.quotes import compose_order, compose_quote
        from renewals.services.digests import KIND
        from renewals.services.quote_news import LETTER, ORDER_LETTER

        register(KIND, compose_digest)
        register(LETTER, compose_quote)
        register(ORDER_LETTER, compose_order)
        describe(Area.QUOTES, QUOTES)
        describe(Area.LICENCES, PORTFOLIO)
        describe(Area.PRICES, PRICING)
        describe(Area.LICENCES, PAPERS)
        describe(Area.PEOPLE, activity.ADVICE)
        describe(Area.REMINDERS, activity.REMINDERS, namer=activity.contact_names)
