"""Addresses of `renewals`."""

from django.urls import path

from renewals.views import mutes, reminders

app_name = "renewals"
urlpatterns = [
    path("reminders/", reminders.ledger, name="reminders"),
    path("reminders/stop/<token>/", mutes.mute_reminders, name="mute"),
]
