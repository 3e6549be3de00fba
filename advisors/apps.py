"""The app's configuration."""

from django.apps import AppConfig


class AdvisorsConfig(AppConfig):
    name = "advisors"

    def ready(self) -> None:
        from accounts.audit import Area, describe
        from advisors.exports import FIRMS, contact_names

        describe(Area.PEOPLE, FIRMS, namer=contact_names)
