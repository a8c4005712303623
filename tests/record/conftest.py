from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.record.cast import BOB, NOW, PLAZA, Publish

from wardmote.kernel.urn import Urn
from wardmote.record import engine, operations
from wardmote.record.models import Entry


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    """A home folder of the test's own, without a key as yet."""
    settings.WARDMOTE_HOME = tmp_path
    settings.WARDMOTE_LOG_ORIGIN = "wardmote.test/record"
    return tmp_path


@pytest.fixture
def publish() -> Publish:
    """Appends Bob's posts, one second apart."""
    number = 0

    def append(text: str = "", **changes: object) -> Entry:
        nonlocal number
        number += 1
        arguments: dict[str, object] = {
            "now": NOW + timedelta(seconds=number),
            "actor": BOB,
            "verb": "post.published",
            "subject": Urn("post", number),
            "community": PLAZA,
            "facts": {"score": number / 10},
            "content": {"text": text or f"post {number}"},
            "about": BOB,
        }
        return operations.append(**{**arguments, **changes})  # type: ignore[arg-type]

    return append


@pytest.fixture
def twenty(publish: Publish, db: None) -> list[Entry]:
    """Twenty posts of Bob's under three checkpoints."""
    entries = []
    for batch in (5, 1, 14):
        entries += [publish() for _ in range(batch)]
        engine.sequence(NOW)
    return entries
