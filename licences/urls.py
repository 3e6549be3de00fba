"""Addresses of `licences`."""

from django.urls import path

from licences.views import assignments, cells, update, wizard, wizard_access, wizard_review

app_name = "licences"
urlpatterns = [
    path("licences/assignments/", assignments.assignments, name="assignments"),
    path("licences/assignments/review/", cells.bulk, name="bulk"),
    path("licences/assignments/<uuid:coverage>/<uuid:advisor>/", cells.cell, name="cell"),
    path("licences/assignments/<uuid:pk>/", update.assignment, name="assignment"),
    path("licences/assignments/<uuid:pk>/remove/", update.remove, name="remove"),
    path("advisors/add/", wizard.find, name="add"),
    path("advisors/add/<uuid:pk>/", wizard.find, name="add-find"),
    path("advisors/add/<uuid:pk>/contact/", wizard.contact, name="add-contact"),
    path("advisors/add/<uuid:pk>/access/", wizard_access.access, name="add-access"),
    path("advisors/add/<uuid:pk>/review/", wizard_review.review, name="add-review"),
    path("advisors/add/<uuid:pk>/discard/", wizard.give_up, name="add-discard"),
]
