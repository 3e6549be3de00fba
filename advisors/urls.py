"""Addresses of `advisors`, and those of its part of the programme's desk and of a firm's team."""

from django.urls import path

from advisors.views import contacts, desk, directory

app_name = "advisors"
urlpatterns = [
    path("", directory.directory, name="directory"),
    path("search", directory.search, name="search"),
    path("<uuid:pk>/", directory.firm, name="firm"),
]
programme = [
    path("", desk.firms, name="list"),
    path("new/", desk.add, name="new"),
    path("<slug>/", desk.edit, name="edit"),
]
team = [
    path("", contacts.contacts, name="list"),
    path("new/", contacts.edit, name="new"),
    path("<uuid:pk>/", contacts.edit, name="edit"),
    path("<uuid:pk>/left/", contacts.leave, name="leave"),
]
