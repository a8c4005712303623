"""The model card and the stored figures."""

import hashlib
from pathlib import Path

import pytest

from wardmote.detect import WeightsError
from wardmote.detect.models.linear import NAME, WEIGHTS_PATH
from wardmote.detect.models.weights import Weights
from wardmote.detect.training.cards.card import figures_path, read_figures, render
from wardmote.detect.training.data.ranking import SHARES

CARD = Path(__file__).parents[2] / "docs" / "reference" / "models" / f"{NAME}.md"


def test_the_card_is_written_from_the_stored_figures() -> None:
    """The page in the documents is what `wardmote detect card` writes now."""
    assert render(read_figures(WEIGHTS_PATH)) == CARD.read_text("utf-8")


def test_the_figures_are_of_these_weights() -> None:
    """The stored figures name the hash, size and heads of the weights in the package, and the card shows the hash."""
    figures = read_figures(WEIGHTS_PATH)
    content = WEIGHTS_PATH.read_bytes()

    assert hashlib.sha256(content).hexdigest() == figures["weights_sha256"]
    assert len(content) == figures["weights_bytes"]
    assert (
        set(Weights.load(WEIGHTS_PATH).heads)
        == set(figures["evaluation"]["heads"])
        == set(figures["training"]["heads"])
    )
    assert figures["weights_sha256"] in CARD.read_text("utf-8")


def test_each_head_has_its_thresholds() -> None:
    """Each head gives a score for each share of ordinary traffic, and flagging more takes a lower score."""
    for figures in read_figures(WEIGHTS_PATH)["evaluation"]["heads"].values():
        steps = figures["thresholds"]
        assert list(SHARES) == [step["ordinary_flagged"] for step in steps]
        assert sorted((step["score"] for step in steps), reverse=True) == [step["score"] for step in steps]


def test_the_card_has_no_empty_place() -> None:
    """Every place of the template is filled."""
    assert "{{" not in CARD.read_text("utf-8")


@pytest.mark.parametrize(("content", "message"), [(None, "cannot read"), ("{", "is damaged"), ("[]", "not an object")])
def test_bad_figures_are_named(tmp_path: Path, content: str | None, message: str) -> None:
    """Figures that are absent or damaged raise `WeightsError`."""
    weights = tmp_path / "some.npz"
    if content is not None:
        figures_path(weights).write_text(content, "utf-8")

    with pytest.raises(WeightsError, match=message):
        read_figures(weights)
