import re

from tests.console.conftest import Browser
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.moderation_api.test_webhook import Platform, verified, work
from tests.scenario import Town

from wardmote.communities.policy import Action
from wardmote.moderation.models import Webhook, WebhookDelivery


def _secret(page: bytes) -> str:
    found = re.search(r"whsec_[\w+/]{43}=", page.decode())
    assert found is not None
    return found[0]


def test_an_owner_sets_the_webhook_and_sees_its_secret_once(
    town: Town, browser: Browser, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """The first answer has the secret by which a message is known; moving the address keeps it and shows it no more."""
    alice = browser("alice")
    secret = _secret(alice.post("/owner/webhook", {"url": platform.url}).content)
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.REMOVE)
    work(town)
    moved = alice.post("/owner/webhook", {"url": platform.url + "&more"}, follow=True).content.decode()

    assert verified(secret, *platform.came[0])
    assert "whsec_" not in moved
    assert platform.url.replace("&", "&amp;") + "&amp;more" in moved
    assert "webhook.set" in town.verbs()


def test_a_new_secret_signs_beside_the_old_for_a_day(
    town: Town, browser: Browser, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """A receiver may change over without losing a message; after a day the old one signs nothing."""
    alice = browser("alice")
    old = _secret(alice.post("/owner/webhook", {"url": platform.url}).content)
    new = _secret(alice.post("/owner/webhook/secret").content)
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.REMOVE)
    work(town)
    town.pass_time(hours=25)
    alice.post(f"/owner/webhook/deliveries/{WebhookDelivery.objects.get().pk}/resend")
    work(town)
    first, second = platform.came

    assert [verified(s, *first) for s in (old, new)] == [True, True]
    assert [verified(s, *second) for s in (old, new)] == [False, True]
    assert "webhook.secret_renewed" in town.verbs()


def test_the_log_shows_each_try_and_sends_again(
    town: Town, browser: Browser, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """What the platform answered is escaped; the message goes out again with its id."""
    alice = browser("alice")
    alice.post("/owner/webhook", {"url": platform.url})
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.REMOVE)
    platform.status, platform.reply = 503, b"<b>x</b>"
    work(town)
    page = alice.get("/owner/webhook").content.decode()
    delivery = WebhookDelivery.objects.get()
    platform.status = 204
    again = alice.post(f"/owner/webhook/deliveries/{delivery.pk}/resend", follow=True)
    work(town)

    assert "answered 503" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "on its way again" in again.content.decode()
    assert {headers["webhook-id"] for headers, _ in platform.came} == {f"msg_{delivery.pk}"}
    assert town.verbs()[-2:] == ["webhook.resent", "webhook.delivered"]
    assert f"/console/cases/{delivery.decision.case_id}" in page


def test_an_address_that_cannot_be_sent_to_is_said_at_the_field(town: Town, browser: Browser) -> None:
    """A private scheme, a login in it, no address: nothing is set."""
    alice = browser("alice")
    for url in ("http://forum.example/", "https://a:b@forum.example/", "nonsense"):
        answer = alice.post("/owner/webhook", {"url": url})

        assert answer.status_code == 422
        assert url in answer.content.decode()
    assert not Webhook.objects.exists()


def test_ending_the_webhook_leaves_nobody_to_send_to(town: Town, browser: Browser, platform: Platform) -> None:
    """There is then no secret to renew, and the record has the end."""
    alice = browser("alice")
    alice.post("/owner/webhook", {"url": platform.url})
    alice.post("/owner/webhook", {"url": ""})

    assert not Webhook.objects.exists()
    assert alice.post("/owner/webhook/secret").status_code == 404
    assert town.verbs()[-1] == "webhook.removed"


def test_another_communitys_message_is_not_sent_again(
    town: Town, browser: Browser, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """Frank, who owns the Harbour, does not find the Plaza's; a number past all ids is none either."""
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.REMOVE)
    frank = browser("frank", host="harbour.localhost")
    for number in (WebhookDelivery.objects.get().pk, 2**63, 10**30):
        assert frank.post(f"/owner/webhook/deliveries/{number}/resend").status_code == 404
