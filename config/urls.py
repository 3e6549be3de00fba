"""Which app answers which address."""

from django.urls import include, path

from accounts.views.personal import set_language

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("", include("renewals.urls")),
    path("", include("licences.urls")),
    path("advisors/", include("advisors.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
]
