"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LicencesConfig(AppConfig):
    name = "licences"

    def ready(self) -> None:
        from accounts.audit import Area, describe
        from accounts.outbox import register
        from licences.exports.access import ACCESS, approach_names
        from licences.exports.leads import LEADS
        from licences.exports.ownership import LICENCES, batch_names, licence_names, product_names, subjects_found
        from licences.exports.support import SUPPORT
        from licences.exports.transfers import TRANSFERS
        from licences.letters.access import compose_access
        from licences.letters.support import compose_support
        from licences.letters.transfers import compose_link, compose_transfer
        from licences.services import support, transfer_news
        from licences.services.notices import LETTER

        register(LETTER, compose_access, label=_("Access"))
        register(transfer_news.LETTER, compose_transfer, label=_("Transfer"))
        register(transfer_news.LINK, compose_link, secret=True, label=_("Link to a transfer"))
        register(support.LETTER, compose_support, label=_("Support access"))
        describe(Area.ACCESS, SUPPORT)
        describe(Area.ACCESS, TRANSFERS)
        describe(Area.ACCESS, ACCESS, namer=approach_names)
        describe(Area.ACCESS, LEADS)
        describe(Area.LICENCES, LICENCES, namer=licence_names, finder=subjects_found)
        describe(Area.LICENCES, {}, namer=batch_names)
        describe(Area.LICENCES, {}, namer=product_names)
