"""Addresses of `accounts`."""

from django.urls import path

from accounts.rules import Kind
from accounts.views import activity, contacts, desk, events, invitations, mailbox, personal, queue, team

app_name = "accounts"
customers, distributors = {"kind": Kind.CUSTOMER}, {"kind": Kind.DISTRIBUTOR}
urlpatterns = [
    path("accounts/switch/", personal.switch, name="switch"),
    path("accounts/invitations/<token>/", invitations.invitation, name="invitation"),
    path("activity/", activity.activity, name="activity"),
    path("activity.csv", activity.export, name="activity-export"),
    path("programme/", desk.overview, name="programme"),
    path("programme/customers/", desk.organisations, customers, name="programme-customers"),
    path("programme/customers/new/", desk.add, customers, name="programme-customers-new"),
    path("programme/customers/<slug>/", desk.edit, customers, name="programme-customers-edit"),
    path("programme/distributors/", desk.organisations, distributors, name="programme-distributors"),
    path("programme/distributors/new/", desk.add, distributors, name="programme-distributors-new"),
    path("programme/distributors/<slug>/", desk.edit, distributors, name="programme-distributors-edit"),
    path("programme/distributors/<slug>/certification/", desk.certification, name="programme-certification"),
    path("programme/organisations/<slug>/invite/", desk.invite_to, name="programme-invite"),
    path("programme/contacts/", contacts.contacts, name="programme-contacts"),
    path("programme/contacts/new/", contacts.edit, name="programme-contact-new"),
    path("programme/contacts/<uuid:pk>/", contacts.edit, name="programme-contact"),
    path("programme/contacts/<uuid:pk>/remove/", contacts.remove, name="programme-contact-remove"),
    path("programme/queue/", queue.queue, name="queue"),
    path("programme/queue/pause/", queue.pause_all, name="queue-pause"),
    path("programme/queue/resume/", queue.resume_all, name="queue-resume"),
    path("programme/queue/<uuid:pk>/retry/", queue.try_again, name="queue-retry"),
    path("programme/queue/<uuid:pk>/withdraw/", queue.take_back, name="queue-withdraw"),
    path("team/", team.team, name="team"),
    path("team/invite/", team.add, name="invite"),
    path("team/invitations/<uuid:pk>/send/", team.invite_again, name="invite-again"),
    path("team/invitations/<uuid:pk>/withdraw/", team.uninvite, name="uninvite"),
    path("team/<uuid:pk>/role/", team.change, name="member-role"),
    path("team/<uuid:pk>/limits/", team.limits, name="member-limits"),
    path("team/<uuid:pk>/remove/", team.remove, name="member-remove"),
    path("settings/", personal.profile, name="settings"),
    path("mail/events/<slug:provider>/", events.mail_events, name="mail-events"),
    path("settings/addresses/<uuid:pk>/release/", personal.release, name="address-release"),
    path("mailbox/", mailbox.mails, name="mailbox"),
    path("mailbox/<name>/", mailbox.mail, name="mail"),
    path("mailbox/<name>/html/", mailbox.mail_html, name="mail-html"),
]
