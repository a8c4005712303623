"""A town is driven through its pages and the host's desk through its ladder; what then lies in leaves, rows and files
has the names of the golden lists."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from pytest_django import Settings
from tests.authorisation import scene as authorisation
from tests.authorisation.scene import ROLES, Address, Scene, taken_back
from tests.golden.frozen import hold_all
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import Desk
from tests.journeys.test_shared_targets import OWN
from tests.known import LISTED, bring_in
from tests.mould import Mould
from tests.scenario import HELD, PLAIN, THREAT, Town, run_jobs

from wardmote.journeys.members import export
from wardmote.journeys.platforms.outside_platform import Event as Elsewhere
from wardmote.journeys.platforms.outside_platform import take_event
from wardmote.journeys.platforms.suggest import suggest_score
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json, parse_json
from wardmote.moderation import queries as moderation
from wardmote.moderation.models import WebhookDelivery
from wardmote.moderation.policy import Purpose, ReportReason
from wardmote.moderation.policy.outside import EventKind
from wardmote.people.models import ApiKey
from wardmote.record.engine import writing
from wardmote.record.engine.writing import Event
from wardmote.record.operations import entries

__all__ = ["desk", "log", "site"]

CATEGORY = re.compile(r"[a-z_]+\.[a-z_]+|harassment|identity_attack")
MATRIX = Path(authorisation.__file__).with_name("matrix.txt")
HOST_MATRIX = Path(authorisation.__file__).with_name("host_matrix.txt")
ON_HOST = "ivan"
"""Of the host's staff; the scene's cases are Heidi's."""


@dataclass
class Seen:
    """What was written while it looked on: the shapes of entries, and places in JSON columns."""

    entries: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)


@pytest.fixture
def mould() -> Mould:
    """A town founded here, while somebody looks on: a copy of another's would be put beside the record's door."""
    return Mould()


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Looks on at the record's one door and at the one of JSON columns, so that also what is taken back is seen."""
    found = Seen()

    def committed(event: Event, entry_id: int | None = None) -> Any:
        found.entries |= set(shape(event))
        return writing.committed(event, entry_id)

    def prepared(self: Any, value: Any, connection: Any) -> Any:
        if self.model.__module__.startswith("wardmote."):
            found.columns |= set(keys(value, f"{self.model._meta.db_table}.{self.column}"))
        return prepare(self, value, connection)

    prepare = models.JSONField.get_db_prep_save
    monkeypatch.setattr(entries, "committed", committed)
    monkeypatch.setattr(models.JSONField, "get_db_prep_save", prepared)
    return found


@pytest.fixture
def driven(seen: Seen, town: Town, log: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The Plaza, in which everybody has done what they may."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"plaza.localhost"})
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    drive(town)
    return town


def drive(town: Town) -> None:
    """The scene of the matrix of who may do what: everybody does what they may, each act from the same beginning."""
    scene = Scene(town)
    scene.forms["post"] = {**scene.forms["post"], "once": "a form's own key"}
    town.post("carol", HELD)
    for author, text in OWN.items():
        town.post(author, text)
    bring_in(town, LISTED, purpose=Purpose.FLAG, name="flags", category=THREAT, score=0.6)
    town.post("bob", LISTED)
    run_jobs(town.now)
    tell_more(town)
    names = [*ROLES.values()]
    for template, outcomes in _posts(MATRIX):
        for name, word in zip(names, outcomes, strict=True):
            if word == "done" and name is not None and name != "heidi":
                scene.ask(scene.client(name, community="plaza"), Address("POST", template), name=name)
    for template, outcomes in _posts(HOST_MATRIX):
        if outcomes[-1] == "done":
            scene.ask(scene.client(ON_HOST), Address("POST", template), name=ON_HOST)
    with taken_back():
        town.hear("erin", int(scene.ids["appeal_id"]), reverse=True)
        run_jobs(town.now)


def tell_more(town: Town) -> None:
    """The forum goes on about its posts, and somebody suggests a score."""
    key = ApiKey.objects.get()
    for number, kind in enumerate((EventKind.POST, EventKind.EDIT, EventKind.REPORT, EventKind.DELETE)):
        event = Elsewhere("forum", f"f{number}", kind, "p2", "https://forum.example/p2", "mallory", f"{PLAIN} {number}")
        if kind is EventKind.REPORT:
            event = replace(event, reporter="peggy", reason=ReportReason.THREAT, comment="She follows me.")
        take_event(community_id=town.plaza, key_id=key.pk, event=event, now=town.now)
    suggest_score(
        key_id=str(key.pk),
        realm=str(Urn("community", town.plaza)),
        text=PLAIN,
        scores={"THREAT": 0.1},
        languages=["en"],
        now=town.now,
    )


def _posts(matrix: Path) -> Iterator[tuple[str, list[str]]]:
    for line in matrix.read_text(encoding="utf-8").splitlines():
        if line.startswith("POST /"):
            address, _, words = line.partition("  ")
            yield address.removeprefix("POST /"), words.split()


def shape(event: Event) -> Iterator[str]:
    """Who did it to what, and what the entry holds, by name and kind of value; not what it says."""
    where = "" if event.community is None else " in a community"
    yield f"{event.verb}: {event.actor.kind} about {event.subject.kind}{where}"
    for sort, values in (("fact", event.facts), ("content", event.content)):
        for name, value in values.items():
            yield from (f"{event.verb} {sort} {each}" for each in keys(value, name))


def keys(value: Json, place: str) -> Iterator[str]:
    """Each place in a JSON value, with the kind of what is there; categories and ids stand for themselves."""
    yield f"{place}: {_kind(value)}"
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from keys(inner, f"{place}.{'<category>' if CATEGORY.fullmatch(name) else name}")
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, f"{place}[]")


def _kind(value: Json) -> str:
    if isinstance(value, str):
        return _words(value)
    return {dict: "object", list: "list", bool: "yes or no", int: "number", float: "number"}.get(type(value), "null")


def _words(text: str) -> str:
    try:
        return f"urn of {Urn.parse(text).kind}"
    except ValueError:
        return "text"


def files(town: Town) -> Iterator[str]:
    """Every place in what people take along."""
    here = {"community_id": town.plaza, "now": town.now}
    mine = export.export_mine(member_id=town.members["bob"], **here)  # type: ignore[arg-type]
    ours = export.export_community(member_id=town.members["alice"], **here)  # type: ignore[arg-type]
    yield from keys(parse_json(mine), "member's file")
    yield from keys(parse_json(ours), "community's file")


def messages() -> Iterator[str]:
    """Every place in what a platform is told of a decision."""
    for pk in WebhookDelivery.objects.values_list("pk", flat=True):
        WebhookDelivery.objects.filter(pk=pk).update(state="waiting")
        message = moderation.message(delivery_id=pk)
        assert message is not None
        yield from keys(dict(message.content), "message")


def test_a_driven_town_stores_what_the_lists_say(driven: Town, seen: Seen) -> None:
    """Facts of entries, places in JSON, files and messages keep their names: old rows are read by them."""
    places = {"exports": set(files(driven)), "messages": set(messages())}
    hold_all({"facts-town": seen.entries, "json-town": seen.columns, **places})


def test_a_driven_host_stores_what_the_lists_say(seen: Seen, desk: Desk) -> None:
    """Facts of the entries of a case that went up to a suspension keep their names."""
    desk.bring_to_suspended("I will be at your door on Friday, and you will be sorry.")

    hold_all({"facts-host": seen.entries, "json-host": seen.columns})
