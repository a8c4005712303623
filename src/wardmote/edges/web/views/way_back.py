"""The link in the mail to an address that a login no longer has: it takes the login back."""

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import get_user_model, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wardmote.journeys.members import way_back
from wardmote.kernel import clock


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, token: str) -> HttpResponse:
    """Ask first, since mail programs look at links by themselves; then restore the address and ask for a password."""
    if request.method != "POST":
        way_back.look(token=token, now=clock.now())
        page = render(request, "web/way_back.html")
        page.headers["Referrer-Policy"] = "same-origin"  # the token in the address is nobody else's to see
        return page
    person_id = way_back.take_back(token=token, now=clock.now())
    logout(request)
    person = get_user_model().objects.get(pk=person_id)
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    uid = user_pk_to_url_str(person)
    return HttpResponseRedirect(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key}))
