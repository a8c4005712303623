"""A town is driven through its pages and the host's desk through its ladder; what then lies in leaves, rows and files
has the names of the golden lists."""

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from pytest_django import Settings
from tests.authorisation.scene import ROLES, Scene, addresses
from tests.golden.frozen import hold
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import Desk
from tests.town import HELD, PLAIN, Town, run_jobs

from wardmote.journeys import export
from wardmote.kernel.urn import Urn
from wardmote.ledger import Json, Leaf, parse_json
from wardmote.moderation import queries as moderation
from wardmote.record import engine
from wardmote.record.models import Disclosure, Entry

__all__ = ["desk", "log", "site"]

CATEGORY = re.compile(r"[a-z_]+\.[a-z_]+|harassment|identity_attack")


@pytest.fixture
def driven(town: Town, log: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The scene of the matrix of who may do what, in which everybody has tried everything."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"plaza.localhost"})
    monkeypatch.setattr("wardmote.kernel.clock.now", lambda: town.now)
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    scene = Scene(town)
    town.post("carol", HELD)
    town.report("bob", town.post("carol", PLAIN).post_id)
    run_jobs(town.now)
    for role in ROLES:
        client = scene.client(ROLES[role], community="plaza")
        for address in addresses():
            if address.method == "POST":
                scene.ask(client, address, name=ROLES[role])
    run_jobs(town.now)
    engine.sequence(town.now)
    return town


def shapes() -> Iterator[str]:
    """Of every entry: who did it to what, and what it holds, by name and kind of value; not what it says."""
    opened = {
        (row.entry_id, row.name): (row.about, None if row.content is None else parse_json(bytes(row.content)))
        for row in Disclosure.objects.all()
    }
    for pk, raw in Entry.objects.values_list("pk", "leaf"):
        leaf = Leaf.decode(bytes(raw))
        where = "" if leaf.community is None else " in a community"
        yield f"{leaf.verb}: {leaf.actor.kind} about {leaf.subject.kind}{where}"
        for name in leaf.commitments:
            about, value = opened[pk, name]
            yield from (f"{leaf.verb} {'content' if about else 'fact'} {each}" for each in keys(value, name))


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


def json_columns() -> Iterator[str]:
    """Every place in every JSON column of ours, as the rows have it; a column that no row fills is named too."""
    for model in apps.get_models():
        fields = [f for f in model._meta.local_fields if isinstance(f, models.JSONField)]
        for field in fields if model.__module__.startswith("wardmote.") else ():
            place = f"{model._meta.db_table}.{field.column}"
            yield place
            for value in model._base_manager.values_list(field.attname, flat=True):
                yield from keys(value, place)


def files(town: Town) -> Iterator[str]:
    """Every place in what people take along."""
    here = {"community_id": town.plaza, "now": town.now}
    mine = export.export_mine(member_id=town.members["bob"], **here)  # type: ignore[arg-type]
    ours = export.export_community(member_id=town.members["alice"], **here)  # type: ignore[arg-type]
    yield from keys(parse_json(mine), "member's file")
    yield from keys(parse_json(ours), "community's file")


def messages() -> Iterator[str]:
    """Every place in what a platform is told of a decision."""
    from wardmote.moderation.models import WebhookDelivery

    for pk in WebhookDelivery.objects.values_list("pk", flat=True):
        WebhookDelivery.objects.filter(pk=pk).update(state="waiting")
        message = moderation.message(delivery_id=pk)
        assert message is not None
        yield from keys(dict(message.content), "message")


def test_a_driven_town_stores_what_the_lists_say(driven: Town) -> None:
    """Facts of entries, places in JSON, exports and messages keep their names: old rows are read by them."""
    found: dict[str, Iterable[str]] = {
        "facts-town": set(shapes()),
        "json-columns": set(json_columns()),
        "exports": set(files(driven)),
        "messages": set(messages()),
    }
    for name, lines in found.items():
        hold(name, lines)


def test_a_driven_host_stores_what_the_list_says(desk: Desk) -> None:
    """Facts of the entries of a case that went up to a suspension keep their names."""
    desk.bring_to_suspended("I will be at your door on Friday, and you will be sorry.")
    engine.sequence(desk.now)
    found: list[str] = [line for line in shapes() if line.startswith(("host_", "upstream_", "acceptable_", "customer."))]
    evidence: Any = set(json_columns())

    hold("facts-host", {*found, *(line for line in evidence if line.startswith("hosting_"))})
