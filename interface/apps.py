"""The interface app: no models, only the means to show things."""

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    name = "interface"
