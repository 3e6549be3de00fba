"""Addresses of `accounts`."""

from django.urls import path

from accounts.views import activity, invitations, mailbox, personal, team

app_name = "accounts"
urlpatterns = [
    path("accounts/switch/", personal.switch, name="switch"),
    path("accounts/invitations/<token>/", invitations.invitation, name="invitation"),
    path("activity/", activity.activity, name="activity"),
    path("activity.csv", activity.export, name="activity-export"),
    path("team/", team.team, name="team"),
    path("team/invite/", team.add, name="invite"),
    path("team/invitations/<uuid:pk>/send/", team.invite_again, name="invite-again"),
    path("team/invitations/<uuid:pk>/withdraw/", team.uninvite, name="uninvite"),
    path("team/<uuid:pk>/role/", team.change, name="member-role"),
    path("team/<uuid:pk>/remove/", team.remove, name="member-remove"),
    path("settings/", personal.profile, name="settings"),
    path("mailbox/", mailbox.mails, name="mailbox"),
    path("mailbox/<name>/", mailbox.mail, name="mail"),
    path("mailbox/<name>/html/", mailbox.mail_html, name="mail-html"),
]
