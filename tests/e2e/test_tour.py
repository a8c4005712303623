"""Everything that the tour tells a visitor to open, press or type is there. (The life itself: test_whole_life.)"""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from tests.scenario import run_jobs
from tests.sheets import carried

from wardmote.config import demo
from wardmote.config.demo import PASSWORD
from wardmote.config.demo.plaza import MODERATED
from wardmote.edges.cli.main import build_parser
from wardmote.kernel import clock
from wardmote.moderation.policy import ReportReason
from wardmote.network.models import Post

ROOT = Path(__file__).parents[2]
TOUR = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
PLAZA = "plaza.localhost"
HOST = "127.0.0.1"
PLACES = {"judy": HOST, "heidi": HOST, "rupert": "terrace.localhost"}
"""Where those come in who do not at the Plaza."""
THE_LAST_RESORT = "the first link that the host's desk has for whoever signs second"
CASE = "a case that they have claimed"

SHOWN: dict[str, tuple[str, str]] = {
    "Sign up": ("", "/"),
    "Desk": ("dave", "/"),
    "Appeals": ("dave", "/console/"),
    "Figures": ("dave", "/console/"),
    "Try a text": ("dave", "/console/"),
    "Filter": ("dave", "/console/"),
    "Deutsch": ("bob", "/"),
    "Take everything of yours along, as a file": ("bob", "/settings"),
    "Notices": ("bob", "/"),
    "Settings": ("bob", "/"),
    "Erase everything you wrote here": ("bob", "/settings"),
    "Waits for your signature": ("judy", "/host/"),
    "Suspend now": ("judy", THE_LAST_RESORT),
    "Look again now": ("judy", THE_LAST_RESORT),
    "Sign": ("judy", THE_LAST_RESORT),
    "Label": ("dave", CASE),
}
"""Word in italics that a visitor presses -> who sees it, and on which page of the place where they come in."""
UNDO_TIME = timedelta(minutes=6)
"""By then the letters of a decision have left."""
SAID = {"held"}
"""Words in italics that are nothing to press."""


