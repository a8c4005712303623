import json
import re
from typing import cast

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from pytest_django import Settings
from tests.scenario import HELD, PLAIN, Town, run_jobs
from tests.sheets import fill_in
from tests.web.conftest import PLAZA, Browser, said

from wardmote.communities.policy import Action
from wardmote.journeys.members.choose_language import choose_language
from wardmote.journeys.owners.keys import issue_key
from wardmote.kernel.clock import now
from wardmote.notices.models import Notice
from wardmote.people.models import Person
from wardmote.record import queries as record

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}


def _chosen(response: object) -> str:
    return str(cast("Client", response).cookies[django_settings.LANGUAGE_COOKIE_NAME].value)


def test_a_page_speaks_the_language_that_the_browser_asks_for(browser: Browser) -> None:
    """Words, dates and the page's own mark of its language; without a wish, or with one we cannot meet, English."""
    german = browser().get("/accounts/login/", headers=GERMAN)
    french = browser().get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="fr")

    assert '<html lang="de" dir="ltr">' in german.content.decode()
    assert "Anmelden" in said(german.content.decode())
    assert german.headers["Content-Language"] == "de"
    assert '<html lang="en" dir="ltr">' in french.content.decode()
    assert "Sign in" in said(french.content.decode())


def test_a_stranger_chooses_a_language_at_the_foot_of_a_page(browser: Browser) -> None:
    """A button without a script; it leads back to the page, and the browser keeps the choice."""
    stranger = browser()
    foot = stranger.get("/policy").content.decode()
    response = stranger.post("/language", {"language": "de", "back": "/policy"})

    assert '<button class="plain" name="language" value="de" lang="de" dir="auto">Deutsch</button>' in foot
    assert '<input type="hidden" name="back" value="/policy">' in foot
    assert response.headers["Location"] == "/policy"
    assert _chosen(response) == "de"
    assert '<html lang="de"' in stranger.get("/policy").content.decode()


def test_a_members_choice_goes_along_into_another_browser(town: Town, browser: Browser) -> None:
    """It is kept with the login, and what one browser was told goes before it there."""
    browser("bob").post("/language", {"language": "de", "back": "/"})
    elsewhere = browser("bob")
    in_german = elsewhere.get("/local").content.decode()
    elsewhere.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"

    assert Person.objects.get(pk=town.people["bob"]).language == "de"
    assert '<html lang="de"' in in_german
    assert '<html lang="en"' in elsewhere.get("/local").content.decode()


@pytest.mark.parametrize("language", ["", "xx", "DE", "fr"])
def test_a_language_that_is_not_on_offer_is_refused(town: Town, browser: Browser, language: str) -> None:
    """One sentence, and nothing is kept."""
    response = browser("bob").post("/language", {"language": language, "back": "/"})

    assert response.status_code == 422
    assert "does not speak that language" in said(response.content.decode())
    assert django_settings.LANGUAGE_COOKIE_NAME not in response.cookies
    assert Person.objects.get(pk=town.people["bob"]).language == ""


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_leads_nowhere_else(browser: Browser, elsewhere: str) -> None:
    """A form made by somebody else cannot send people away."""
    response = browser().post("/language", {"language": "de", "back": elsewhere})

    assert response.headers["Location"] == "/"


def test_choosing_needs_the_forms_own_token(browser: Browser) -> None:
    """Another site cannot change the language of somebody's letters."""
    response = browser("bob", enforce_csrf_checks=True).post("/language", {"language": "de"})

    assert response.status_code == 403


