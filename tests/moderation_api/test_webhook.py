import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.scenario import Town

from wardmote.communities.policy import Action
from wardmote.config.jobs import HANDLERS
from wardmote.jobs import engine
from wardmote.kernel.errors import Invalid
from wardmote.moderation.models import WebhookDelivery
from wardmote.moderation.policy.outside import next_try
from wardmote.outside import webhook
from wardmote.outside.guard import is_public


class Platform:
    """An outside platform's receiver: what came, and what it answers."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.reply = b"noted"
        platform = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                platform.came.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(platform.status)
                self.send_header("content-length", str(len(platform.reply)))
                self.send_header("location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(platform.reply)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks?from=wardmote"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """A receiver on this machine, which only an installation that says so may send to."""
    monkeypatch.setattr(settings, "WARDMOTE_PRIVATE_WEBHOOKS", True)
    receiver = Platform()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """What a receiver does by the Standard Webhooks rules: any one of the signatures will do."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{mac}" in headers["webhook-signature"].split(" ")


def work(town: Town) -> None:
    engine.run_due(engine.resolve(HANDLERS), now=town.now)


def deliveries(ask: Ask, key: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = ask("GET", "/v1/webhook/deliveries", key=key)[1]["deliveries"]
    return listed


def decide(town: Town, ask: Ask, key: str, platform: Platform) -> str:
    """Set the webhook, let a threat in, have Dave remove it; gives the webhook's secret."""
    secret: str = ask("POST", "/v1/webhook", {"url": platform.url}, key=key)[1]["secret"]
    tell(ask, key, told(1))
    tell(ask, key, told(2, "report", reporter="carol", reason="threat"))
    town.decide("dave", Action.REMOVE)
    return secret


def test_a_decision_comes_back_signed(town: Town, ask: Ask, platform_key: str, platform: Platform) -> None:
    """What was decided, why, in the author's words to read; signed as the Standard Webhooks rules say."""
    secret = decide(town, ask, platform_key, platform)
    work(town)
    ((headers, body),) = platform.came

    message = json.loads(body)
    assert verified(secret, headers, body)
    assert not verified(secret, headers, body + b" ")
    assert message["type"] == "decision.made"
    assert message["data"]["post"] == "p1"
    assert message["data"]["action"] == "remove"
    assert message["data"]["clause"]["key"] == "1.1"
    assert message["data"]["now"]["visibility"] == "removed"
    assert message["data"]["reporters"] == ["carol"]
    assert "It is a threat." in message["data"]["statement_of_reasons"]


def test_a_message_that_is_not_taken_is_tried_again_with_the_same_id(
    town: Town, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """The log has each try with the platform's answer; the receiver can tell that it is the same message."""
    decide(town, ask, platform_key, platform)
    platform.status = 503
    work(town)
    work(town)
    platform.status = 200
    town.pass_time(seconds=11)
    work(town)
    (delivery,) = deliveries(ask, platform_key)

    assert [t["status"] for t in delivery["tries"]] == [503, 200]
    assert delivery["state"] == "delivered"
    assert delivery["tries"][1]["reply"] == "noted"
    assert len({headers["webhook-id"] for headers, _ in platform.came}) == 1
    assert len({headers["webhook-timestamp"] for headers, _ in platform.came}) == 2


def test_a_delivered_message_is_not_sent_twice(town: Town, ask: Ask, platform_key: str, platform: Platform) -> None:
    """A worker that died after the sending, or a job put twice, changes nothing."""
    from wardmote.moderation.tasks import deliver_webhook

    decide(town, ask, platform_key, platform)
    work(town)
    deliver_webhook(WebhookDelivery.objects.get().pk, now=town.now)

    assert len(platform.came) == 1


def test_a_message_can_be_sent_again(town: Town, ask: Ask, platform_key: str, platform: Platform) -> None:
    """On demand, with its id; another community's cannot."""
    decide(town, ask, platform_key, platform)
    work(town)
    number = deliveries(ask, platform_key)[0]["id"]
    status, _ = ask("POST", f"/v1/webhook/deliveries/{number}/resend", key=platform_key)
    missing, _ = ask("POST", "/v1/webhook/deliveries/1/resend", key=platform_key)
    nonsense, _ = ask("POST", "/v1/webhook/deliveries/x/y", key=platform_key)
    work(town)

    assert (status, missing, nonsense) == (200, 404, 404)
    assert [headers["webhook-id"] for headers, _ in platform.came] == [f"msg_{number}"] * 2
    assert town.verbs()[-2:] == ["webhook.resent", "webhook.delivered"]


def test_what_was_decided_before_a_webhook_was_set_is_told_then(
    town: Town, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """Nothing is lost while nobody listens."""
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.NONE)
    work(town)
    before = len(platform.came)
    ask("POST", "/v1/webhook", {"url": platform.url}, key=platform_key)
    work(town)

    assert (before, len(platform.came)) == (0, 1)
    assert json.loads(platform.came[0][1])["data"]["statement_of_reasons"] is None


def test_a_message_is_given_up_after_three_days(town: Town, ask: Ask, platform_key: str, platform: Platform) -> None:
    """The last try leaves it failed, on the record; sending it again begins anew."""
    decide(town, ask, platform_key, platform)
    platform.status = 500
    began = town.now
    while deliveries(ask, platform_key)[0]["state"] == "waiting":
        work(town)
        town.pass_time(hours=25)
    (delivery,) = deliveries(ask, platform_key)

    assert (delivery["state"], len(delivery["tries"])) == ("failed", 10)
    assert town.now > began
    assert town.verbs()[-1] == "webhook.failed"
    assert sum((next_try(n) or timedelta() for n in range(1, 10)), timedelta()) > timedelta(days=2)


def test_a_redirect_is_not_followed(town: Town, ask: Ask, platform_key: str, platform: Platform) -> None:
    """A receiver cannot send us on to where it likes: its redirect is a refusal."""
    decide(town, ask, platform_key, platform)
    platform.status = 302
    work(town)
    (delivery,) = deliveries(ask, platform_key)

    assert (delivery["state"], delivery["tries"][0]["status"]) == ("waiting", 302)


def test_a_private_address_is_never_sent_to(town: Town, monkeypatch: pytest.MonkeyPatch, platform: Platform) -> None:
    """Unless the installation says so; the name is looked up again at each sending, and the log says why not."""
    monkeypatch.setattr(settings, "WARDMOTE_PRIVATE_WEBHOOKS", False)
    answer = webhook.send(
        url=platform.url.replace("http:", "https:"),
        message_id="msg_1",
        content={},
        secrets=[webhook.secret_of(1)],
        now=town.now,
    )

    assert (answer.taken, answer.status) == (False, None)
    assert "not a public address" in answer.reply
    assert platform.came == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 - refused here
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_a_private_address_is_known_in_all_its_forms(address: str) -> None:
    """Loopback, link-local, private, multicast, and IPv4 within IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1"])
def test_a_public_address_is_known(address: str) -> None:
    """The internet can be reached."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://platform.example/",
        "ftp://platform.example/",
        "https://",
        "https://user:password@platform.example/",
        "https://platform.example:0/",
        "https://platform.example:99999/",
        "https://platform.example/#part",
        "https://platform.example/ x",
        "https://plätform.example/",
        "https://platform.example/\r\nHost: other",
        "https://platform.example/" + "x" * 500,
        "https://[::1",
    ],
)
def test_an_address_that_no_webhook_can_have_is_refused(url: str) -> None:
    """With a sentence, when it is set."""
    with pytest.raises(Invalid):
        webhook.check_url(url)


