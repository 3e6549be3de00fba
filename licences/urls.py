"""Addresses of `licences`."""

from django.urls import path

from licences.views import (
    assignments,
    cells,
    editing,
    imports,
    licence,
    listing,
    pauses,
    resigning,
    update,
    wizard,
    wizard_access,
    wizard_review,
)

app_name = "licences"
urlpatterns = [
    path("licences/", listing.licences, name="list"),
    path("licences/add/", editing.new, name="new"),
    path("licences/<uuid:pk>/", licence.licence, name="licence"),
    path("licences/<uuid:pk>/edit/", editing.edit, name="edit"),
    path("licences/<uuid:pk>/coverages/add/", editing.cover, name="cover"),
    path("licences/coverages/<uuid:pk>/", editing.coverage, name="coverage"),
    path("licences/import/", imports.upload, name="import"),
    path("licences/import/template.csv", imports.template, name="import-template"),
    path("licences/import/<uuid:pk>/", imports.batch, name="import-batch"),
    path("licences/import/<uuid:pk>/apply/", imports.confirm, name="import-apply"),
    path("licences/import/<uuid:pk>/discard/", imports.discard, name="import-discard"),
    path("licences/assignments/", assignments.assignments, name="assignments"),
    path("licences/assignments/review/", cells.bulk, name="bulk"),
    path("licences/assignments/<uuid:coverage>/<uuid:advisor>/", cells.cell, name="cell"),
    path("licences/assignments/<uuid:pk>/", update.assignment, name="assignment"),
    path("licences/assignments/<uuid:pk>/remove/", update.remove, name="remove"),
    path("licences/assignments/<uuid:pk>/suspend/", pauses.suspend, name="suspend"),
    path("licences/assignments/<uuid:pk>/resume/", pauses.resume, name="resume"),
    path("customers/access/<uuid:pk>/resign/", resigning.resign, name="resign"),
    path("advisors/add/", wizard.find, name="add"),
    path("advisors/add/<uuid:pk>/", wizard.find, name="add-find"),
    path("advisors/add/<uuid:pk>/contact/", wizard.contact, name="add-contact"),
    path("advisors/add/<uuid:pk>/access/", wizard_access.access, name="add-access"),
    path("advisors/add/<uuid:pk>/review/", wizard_review.review, name="add-review"),
    path("advisors/add/<uuid:pk>/discard/", wizard.give_up, name="add-discard"),
]