def test_signing_up_keeps_the_language_of_the_form(town: Town, browser: Browser) -> None:
    """The first letter to somebody new speaks the language they signed up in."""
    newcomer = browser()
    page = newcomer.get("/accounts/signup/", headers=GERMAN).content.decode()
    policy_hash = page.split('name="policy_hash" value="')[1].split('"')[0]
    form = {"email": "walter@example.org", "password1": "a long enough password", "handle": "walter", "accept": "on"}
    newcomer.post("/accounts/signup/", {**form, "policy_hash": policy_hash}, headers=GERMAN)
    run_jobs(now())
    code = re.search(r"^    (\S+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code
    newcomer.post("/accounts/confirm-email/", {"code": code[1]}, headers=GERMAN)

    assert Person.objects.get(email="walter@example.org").language == "de"


def test_a_letter_speaks_its_receivers_language(town: Town, browser: Browser) -> None:
    """Dave decides in English; Bob reads in German why, and Carol in English what came of her report."""
    choose_language(person_id=town.people["bob"], language="de")
    town.report("carol", town.post("bob", PLAIN).post_id)
    town.decide("dave", Action.REMOVE)
    to_bob = Notice.objects.get(recipient_id=town.people["bob"])
    to_carol = Notice.objects.get(recipient_id=town.people["carol"])

    assert to_bob.subject == "Ihr Beitrag wurde entfernt (The Plaza)"
    assert "Diese Entscheidung hat ein Mensch getroffen." in to_bob.body
    assert re.search(r"Sie können bis \d+\. Mai 2027, 12:00 UTC kostenlos Widerspruch einlegen", to_bob.body)
    assert to_carol.subject == "Your report was decided (The Plaza)"
    assert to_bob.body in browser("bob").get(f"/notices/{to_bob.pk}").content.decode().replace("&gt;", ">")


def test_the_record_says_the_same_whatever_the_letter_speaks(town: Town) -> None:
    """An entry holds codes and commitments, in no language."""
    for language in ("en", "de"):
        choose_language(person_id=town.people["bob"], language=language)
        town.post("bob", HELD)
    notices = Notice.objects.filter(recipient_id=town.people["bob"]).order_by("pk")
    sent = [e for e in record.history([n.urn for n in notices]) if e.verb == "notice.sent"]
    first, second = ({name: e.values[name] for name in ("kind", "recipient")} for e in sent)

    assert first == second == {"kind": "held", "recipient": f"urn:wardmote:member:{town.members['bob']}"}
    assert [n.subject[:10] for n in notices] == ["Your post ", "Ihr Beitra"]


def test_a_moderator_reads_the_notice_as_its_author_will(town: Town, browser: Browser) -> None:
    """The preview of a German reader's notice is German on an English desk."""
    choose_language(person_id=town.people["bob"], language="de")
    town.report("carol", town.post("bob", PLAIN).post_id)
    dave = browser("dave")
    path = dave.post("/console/next").headers["Location"]
    form = {"action": "remove", "clause": str(town.clause().id), "days": "", "reason": "Das ist eine Drohung."}
    sheet = fill_in(dave, path, dict(form))
    notice = said(dave.post(path + "/preview", sheet, HTTP_HX_REQUEST="true").content.decode())

    assert "Ihr Beitrag wurde entfernt" in notice
    assert "The author will read" in said(dave.get(path).content.decode())


def test_a_refusal_speaks_the_readers_language(browser: Browser) -> None:
    """What the domain refuses is said in the language of the page, with its numbers as that language writes them."""
    response = browser("bob").post("/post", {"text": "x" * 1001}, headers=GERMAN)

    assert response.status_code == 422
    assert "Der Text hat 1.001 Zeichen; höchstens sind es 1.000." in said(response.content.decode())


def test_what_a_form_says_of_a_field_is_not_fixed_when_it_is_loaded(browser: Browser) -> None:
    """Help with a number in it, made once for all readers, still speaks each reader's language."""
    help_text = said(browser("bob").get("/settings", headers=GERMAN).content.decode())

    assert "Wie Sie hier heißen, bis zu 60 Zeichen." in help_text


def test_a_day_is_written_as_the_language_writes_it(town: Town, browser: Browser) -> None:
    """Names of months and their order, on hover and in words."""
    path = town.post("bob", PLAIN).path

    assert 'title="22. November 2026, 12:00 UTC"' in browser().get(path, headers=GERMAN).content.decode()
    assert 'title="22 November 2026, 12:00 UTC"' in browser().get(path).content.decode()


def test_the_api_stays_english_after_a_german_page(town: Town, browser: Browser) -> None:
    """The thread that drew a German page answers the next program in English."""
    key = issue_key(name="blog", now=town.now)
    browser().get("/policy", headers=GERMAN)
    client = Client(HTTP_HOST="localhost", HTTP_AUTHORIZATION=f"Bearer {key}")
    body = json.dumps({"input": 5})
    refused = client.post("/v1/moderations", body, content_type="application/json", headers=GERMAN)
    client.get("/record", headers=GERMAN)
    again = client.post("/v1/moderations", body, content_type="application/json", headers=GERMAN)

    assert refused.status_code == again.status_code == 400
    assert refused.json() == again.json()


def test_a_language_from_right_to_left_mirrors_the_page(settings: Settings, town: Town) -> None:
    """An installation may offer one without a catalogue: the words stay English, the page is mirrored."""
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]
    page = Client(HTTP_HOST=PLAZA).get("/", HTTP_ACCEPT_LANGUAGE="ar", HTTP_HOST="localhost").content.decode()

    assert '<html lang="ar" dir="rtl">' in page
    assert "A network of communities" in page


def test_what_people_write_runs_in_its_own_direction(town: Town, browser: Browser) -> None:
    """Each post finds its direction by its own letters, whatever the page's is."""
    page = browser().get(town.post("bob", "שלום").path).content.decode()

    assert '<div class="prose" dir="auto"><p>שלום</p></div>' in page
