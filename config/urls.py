"""Which app answers which address."""

from django.urls import include, path

from accounts.views.personal import set_language
from advisors import urls as advisors

urlpatterns = [
    path("language/", set_language, name="set_language"),
    # Before the customers' own pages: `customers/ask/` is no customer.
    path("", include("licences.urls")),
    path("", include("renewals.urls")),
    path("advisors/", include("advisors.urls")),
    path("programme/firms/", include((advisors.programme, "firms"))),
    path("team/contacts/", include((advisors.team, "firm-contacts"))),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
]
