from datetime import timedelta
from typing import NoReturn

import pytest
from django.db import IntegrityError, transaction
from tests.record.cast import BOB, CAROL, DAVE, HARBOUR, NOW, PLAZA, Publish

from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import FormatError, Leaf, verify_receipt
from wardmote.ledger.leaf import ERASED
from wardmote.outside.signing import record_verifier
from wardmote.record import engine, operations, queries
from wardmote.record.models import Disclosure, Entry

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_and_commits_to_the_rest(publish: Publish) -> None:
    """The leaf names actor, verb, subject and community; what was said is in it as hashes only."""
    entry = publish("a secret", facts={"score": 0.25, "parent": None})
    leaf = Leaf.decode(bytes(Entry.objects.get(pk=entry.pk).leaf))

    assert (leaf.id, leaf.actor, leaf.verb) == (entry.pk, BOB, "post.published")
    assert (leaf.subject, leaf.community, leaf.time) == (Urn("post", 1), PLAZA, NOW + timedelta(seconds=1))
    assert set(leaf.commitments) == {"score", "parent", "text"}
    assert b"secret" not in leaf.encode()


def test_a_new_entry_waits_for_its_place(publish: Publish) -> None:
    """Appending takes no place and asks for no lock: the sequencer does that."""
    entry = publish()

    assert entry.index is None
    assert queries.status() == (0, None, 1)
    assert queries.inclusion_receipt(entry.pk) is None


def test_an_entry_goes_with_its_transaction(publish: Publish) -> None:
    """What is rolled back was never recorded."""

    def publish_and_fail() -> NoReturn:
        with transaction.atomic():
            publish()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert queries.count() == 0
    assert Disclosure.objects.count() == 0


def test_equal_facts_are_committed_to_differently(publish: Publish) -> None:
    """Two entries that say the same cannot be seen to: each fact has a salt of its own."""
    first, second = (Leaf.decode(bytes(publish("same", facts={"a": 1}).leaf)) for _ in range(2))

    assert set(first.commitments.values()).isdisjoint(second.commitments.values())


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"about": None}, "person it is about"),
        ({"facts": {"text": 1}}, "both a fact and content"),
        ({"facts": {"id": 2**63}}, "id cannot be recorded"),
        ({"facts": {"when": NOW}}, "when cannot be recorded"),
        ({"facts": {"half": "\ud800"}}, "half cannot be recorded"),
        ({"facts": {"Score": 1}}, "not the name of a fact"),
        ({"verb": "published", "content": {}}, "a verb reads like"),
        ({"content": {"score_of_bob": 1}}, "score_of_bob is not listed as content that can be erased"),
        ({"about": CAROL}, "its actor's, its subject's or its recipient's, not urn:wardmote:member:3"),
    ],
)
def test_what_cannot_be_recorded_is_refused(publish: Publish, changes: dict[str, object], named: str) -> None:
    """A mistake in the call is one line that names it, and nothing is stored."""
    with pytest.raises(FormatError, match=named):
        publish(**changes)

    assert queries.count() == 0
    assert Disclosure.objects.count() == 0


def test_an_entry_comes_back_as_plain_values(publish: Publish) -> None:
    """What was recorded is read back with its facts and contents by name."""
    entry = publish("hello", facts={"scores": {"harassment": 0.5}, "labels": ["a", "b"]})
    found = queries.entry(entry.pk)

    assert found is not None
    assert found.values == {"text": "hello", "scores": {"harassment": 0.5}, "labels": ["a", "b"]}
    assert (found.actor, found.verb, found.subject, found.proven) == (BOB, "post.published", Urn("post", 1), False)
    assert queries.entry(1) is None


def test_history_gathers_subjects_and_communities(publish: Publish) -> None:
    """A timeline holds what was done to its subjects, and all of a community, oldest first."""
    post = Urn("post", 100)
    first = publish(subject=post)
    publish(community=HARBOUR)
    last = publish(subject=post, community=HARBOUR)
    elsewhere = publish(community=None)

    assert [found.id for found in queries.entries_about(post)] == [first.pk, last.pk]
    assert [found.id for found in queries.history([post, PLAZA])] == [first.pk, last.pk]
    assert len(queries.history([HARBOUR])) == 2
    assert [found.id for found in queries.history([post], after=first.pk)] == [last.pk]
    assert [found.id for found in queries.history([post, HARBOUR], limit=1)] == [first.pk]
    assert elsewhere.pk not in {found.id for found in queries.history([PLAZA, HARBOUR])}


def disclosed_bytes() -> list[bytes]:
    return [bytes(raw) for raw in Disclosure.objects.values_list("content", flat=True) if raw is not None]


def test_erasing_a_person_leaves_every_proof_true(publish: Publish) -> None:
    """Bob's words are gone, Carol's are not, and receipts from before and after verify."""
    bobs = publish("what Bob said")
    carols = publish("what Carol said", actor=CAROL, about=CAROL)
    engine.sequence(NOW)
    before = queries.inclusion_receipt(bobs.pk, disclose=["text"])
    assert before is not None
    erased = operations.erase(now=NOW, about=BOB, actor=BOB, community=PLAZA)
    engine.sequence(NOW)
    after = queries.inclusion_receipt(bobs.pk, disclose=["score"])
    assert after is not None
    found, kept = queries.entry(bobs.pk), queries.entry(carols.pk)
    assert found is not None
    assert kept is not None

    assert erased == 1
    assert found.values == {"score": 0.1}
    assert found.erased == {"text"}
    assert kept.values["text"] == "what Carol said"
    assert [raw for raw in disclosed_bytes() if b"what Bob said" in raw] == []
    assert [raw for raw in disclosed_bytes() if b"what Carol said" in raw] == [b'"what Carol said"']
    assert verify_receipt(before, record_verifier()).values == {"text": "what Bob said"}
    assert verify_receipt(after, record_verifier()).leaf == verify_receipt(before, record_verifier()).leaf
    assert queries.audit(kept={"before": before.to_json()}).sound


def test_an_erasure_is_itself_recorded(publish: Publish) -> None:
    """The record says which contents about Bob were erased, how many, by whom; nothing about an empty erasure."""
    posts = [publish(), publish()]
    operations.erase(now=NOW, about=BOB, actor=DAVE, community=PLAZA)
    again = operations.erase(now=NOW, about=BOB, actor=DAVE, community=PLAZA)
    (erasure,) = queries.entries_about(BOB)

    assert (erasure.verb, erasure.actor, erasure.values) == (
        ERASED,
        DAVE,
        {"contents": 2, "erased": {"text": [str(post.pk) for post in posts]}},
    )
    assert again == 0


def test_facts_are_never_erased(publish: Publish) -> None:
    """A fact belongs to nobody, even in an entry about Bob."""
    publish(content={}, facts={"score": 1})

    assert operations.erase(now=NOW, about=BOB, actor=SYSTEM, community=None) == 0


def test_the_database_refuses_half_an_erasure(publish: Publish) -> None:
    """A disclosure is whole or erased by an entry, and a fact is always whole: constraints hold it."""
    entry = publish()
    for changes in ({"salt": None}, {"content": None}, {"salt": None, "content": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Disclosure.objects.filter(entry=entry, name="text").update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(entry=entry, name="score").update(salt=None, content=None, erased_by=entry)

    assert Disclosure.objects.filter(entry=entry, erased_by=None).count() == 2
