"""What screening sees is said in words, in every language."""

import pytest
from django.utils import translation

from wardmote.detect.categories import JUDGED
from wardmote.edges.console.labels import _behind
from wardmote.edges.ui.tags import CATEGORIES


@pytest.mark.parametrize("name", JUDGED)
def test_every_category_that_is_judged_has_words(name: str) -> None:
    """None is shown by the name that programs call it."""
    assert name in CATEGORIES


def test_a_score_is_written_as_its_reader_writes_numbers() -> None:
    """A comma in German, a point in English."""
    with translation.override("de"):
        german = _behind(0, 0, (), ("spam", 0.894), None, "spam")
    with translation.override("en"):
        english = _behind(0, 0, (), ("spam", 0.894), None, "spam")

    assert "0,89" in german
    assert "(0.89)" in english
