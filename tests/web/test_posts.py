import re

import pytest
from django.test import Client
from tests.scenario import HELD, PASSWORD, PLAIN, Town
from tests.web.conftest import Browser, said

HTMX = {"HX-Request": "true"}


def _page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_a_post_is_written_and_read(town: Town, browser: Browser) -> None:
    """Bob writes; the answer leads to the post; a stranger reads it; the record has it."""
    response = browser("bob").post("/post", {"text": PLAIN})
    path = response.headers["Location"]

    assert response.status_code == 302
    assert re.fullmatch(r"/@bob/\d+", path)
    assert PLAIN in _page(browser(), path)
    assert town.verbs() == ["post.published"]


def test_too_long_a_post_keeps_what_was_typed(town: Town, browser: Browser) -> None:
    """1,001 characters come back with a sentence, status 422, and every character still in the form."""
    text = "ä" * 1001
    response = browser("bob").post("/post", {"text": text})
    html = response.content.decode()

    assert response.status_code == 422
    assert "The text has 1,001 characters; the most is 1,000." in said(html)
    assert text in html
    assert 'aria-invalid="true"' in html
    assert town.verbs() == []


@pytest.mark.parametrize("text", ["", "   \n ", "a\x00b", "a\x07b"])
def test_what_cannot_be_a_post_is_said_at_the_field(town: Town, browser: Browser, text: str) -> None:
    """Nothing, blanks and control characters are 422 with a sentence."""
    response = browser("bob").post("/post", {"text": text})

    assert response.status_code == 422
    assert 'id="id_text_error"' in response.content.decode()
    assert town.verbs() == []


def test_in_place_the_form_comes_back_empty_with_the_post(town: Town, browser: Browser) -> None:
    """Asked by htmx, the answer is an empty form, and the post to put above the feed."""
    response = browser("bob").post("/post", {"text": PLAIN}, headers=HTMX)
    html = response.content.decode()

    assert response.status_code == 200
    assert "<html" not in html
    assert 'hx-swap-oob="afterbegin:#feed"' in html
    assert PLAIN in html.split("hx-swap-oob")[1]
    assert PLAIN not in html.split("hx-swap-oob")[0]


def test_in_place_a_mistake_comes_back_with_the_form(town: Town, browser: Browser) -> None:
    """Asked by htmx, too long a post is the form alone, as it was typed, with status 422."""
    response = browser("bob").post("/post", {"text": "b" * 1001}, headers=HTMX)

    assert response.status_code == 422
    assert "<html" not in response.content.decode()
    assert "b" * 1001 in response.content.decode()


def test_a_reply_stands_under_what_it_answers(town: Town, browser: Browser) -> None:
    """Carol answers Bob: each post's page shows the other."""
    post = town.post("bob", PLAIN)
    response = browser("carol").post(post.path + "/reply", {"text": "They smell of honey."})
    reply = response.headers["Location"].split("#post-")[1]

    assert "They smell of honey." in _page(browser(), post.path)
    assert PLAIN in _page(browser(), f"/@carol/{reply}")


def test_too_long_a_reply_keeps_what_was_typed(town: Town, browser: Browser) -> None:
    """The post's page comes back around the form, with status 422."""
    post = town.post("bob", PLAIN)
    response = browser("carol").post(post.path + "/reply", {"text": "c" * 1001})

    assert response.status_code == 422
    assert PLAIN in response.content.decode()
    assert "c" * 1001 in response.content.decode()


def test_an_edit_keeps_the_old_text_in_the_history(town: Town, browser: Browser) -> None:
    """The form holds the text; after saving, the page has the new one and the history both."""
    post, bob = town.post("bob", PLAIN), browser("bob")

    assert PLAIN in _page(bob, post.path + "/edit")
    bob.post(post.path + "/edit", {"text": "The lime trees are bare."})
    assert PLAIN not in _page(browser(), post.path)
    assert "edited" in said(_page(browser(), post.path))
    history = _page(browser(), post.path + "/history")
    assert history.index("The lime trees are bare.") < history.index(PLAIN)


def test_deleting_asks_first(town: Town, browser: Browser) -> None:
    """The page asks, the form deletes, and the post is gone."""
    post, bob = town.post("bob", PLAIN), browser("bob")

    assert "This cannot be undone." in said(_page(bob, post.path + "/delete"))
    assert PLAIN in _page(bob, post.path)
    assert bob.post(post.path + "/delete").status_code == 302
    assert bob.get(post.path).status_code == 404