def italics() -> set[str]:
    return {re.sub(r"\s+", " ", word) for word in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", TOUR)}


@pytest.fixture
def as_visitor(db: None) -> dict[str, Client]:
    """The demonstration, and a browser for each of those whom the tour names, and for a stranger under ""."""
    demo.load(clock.now())
    clients = {"": Client(headers={"host": PLAZA})}
    for name in {*re.findall(r"`(\w+)@example\.org`", TOUR), "bob"}:
        client = Client(headers={"host": PLACES.get(name, PLAZA)})
        answer = client.post("/accounts/login/", {"login": f"{name}@example.org", "password": PASSWORD})
        assert answer.status_code == 302, f"{name} cannot sign in"
        clients[name] = client
    return clients


def test_every_address_answers_and_everybody_named_can_sign_in(as_visitor: dict[str, Client]) -> None:
    """The addresses lead to pages, and the password that the tour tells is the cast's."""
    addresses = re.findall(r"<http://([\w.]+):8000(/[^>]*)>", TOUR)
    statuses = {host + path: Client(headers={"host": host}).get(path).status_code for host, path in addresses}

    assert f"`{PASSWORD}`" in TOUR
    assert {"carol", "dave", "erin", "heidi", "alice", "judy", "rupert"} <= as_visitor.keys()
    assert statuses == {
        "127.0.0.1/": 200,
        "127.0.0.1/accounts/login/": 200,
        "127.0.0.1/host/": 302,
        f"{PLAZA}/": 200,
        f"{PLAZA}/owner/": 302,
        "terrace.localhost/owner/": 302,
    }


def test_every_word_to_press_stands_where_the_tour_says(as_visitor: dict[str, Client]) -> None:
    """A button or link that was renamed sends a visitor looking for what is not there."""
    as_visitor["dave"].post("/console/next")
    mine = re.search(r"/console/cases/\d+", as_visitor["dave"].get("/console/").content.decode())
    assert mine is not None
    at = {place: mine[0] if place[1] == CASE else place[1] for place in set(SHOWN.values())}
    pages = {place: _page(as_visitor[place[0]], at[place]) for place in at}
    missing = [word for word, place in SHOWN.items() if not re.search(rf"\b{re.escape(word)}\b", pages[place])]

    assert italics() == SHOWN.keys() | SAID
    assert missing == []


def _page(client: Client, path: str) -> str:
    if path == THE_LAST_RESORT:
        desk = client.get("/host/").content.decode()
        path = desk.partition("Waits for your signature")[2].partition('href="')[2].partition("#")[0]
    return client.get(path, follow=True).content.decode()


def test_every_command_is_one() -> None:
    """What the tour types in a terminal is a target of make, or parses as a command of ours."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    made = set(re.findall(r"`make (\w+)`", TOUR))
    typed = set(re.findall(r"(?:`|/bin/)wardmote ([a-z ]+)", TOUR.replace(f"`{PASSWORD}`", "")))
    parsed = {arguments: build_parser().parse_args(arguments.split()).command for arguments in typed}

    assert made == {"run"}
    assert made <= targets
    assert parsed == {"record verify": "record"}


def test_a_stranger_meets_a_town_and_no_threat_that_nobody_has_decided(as_visitor: dict[str, Client]) -> None:
    """The call to burn the offices waits for a moderator: at the desk with its reports, covered for everybody else."""
    burning = next(each[3] for each in MODERATED if each[4] is ReportReason.INCITEMENT)
    front = as_visitor[""].get("/").content.decode() + as_visitor[""].get("/local").content.decode()
    desk = as_visitor["dave"].get("/console/").content.decode()
    post = Post.objects.get(text=burning)

    assert not [text for _author, _hours, _reported, text, *_rest in MODERATED if text[:60] in unescape(front)]
    assert burning[:60] in unescape(desk)
    assert post.visibility in ("covered", "held")


HARMLESS = "The band plays on the steps tonight."
(THREATENING,) = re.findall("such as “([^”]+)”", TOUR)


def test_who_follows_the_tour_comes_to_its_end(as_visitor: dict[str, Client]) -> None:
    """Steps 2 to 14 in the order in which they are written; before both cases are decided the last says what waits."""
    walter = _sign_up(as_visitor[""])
    harmless, threat = (_post(walter, text) for text in (HARMLESS, THREATENING))
    asked = walter.get("/settings/erase")
    assert asked.status_code == 302, "whoever erases shows again who they are"
    walter.post(asked.headers["Location"], {"password": PASSWORD})
    waits_at_first = walter.get("/settings/erase").content.decode()
    assert "You cannot erase it yet" in waits_at_first
    assert threat in waits_at_first
    assert harmless not in waits_at_first

    report = f"{harmless}/report"
    shown = carried(as_visitor["carol"].get(report).content.decode())
    as_visitor["carol"].post(report, {"reason": "threat", "comment": "Look.", **shown})
    decided = [_decide(as_visitor["dave"], path, action) for path, action in ((harmless, "label"), (threat, "remove"))]
    assert decided == [302, 302]
    run_jobs(clock.now() + UNDO_TIME)

    whys = re.findall(r"/why/\d+", walter.get("/measures").content.decode())
    (why,) = [each for each in whys if HARMLESS in walter.get(each).content.decode()]
    assert walter.post(f"{why}/appeal", {"text": "It is about a brass band."}).status_code == 302
    assert "Your appeal" in walter.get("/settings/erase").content.decode()
    listed = as_visitor["erin"].get("/console/appeals").content.decode()
    (appeal,) = [each for each in re.findall(r"/console/appeals/\d+", listed) if _is_walters(as_visitor["erin"], each)]
    sheet = {**carried(as_visitor["erin"].get(appeal).content.decode()), "outcome": "reverse", "reason": "A song."}
    assert as_visitor["erin"].post(f"{appeal}/decide", sheet).status_code == 302

    assert "You cannot erase it yet" not in walter.get("/settings/erase").content.decode()
    assert walter.post("/settings/erase", {"handle": "walter"}).status_code == 302
    assert as_visitor["carol"].get(harmless).status_code == 404


def _sign_up(client: Client) -> Client:
    page = client.get("/accounts/signup/").content.decode()
    policy = re.search(r'name="policy_hash" value="([0-9a-f]{64})"', page)
    assert policy is not None
    form = {"email": "walter@example.org", "password1": PASSWORD, "handle": "walter", "accept": "on"}
    sent = client.post("/accounts/signup/", {**form, "policy_hash": policy[1]})
    run_jobs(clock.now())
    codes = [re.search(r"^    (\S+)$", str(letter.body), re.MULTILINE) for letter in mail.outbox]
    (code,) = [
        found[1] for found, letter in zip(codes, mail.outbox, strict=True) if found and "Your code" in letter.subject
    ]
    client.post(sent.headers["Location"], {"code": code})
    return client


def _post(client: Client, text: str) -> str:
    """Write it; gives its path."""
    client.post("/post", {"text": text})
    found: list[str] = re.findall(r"/@walter/\d+", client.get("/@walter").content.decode())
    (path,) = {each for each in found if text in client.get(each).content.decode()}
    return path


def _decide(client: Client, path: str, action: str) -> int:
    """Claim the case about the post of this path, found by its author, and decide it."""
    page = client.get("/console/", {"author": "walter"}).content.decode()
    cases = dict.fromkeys(re.findall(r"/console/cases/\d+", page))
    (case,) = [each for each in cases if f'href="{path}"' in client.get(each).content.decode()]
    client.post(f"{case}/claim")
    sheet = client.get(case).content.decode()
    clause = re.search(r'<option value="(\d+)"[^>]*>1\.1 ', sheet)
    assert clause is not None
    typed = {"action": action, "clause": clause[1], "reason": "It frightened a neighbour."}
    return client.post(f"{case}/decide", {**carried(sheet[sheet.index('id="decision"') :]), **typed}).status_code


def _is_walters(client: Client, appeal: str) -> bool:
    return HARMLESS in client.get(appeal).content.decode()
