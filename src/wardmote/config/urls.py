"""Every address, edge by edge."""

from django.urls import URLPattern, URLResolver, include, path

from wardmote.edges.web.views.code import EnterCode

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/confirm-email/", EnterCode.as_view()),
    path("accounts/", include("allauth.urls")),
    path("exchange/", include("wardmote.edges.exchange.urls")),
    path("console/", include("wardmote.edges.console.moderators.urls")),
    path("owner/", include("wardmote.edges.console.owners.urls")),
    path("host/", include("wardmote.edges.console.hosts.urls")),
    path("", include("wardmote.edges.web.urls")),
]

handler400 = "wardmote.edges.web.errors.bad_request"
handler403 = "wardmote.edges.web.errors.permission_denied"
handler404 = "wardmote.edges.web.errors.page_not_found"
handler500 = "wardmote.edges.web.errors.server_error"
