"""Which app answers which address."""

from django.urls import include, path

urlpatterns = [
    path("", include("renewals.urls")),
    path("", include("licences.urls")),
    path("advisors/", include("advisors.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
]