def test_the_secret_is_the_webhooks_own_and_in_no_table(
    town: Town, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """Two webhooks have two secrets; ending one and setting it again changes it."""
    first = ask("POST", "/v1/webhook", {"url": platform.url}, key=platform_key)[1]["secret"]
    ended = ask("POST", "/v1/webhook", {"url": ""}, key=platform_key)[1]
    none = ask("GET", "/v1/webhook", key=platform_key)[1]
    second = ask("POST", "/v1/webhook", {"url": platform.url}, key=platform_key)[1]["secret"]

    assert first != second
    assert (ended, none) == ({"url": None, "secret": None}, {"url": None})


def test_the_check_on_the_page_for_platforms_holds(
    town: Town, ask: Ask, platform_key: str, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied as it stands: it knows a message of ours, and neither a changed one, another secret nor an old one."""
    page = (Path(__file__).parents[2] / "docs" / "howto" / "connect-a-platform.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - our own page
    is_from_wardmote = names["is_from_wardmote"]
    secret = decide(town, ask, platform_key, platform)
    work(town)
    ((headers, body),) = platform.came
    monkeypatch.setattr("time.time", lambda: int(headers["webhook-timestamp"]) + 60)

    assert is_from_wardmote(headers, body, secret)
    assert not is_from_wardmote(headers, body + b" ", secret)
    assert not is_from_wardmote(headers, body, webhook.secret_of(1))
    monkeypatch.setattr("time.time", lambda: int(headers["webhook-timestamp"]) + 301)
    assert not is_from_wardmote(headers, body, secret)
