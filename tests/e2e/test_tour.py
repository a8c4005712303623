"""Everything that the tour tells a visitor to open, press or type is there. (The life itself: test_whole_life.)"""

import re
from pathlib import Path

import pytest
from django.test import Client

from wardmote.config import demo
from wardmote.config.demo import PASSWORD
from wardmote.edges.cli.main import build_parser
from wardmote.kernel import clock

ROOT = Path(__file__).parents[2]
TOUR = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
PLAZA = "plaza.localhost"
HOST = "127.0.0.1"
PLACES = {"judy": HOST, "heidi": HOST, "rupert": "terrace.localhost"}
"""Where those come in who do not at the Plaza."""
THE_LAST_RESORT = "the first link that the host's desk has for whoever signs second"

SHOWN: dict[str, tuple[str, str]] = {
    "Sign up": ("", "/"),
    "Desk": ("dave", "/"),
    "Appeals": ("dave", "/console/"),
    "Figures": ("dave", "/console/"),
    "Try a text": ("dave", "/console/"),
    "Deutsch": ("bob", "/"),
    "Take everything of yours along, as a file": ("bob", "/settings"),
    "Notices": ("bob", "/"),
    "Settings": ("bob", "/"),
    "Erase everything you wrote here": ("bob", "/settings"),
    "Waits for your signature": ("judy", "/host/"),
    "Suspend now": ("judy", THE_LAST_RESORT),
    "Look again now": ("judy", THE_LAST_RESORT),
    "Sign": ("judy", THE_LAST_RESORT),
}
"""Word in italics that a visitor presses -> who sees it, and on which page of the place where they come in."""
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
    pages = {place: _page(as_visitor[place[0]], place[1]) for place in set(SHOWN.values())}
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
