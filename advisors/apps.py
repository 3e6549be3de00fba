"""The app's configuration."""

from django.apps import AppConfig


class AdvisorsConfig(AppConfig):
    name = "advisors"
