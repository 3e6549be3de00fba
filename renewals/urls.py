"""Addresses of `renewals`."""

from django.urls import path

from renewals.views import mutes

app_name = "renewals"
urlpatterns = [
    path("reminders/stop/<token>/", mutes.mute_reminders, name="mute"),
]
