import pytest
from django.test import Client
from tests.web.conftest import Browser


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/people/", "/people"),
        ("/policy/", "/policy"),
        ("/@bob/", "/@bob"),
        ("/record/?x=1", "/record?x=1"),
        ("/owner", "/owner/"),
    ],
)
def test_a_slash_too_many_or_too_few_leads_to_the_page(browser: Browser, asked: str, there: str) -> None:
    """People and other sites write addresses either way; the query comes along."""
    answer = browser().get(asked)

    assert (answer.status_code, answer.headers.get("Location")) == (302, there)


@pytest.mark.parametrize("path", ["/nothing/", "/people//x/", "/record/entries/no/"])
def test_what_does_not_exist_leads_nowhere(browser: Browser, path: str) -> None:
    """Neither to another site nor around in a circle."""
    client: Client = browser()

    assert client.get(path).status_code == 404


def test_a_form_sent_to_such_an_address_is_not_sent_on(browser: Browser) -> None:
    """A redirect would lose what was typed without a word."""
    assert browser("bob").post("/post/", {"text": "x"}).status_code == 404
