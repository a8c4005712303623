"""Every part is held by a contract: what nobody lists, nobody guards."""

import configparser
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
PURE = {"detect", "ledger", "rules", "exhibit", "kernel"}
"""The ground floor: no Django and no network."""


def lines(section: str, option: str) -> list[str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser.get(f"importlinter:contract:{section}", option).split("\n")[1:]


def names(section: str, option: str) -> set[str]:
    """What a contract lists, without the marks for side by side and optional."""
    return {word.strip("()") for line in lines(section, option) for word in line.replace("|", " ").split()}


def packages() -> set[str]:
    return {path.parent.name for path in (ROOT / "src" / "wardmote").glob("*/__init__.py")}


def installed() -> set[str]:
    return {config.name for config in apps.get_app_configs() if config.name.startswith("wardmote.")}


def test_every_package_has_its_place_in_the_stack() -> None:
    """A new folder in the package stands in no layer until somebody puts it there."""
    assert packages() <= names("house", "layers")


def test_every_app_has_the_rooms_of_a_domain() -> None:
    """An installed app whose rooms no contract orders would be free to import as it likes."""
    assert installed() == names("rooms", "containers")


def test_every_package_of_the_ground_floor_is_pure() -> None:
    """Each part of the ground floor that exists is among those that may not import Django or a network."""
    listed = {name.removeprefix("wardmote.") for name in names("pure", "source_modules")}

    assert packages() & PURE <= listed


@pytest.mark.parametrize("edge", sorted(path.name for path in (ROOT / "src/wardmote/edges").iterdir() if path.is_dir()))
def test_every_edge_is_apart_from_the_others(edge: str) -> None:
    """An edge that the contract does not know could import its neighbours."""
    assert edge == "__pycache__" or edge in names("edges", "layers")
