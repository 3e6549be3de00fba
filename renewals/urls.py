"""Addresses of `renewals`."""

from django.urls import path

from renewals.views import certificates, customers, home, jump, mutes, portfolio, reminders, supporting, viewing

app_name = "renewals"
urlpatterns = [
    path("", home.home, name="home"),
    path("go/", jump.go, name="go"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/export/", portfolio.export, name="export"),
    path("portfolio/views/", portfolio.save_view, name="save-view"),
    path("portfolio/views/<uuid:pk>/delete/", portfolio.delete_view, name="delete-view"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<slug:slug>/", customers.customer, name="customer"),
    path("customers/<slug:slug>/notes/", customers.add_note, name="add-note"),
    path("customers/<slug:slug>/notes/<uuid:pk>/", customers.finish_note, name="finish-note"),
    path("customers/<slug:slug>/notes/<uuid:pk>/delete/", customers.delete_note, name="delete-note"),
    path("licences/assignments/firms/<uuid:pk>/", viewing.now, name="view-as"),
    path("licences/assignments/review/view-as/", viewing.after_wish, name="view-as-shared"),
    path("licences/assignments/<uuid:pk>/view-as/", viewing.after_edit, name="view-as-changed"),
    path("advisors/add/<uuid:pk>/view-as/", viewing.after_draft, name="view-as-draft"),
    path("programme/support/", supporting.supported, name="supported"),
    path("programme/support/<slug:slug>/", supporting.customer, name="supported-customer"),
    path("reminders/", reminders.ledger, name="reminders"),
    path("reminders/stop/<token>/", mutes.mute_reminders, name="mute"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/issue/", certificates.issue_all, name="certificate-issue-all"),
    path("certificates/issue/<uuid:coverage>/", certificates.issue, name="certificate-issue"),
    path("certificates/<uuid:pk>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:pk>.pdf", certificates.pdf, name="certificate-pdf"),
    path("verify/", certificates.check, name="check"),
    path("verify/<str:number>", certificates.verify, name="verify"),
]
