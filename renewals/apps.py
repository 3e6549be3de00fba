"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RenewalsConfig(AppConfig):
    name = "renewals"

    def ready(self) -> None:
        from accounts.audit import Area, describe
        from accounts.outbox import Drafter, register
        from licences.views.remarks import SPEAKERS
        from renewals.exports.phrases import PAPERS, PORTFOLIO
        from renewals.exports.pricing import PRICING
        from renewals.exports.quotes import QUOTES
        from renewals.letters import activity
        from renewals.letters.decisions import compose_decision
        from renewals.letters.digest import compose_digest, draft_digests
        from renewals.letters.quotes import compose_order, compose_quote
        from renewals.services import decision_news
        from renewals.services.owed import unchanged_sql
        from renewals.services.piles import KIND
        from renewals.services.quote_news import LETTER, ORDER_LETTER
        from renewals.views.given_up import remarks

        drafter = Drafter(draft_digests, unchanged_sql)
        register(KIND, compose_digest, optional=True, label=_("Reminders"), drafter=drafter)
        register(LETTER, compose_quote, label=_("Quote"))
        register(ORDER_LETTER, compose_order, label=_("Order"))
        register(decision_news.LETTER, compose_decision, label=_("Not renewing"))
        SPEAKERS.append(remarks)
        describe(Area.QUOTES, QUOTES)
        describe(Area.LICENCES, PORTFOLIO)
        describe(Area.PRICES, PRICING)
        describe(Area.LICENCES, PAPERS)
        describe(Area.PEOPLE, activity.ADVICE)
        describe(Area.REMINDERS, activity.REMINDERS, namer=activity.contact_names)
