"""What is made with the installation's secret is made in the same way for good: links in letters, secrets, cookies."""

import time

import pytest
from allauth.account.forms import default_token_generator
from django.conf import settings as product
from django.test import RequestFactory
from pytest_django import Settings
from tests.golden.frozen import RULE, frozen, hold

from wardmote.config import secrets_seen
from wardmote.edges.console import shield
from wardmote.edges.ui import drafts
from wardmote.edges.web import devices, middleware, sessions
from wardmote.moderation.operations import webhooks
from wardmote.moderation.policy.sampling import drawn_by_lot, sample_seen
from wardmote.moderation.policy.texts import hash_text
from wardmote.outside import appeal_links, webhook
from wardmote.people.policy import digest

SECRET = "a secret of the golden lists"
NOON = 1_795_348_800


@pytest.fixture
def fixed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret and a moment that stay."""
    settings.SECRET_KEY = SECRET
    monkeypatch.setattr(time, "time", lambda: NOON)


def test_macs_and_their_labels_stay(fixed: None) -> None:
    """A link that somebody was sent, and a secret that a platform was told, are good for as long as they said."""
    secret = webhook.secret_of(7)
    hold(
        "macs",
        [
            f"appeal link of decision 7: {appeal_links.token_of(7)}",
            f"secret of webhook 7: {secret}",
            f"signature of a webhook: {webhook.sign(secret, message_id='7', timestamp=NOON, body=b'{}')}",
            f"fingerprint of the secret: {secrets_seen.fingerprint(SECRET)}",
            f"salt of sessions: {sessions.SessionStore().key_salt}",
            f"salt of a new password's link: {default_token_generator.key_salt}",
        ],
    )


def test_what_is_compared_by_its_hash_is_hashed_so() -> None:
    """Keys, tokens and texts are stored as hashes alone: another way of hashing would lose them all."""
    hold(
        "hashes",
        [
            f"key: {digest('wm_secret')}",
            f"invitation link: {digest('token')}",
            f"text: {hash_text('Grüße.')}",
            f"sheet of an audit: {sample_seen('hash', ['b', 'a'])}",
            f"draw by lot: {drawn_by_lot('seed', range(1, 20), 5)}",
        ],
    )


def test_names_that_browsers_and_sessions_keep_stay() -> None:
    """A cookie or a session's part under another name is one that is not found: everybody would be signed out."""
    named = (sessions.COME_BY, sessions.SIGN_UP, middleware.HOST_KEY, shield._LOWERED)  # noqa: SLF001 - the list's own
    hold(
        "browsers",
        [
            *(f"cookie {name}" for name in _cookies_of_django()),
            *(f"session {name}" for name in named),
            *(f"sign-in by {path}" for path in product.AUTHENTICATION_BACKENDS),
        ],
    )


def test_messages_to_platforms_keep_their_names() -> None:
    """A platform's receiver looks at the type."""
    hold("webhook-types", [webhooks.MADE, webhooks.REVERSED, webhooks.APPEAL_DECIDED])


def test_what_was_signed_once_is_still_read(fixed: None) -> None:
    """A browser that is known stays known, and nobody is signed out.

    The list is not written anew: how zlib packs a cookie is its own affair.
    """
    kept = dict(line.split(" ", 1) for line in frozen("kept-cookies"))
    request = RequestFactory().get("/post")
    request.COOKIES.update(kept)

    assert devices.device_of(request, "bob@example.org") == "d" * 12, RULE
    # What was typed is kept for an hour, under other names since: one of before is let go, and is no error.
    assert drafts.take(request) is None
    assert sessions.SessionStore().decode(kept["session"]) == {"a": 1}, RULE


def _cookies_of_django() -> list[str]:
    return [product.SESSION_COOKIE_NAME, product.CSRF_COOKIE_NAME, product.LANGUAGE_COOKIE_NAME]
