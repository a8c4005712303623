from django.test import Client
from tests.scenario import PASSWORD, PLAIN, Town
from tests.web.conftest import HARBOUR, PLAZA, Browser, said


def test_the_host_name_finds_the_community(browser: Browser) -> None:
    """Two names on one server are two places."""
    stranger = browser()
    plaza, harbour = stranger.get("/", HTTP_HOST=PLAZA), stranger.get("/", HTTP_HOST=HARBOUR.upper() + ":8000")

    assert plaza.status_code == harbour.status_code == 200
    assert "The Plaza" in plaza.content.decode()
    assert "The Harbour" in harbour.content.decode()


def test_an_unknown_name_is_a_page_in_words(browser: Browser) -> None:
    """A name nobody has is 404, says so, and escapes what it repeats."""
    response = browser().get("/", HTTP_HOST="nobody.example")

    assert response.status_code == 404
    assert "No community answers under the name “nobody.example”." in said(response.content.decode())


def test_a_malformed_name_is_a_page_in_words(browser: Browser) -> None:
    """What cannot be a host name is 400, not a trace."""
    response = browser().get("/", HTTP_HOST="<script>")

    assert response.status_code == 400
    assert "The browser sent something we cannot read." in said(response.content.decode())


def test_a_forwarded_name_counts_for_nothing(browser: Browser) -> None:
    """Anybody can write X-Forwarded-Host."""
    response = browser().get("/", HTTP_HOST=PLAZA, headers={"X-Forwarded-Host": HARBOUR})

    assert "The Plaza" in response.content.decode()
    assert "The Harbour" not in response.content.decode()


def test_the_hosts_own_name_is_the_front_door(town: Town, browser: Browser) -> None:
    """On the host's own name one finds the communities and the record, and none of a community's pages."""
    stranger = browser(host="localhost")
    front = stranger.get("/").content.decode()

    assert "http://plaza.localhost/" in front
    assert "http://harbour.localhost/" in front
    assert stranger.get("/record").status_code == 200
    assert stranger.get("/local").status_code == 404
    assert stranger.get("/accounts/signup/").status_code == 200


def test_a_session_is_bound_to_the_host_it_began_on(town: Town, browser: Browser) -> None:
    """Bob's cookie, replayed on another community's host, is nobody's there; at home it goes on working."""
    bob = browser()
    bob.post("/accounts/login/", {"login": "bob@example.org", "password": PASSWORD})
    assert bob.get("/settings").status_code == 200
    abroad = Client(HTTP_HOST=HARBOUR)
    abroad.cookies.load({name: morsel.value for name, morsel in bob.cookies.items()})
    response = abroad.get("/settings")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")
    assert "The Harbour" in abroad.get("/").content.decode()
    assert bob.get("/settings").status_code == 200


def test_a_foreign_session_writes_nothing(town: Town, browser: Browser) -> None:
    """Not even for a person who is a member of both: they sign in there first."""
    bob = browser("bob")
    bob.get("/")
    response = bob.post("/post", {"text": PLAIN}, HTTP_HOST=HARBOUR)

    assert response.headers["Location"].startswith("/accounts/login/")
    assert "post.published" not in town.verbs()
