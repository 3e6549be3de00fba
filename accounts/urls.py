"""Addresses of `accounts`."""

from django.urls import path

from accounts.views import personal

app_name = "accounts"
urlpatterns = [
    path("accounts/switch/", personal.switch, name="switch"),
    path("settings/", personal.profile, name="settings"),
]