@pytest.mark.parametrize("verb", ["edit", "delete"])
def test_nobody_changes_anothers_post(town: Town, browser: Browser, verb: str) -> None:
    """Carol is refused the page and the form, and the post stays."""
    post, carol = town.post("bob", PLAIN), browser("carol")

    assert carol.get(f"{post.path}/{verb}").status_code == 403
    assert carol.post(f"{post.path}/{verb}", {"text": "Mine now."}).status_code == 403
    assert PLAIN in _page(browser(), post.path)


def test_a_post_under_anothers_name_is_nowhere(town: Town, browser: Browser) -> None:
    """The handle in the address is not decoration."""
    post = town.post("bob", PLAIN)

    assert browser().get(f"/@carol/{post.post_id}").status_code == 404
    assert browser().get(post.path.replace("@bob", "@BOB")).status_code == 200


def test_a_held_post_says_so_to_its_author(town: Town, browser: Browser) -> None:
    """Bob sees his text, that it waits, for which rule, and can edit or delete it."""
    response = browser("bob").post("/post", {"text": HELD})
    html = _page(browser("bob"), response.headers["Location"])

    assert "This post waits for a moderator. Only you and the moderators can see it." in said(html)
    assert "“1.1 No threats”" in said(html)
    assert response.headers["Location"] + "/edit" in html
    assert "/report" not in html


def test_a_long_list_goes_on_without_script(town: Town, browser: Browser) -> None:
    """Twenty posts at once; the link leads to the rest; htmx gets the rest alone."""
    for n in range(23):
        town.post("alice", f"Post number {n:02d}.")
    first = _page(browser(), "/local")
    more = re.search(r'href="(\?before=\d+)"', first)

    assert more
    assert [f"Post number {n:02d}." in first for n in (22, 3, 2)] == [True, True, False]
    rest = _page(browser(), "/local" + more[1])
    assert [f"Post number {n:02d}." in rest for n in (3, 2, 0)] == [False, True, True]
    piece = browser().get("/local" + more[1], headers=HTMX).content.decode()
    assert "<html" not in piece
    assert "Post number 02." in piece


def test_writing_needs_a_membership(town: Town, browser: Browser) -> None:
    """A stranger is sent to sign in and back, somebody from elsewhere to join; nothing is written."""
    stranger, frank = browser(), browser("frank")

    for client, way_in in ((stranger, "/accounts/login/"), (frank, "/join")):
        assert client.get("/post").headers["Location"] == way_in + "?next=%2Fpost"
        assert client.post("/post", {"text": PLAIN}).headers["Location"] == way_in + "?next=%2Fpost"
        assert client.post("/@bob/follow").headers["Location"] == way_in
        assert client.post("/post", {"text": PLAIN}, headers=HTMX).headers["HX-Redirect"] == way_in + "?next=%2Fpost"
    assert town.verbs() == []


def test_what_was_sent_signed_out_waits_in_the_form(town: Town, browser: Browser) -> None:
    """Bob's session had ended: he signs in, finds his words in the form, once, and sends them."""
    post, bob = town.post("alice", "Who has a ladder?"), browser()
    sent = bob.post(post.path + "/reply", {"text": PLAIN})
    login = {"login": "bob@example.org", "password": PASSWORD, "next": post.path + "/reply"}
    signed_in = bob.post(sent.headers["Location"], login)

    assert signed_in.headers["Location"] == post.path + "/reply"
    # Nothing in this browser says whose the words were: they are shown when asked for.
    assert PLAIN in _page(bob, post.path + "/reply?draft=1")
    assert PLAIN not in _page(bob, post.path + "/reply?draft=1")
    assert PLAIN not in _page(bob, "/post")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/", "It is quiet here"),
        ("/local", "Nobody has written yet"),
        ("/@bob", "You have not written anything yet."),
        ("/notices", "No notices."),
        ("/measures", "Nothing was ever decided about you."),
        ("/reports", "You have not reported anything."),
    ],
)
def test_an_empty_page_says_what_to_do(town: Town, browser: Browser, address: str, sentence: str) -> None:
    """No list is ever just blank."""
    assert sentence in said(_page(browser("bob"), address))
