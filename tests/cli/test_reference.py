"""The reference pages hold every setting and every command, as they are."""

import re
from pathlib import Path

import pytest

from wardmote.config.catalogue import SETTINGS
from wardmote.config.reference import commands, commands_page, labelling_page, settings_page
from wardmote.edges.cli.main import build_parser

ROOT = Path(__file__).parents[2]
READS = re.compile(
    r"""(?:env_text|env_bool|env_int|env_origins|env_hosts|env_networks|os\.environ\.get|os\.environ\.setdefault|os\.environ\[)\(?\s*["']([A-Z_]+)["']"""
)
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "ORT_DISABLE_TELEMETRY"}


@pytest.fixture(autouse=True)
def _a_page_is_eighty_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_every_setting_that_the_source_reads_is_in_the_catalogue() -> None:
    """A variable that nobody described cannot be found by who needs it; one that nobody reads misleads."""
    sources = (ROOT / "src" / "wardmote").rglob("*.py")
    read = {name for path in sources for name in READS.findall(path.read_text(encoding="utf-8"))} - NOT_OURS

    assert {setting.name for setting in SETTINGS} == read


def test_the_settings_page_is_the_catalogue_as_it_is() -> None:
    """Print it again with `python -m wardmote.config.reference docs/reference`."""
    assert settings_page() == (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")


def test_the_commands_page_is_the_commands_as_they_are() -> None:
    """Print it again with `python -m wardmote.config.reference docs/reference`."""
    assert commands_page() == (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")


def test_the_page_about_labelling_has_the_categories_as_they_are() -> None:
    """Print it again with `python -m wardmote.config.reference docs/reference`."""
    page = (ROOT / "docs/reference/labelling.md").read_text(encoding="utf-8")

    assert labelling_page(page) == page


def test_every_command_and_option_says_what_it_does() -> None:
    """A command without a line of help is a blank on the page."""
    found = list(commands(build_parser()))
    silent = [parser.prog for parser, about in found if not about]

    assert len(found) > 10
    assert silent == []


def test_no_placeholder_of_the_parser_is_left_on_the_page() -> None:
    """A default is written out, as `--help` writes it."""
    assert "%(" not in commands_page()
