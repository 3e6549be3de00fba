"""Addresses of `advisors`."""

from django.urls import path

from advisors import views

app_name = "advisors"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("search", views.search, name="search"),
    path("<uuid:pk>/", views.firm, name="firm"),
]
