"""The record's pages: an entry with its proof, and the entry that a receipt is of."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.scenario import QUEUED, Town
from tests.web.conftest import HARBOUR, Browser, said

from wardmote.communities.policy import Action
from wardmote.record import queries
from wardmote.record.engine import sequence
from wardmote.record.models import Entry


@pytest.fixture
def places(town: Town) -> dict[str, int]:
    """Bob posts, Carol reports, Dave decides: the last place of each verb on the record."""
    post = town.post("bob", QUEUED)
    town.report("carol", post.post_id)
    town.decide("dave", Action.LABEL)
    sequence(town.now)
    entries = [queries.entry(pk) for pk in Entry.objects.order_by("index").values_list("pk", flat=True)]
    return {entry.verb: entry.index for entry in entries if entry is not None and entry.index is not None}


def receipt(place: int) -> str:
    entry_id = queries.id_at(place)
    assert entry_id is not None
    found = queries.inclusion_receipt(entry_id)
    assert found is not None
    return found.to_json()


def test_the_timeline_leads_to_its_entries(town: Town, places: dict[str, int], browser: Browser) -> None:
    """Dave follows a case's “entry N” to a page with the leaf and the proof that it stands there."""
    case_id = Entry.objects.get(index=places["case.decided"]).subject.rpartition(":")[2]
    path = f"/record/entries/{places['case.decided']}"
    dave = browser("dave")

    assert f'href="{path}"' in dave.get(f"/console/cases/{case_id}").content.decode()
    page = dave.get(path).content.decode()
    assert "&quot;verb&quot;:&quot;case.decided&quot;" in page
    for element in json.loads(receipt(places["case.decided"]))["inclusion"]:
        assert element in page


@pytest.mark.parametrize(
    ("verb", "name", "reads"),
    [
        ("post.published", "", True),
        ("case.decided", "", False),
        ("case.decided", "bob", False),
        ("case.decided", "erin", True),
        ("report.filed", "carol", True),
        ("report.filed", "bob", False),
        ("report.filed", "dave", False),
        ("case.opened", "dave", False),
        ("notice.sent", "carol", False),
    ],
)
def test_an_entry_is_read_by_those_it_concerns(
    places: dict[str, int], browser: Browser, verb: str, name: str, reads: bool
) -> None:
    """Everybody sees the proof; the leaf only who did it, who moderates there, or all where the pages say it anyway."""
    answer = browser(name).get(f"/record/entries/{places[verb]}")

    assert answer.status_code == 200
    assert "The proof of its place" in answer.content.decode()
    assert ("urn:wardmote:" in answer.content.decode()) is reads


def test_an_entry_of_another_community_says_nothing(places: dict[str, int], browser: Browser) -> None:
    """The Harbour's moderator, at the Harbour, does not read the Plaza's entries."""
    page = browser("grace", host=HARBOUR).get(f"/record/entries/{places['post.published']}").content.decode()

    assert "urn:wardmote:" not in page


@pytest.mark.parametrize("path", ["99999", "999999999999999"])
def test_a_place_without_an_entry(places: dict[str, int], browser: Browser, path: str) -> None:
    """A place that nothing stands at is not found."""
    assert browser().get(f"/record/entries/{path}").status_code == 404


@pytest.mark.parametrize("how", ["pasted", "uploaded", "with a byte order mark"])
def test_an_entry_is_found_by_its_receipt(places: dict[str, int], browser: Browser, how: str) -> None:
    """Whoever holds a receipt pastes it or gives its file, and is told where its entry stands."""
    text = receipt(places["case.decided"])
    encoding = "utf-8-sig" if how == "with a byte order mark" else "utf-8"
    form = {"text": text} if how == "pasted" else {"file": SimpleUploadedFile("r.json", text.encode(encoding))}
    answer = browser().post("/record/find", form)

    assert answer.status_code == 200
    assert f"Proven: it is entry {places['case.decided']} of " in said(answer.content.decode())
    assert f'href="/record/entries/{places["case.decided"]}"' in answer.content.decode()


def test_a_receipt_that_proves_nothing(places: dict[str, int], browser: Browser) -> None:
    """A changed receipt, or no receipt, is refused with its reason; nothing, or too much, is asked for again."""
    stranger = browser()
    changed = receipt(places["post.published"]).replace("post.published", "post.withdrawn")
    proves = said(stranger.post("/record/find", {"text": changed}).content.decode())
    other = said(stranger.post("/record/find", {"text": "{}"}).content.decode())

    assert "This proves nothing about our record." in proves
    assert "not a receipt of Wardmote" in other
    assert stranger.post("/record/find", {}).status_code == 422
    assert stranger.post("/record/find", {"text": "x" * 200_001}).status_code == 422
    big = SimpleUploadedFile("r.json", b"x" * 200_001)
    assert "too long to be a receipt" in said(stranger.post("/record/find", {"file": big}).content.decode())


def test_a_receipt_that_the_log_denies(places: dict[str, int], browser: Browser) -> None:
    """Where the record holds something else at the place of a genuine receipt, the page says that it was rewritten."""
    text = receipt(places["post.published"])
    other = Entry.objects.get(index=places["case.decided"])
    Entry.objects.filter(index=places["post.published"]).update(leaf=other.leaf)
    page = said(browser().post("/record/find", {"text": text}).content.decode())

    assert "it was rewritten" in page
