import logging
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.authorisation.scene import ROLES, SECRET, Address, Scene, addresses, outcome
from tests.hosting.conftest import log
from tests.scenario import HELD, Town

__all__ = ["log"]

MATRIX = Path(__file__).with_name("matrix.txt")
"""One line an address, one column a role, read and agreed to by a person. The columns are in the order of ROLES."""


AT_THE_HOST = Path(__file__).with_name("host_matrix.txt")
"""The same on the host's own domain, for what answers there."""
_BY_ANSWER = {"stranger": None, "member": "bob", "owner": "alice", "host's staff": "ivan"}


def _agreed(matrix: Path = MATRIX) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for line in matrix.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            address, _, words = line.partition("  ")
            rows[address] = words.split()
    return rows


@pytest.fixture
def scene(town: Town, log: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"plaza.localhost"})
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    return Scene(town)


def test_the_matrix_has_every_address() -> None:
    """A new address without a line in the matrix, or a line without its address, is a fault."""
    assert sorted(str(a) for a in addresses()) == sorted(_agreed())


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_matrix_says(scene: Scene, role: str) -> None:
    """Every address, asked by this role, answers as was agreed."""
    column = list(ROLES).index(role)
    client = scene.client(ROLES[role], community="plaza")
    got = {str(a): outcome(scene.ask(client, a, name=ROLES[role])) for a in addresses()}

    assert got == {address: words[column] for address, words in _agreed().items()}


@pytest.mark.parametrize("name", ["frank", "grace"])
def test_no_address_of_the_harbour_shows_anything_of_the_plaza(scene: Scene, name: str) -> None:
    """The Harbour's owner and moderator try every address with the Plaza's ids: none is found, no word gets out."""
    client = scene.client(name, community="harbour")
    for address in addresses():
        response = scene.ask(client, address, name=name)

        assert SECRET not in response.content.decode(), str(address)
        if "<" in address.template and "number" not in address.template:
            assert outcome(response) in ("401", "404", "405", "403"), f"{address}: {outcome(response)}"


@pytest.mark.parametrize("name", ["frank", "grace"])
def test_a_session_of_one_community_is_nothing_in_another(scene: Scene, name: str) -> None:
    """A cookie taken from the Harbour and sent to the Plaza is a stranger's."""
    client = scene.client(name, community="harbour")
    client.get("/")
    client.defaults["HTTP_HOST"] = "plaza.localhost"
    for address in (Address("GET", "notices"), Address("GET", "settings"), Address("POST", "post")):
        response = client.get(scene.path(address)) if address.method == "GET" else client.post("/post", {"text": "x"})

        assert outcome(response) == "sign-in", str(address)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", ROLES)
def test_a_held_post_is_its_authors_and_the_moderators_alone(scene: Scene, role: str) -> None:
    """To everybody else a held post does not exist, at any of its addresses."""
    held = scene.town.post("bob", HELD)
    scene.ids["post_id"] = held.post_id
    client = scene.client(ROLES[role], community="plaza")
    may = role in ("author", "moderator", "owner")
    for template in ("@<handle:handle>/<id:post_id>", "@<handle:handle>/<id:post_id>/history"):
        response = scene.ask(client, Address("GET", template), name=ROLES[role])

        assert outcome(response) == ("shown" if may else "404"), template
        assert ("I will find you" in response.content.decode()) == may, template


@pytest.mark.parametrize("role", _BY_ANSWER)
def test_each_role_gets_at_the_host_what_its_matrix_says(scene: Scene, role: str) -> None:
    """On the host's own domain only what its matrix lists answers; of a community's pages there are none."""
    column = list(_BY_ANSWER).index(role)
    client = scene.client(_BY_ANSWER[role])
    got = {str(a): outcome(scene.ask(client, a, name=_BY_ANSWER[role])) for a in addresses()}
    agreed = _agreed(AT_THE_HOST)

    assert {a: words[column] for a, words in agreed.items()} == {a: got[a] for a in agreed}
    assert {"404", "405", "sign-in"} >= {word for a, word in got.items() if a not in agreed}
