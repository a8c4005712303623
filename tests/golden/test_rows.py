"""What stands in rows: tables, columns, migrations, and every value of an enum that is stored."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from tests.golden.frozen import hold

import wardmote
from wardmote.detect.lists.known import entry
from wardmote.detect.text.targets import TargetKind
from wardmote.hosting.policy.ladder import Need
from wardmote.moderation.policy.endings import Ending
from wardmote.moderation.policy.outside import EventKind
from wardmote.moderation.policy.seen import Change
from wardmote.notices.policy.fates import Fate
from wardmote.people.policy import Scope

STORED: dict[str, type[Enum]] = {
    "moderation_alert.kind": TargetKind,
    "moderation_naming.kind": TargetKind,
    "moderation_knownentry.kind": entry.Kind,
    "moderation_outsideevent.kind": EventKind,
    "people_apikey.scopes": Scope,
}
"""Columns that hold values of an enum without saying so to the database."""
PASSING: set[type[Enum]] = {Need, Change, Fate, Ending}
"""Enums of policies that no row holds: they live as long as a page."""


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("wardmote."):
            yield model


def _columns() -> Iterator[tuple[str, "models.Field[Any, Any]"]]:
    for model in _models():
        for field in model._meta.local_concrete_fields:
            yield f"{model._meta.db_table}.{field.column}", field


def _enums() -> Iterator[type[Enum]]:
    """Every enum of the policies of all domains."""
    for found in walk_packages(wardmote.__path__, "wardmote."):
        if ".policy" in found.name:
            for value in vars(import_module(found.name)).values():
                if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == found.name:
                    yield value


def _choices() -> dict[str, set[object]]:
    return {column: {choice for choice, _ in field.choices} for column, field in _columns() if field.choices}


def test_no_table_and_no_column_changes_its_name() -> None:
    """A backup of PostgreSQL names them, and so do scripts that look into a database."""
    hold("columns", {column: type(field).__name__ for column, field in _columns()})


def test_no_name_of_an_app_or_a_migration_changes() -> None:
    """Every database remembers by name which migrations it has had."""
    ours = {model._meta.app_label for model in _models()}
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations

    hold("migrations", [f"{app}.{name}" for app, name in known if app in ours])


def test_no_value_of_an_enum_in_a_row_changes() -> None:
    """A column that holds an enum's value holds it for good."""
    stored = _choices() | {column: {member.value for member in enum} for column, enum in STORED.items()}

    hold("enums", [f"{column} = {value}" for column, values in stored.items() for value in values])


def test_every_enum_of_a_policy_is_on_the_list_or_passes() -> None:
    """A new enum says here where it is stored, or that it is not."""
    held = list(_choices().values())
    held += [{member.value for member in enum} for enum in STORED.values()]
    lost = [
        f"{enum.__module__}.{enum.__qualname__}"
        for enum in _enums()
        if enum not in PASSING and {member.value for member in enum} not in held
    ]

    assert lost == []
