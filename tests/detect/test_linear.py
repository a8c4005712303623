"""The linear model: its sums, its weights file, its quality."""

import dataclasses
import hashlib
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detect.models import quality, random_detector

from wardmote.detect import LinearDetector, WeightsError
from wardmote.detect.models.linear import READING, SHOWN_SPANS, WEIGHTS_PATH
from wardmote.detect.models.weights import Weights
from wardmote.detect.training.data.ranking import auc
from wardmote.detect.training.measure.evaluate import scores_of

LEAST_AUC = {"violence.threat": 0.88, "violence.incitement": 0.88, "harassment": 0.94, "identity_attack": 0.92}


def quality_auc(weights: Weights) -> dict[str, float]:
    examples = quality()
    scores = scores_of([example["text"] for example in examples], weights)
    return {
        head: auc(np.array([head in example["labels"] for example in examples]), scores[:, weights.heads.index(head)])
        for head in LEAST_AUC
    }


def test_the_shipped_weights_tell_hand_written_texts_apart() -> None:
    """Each head of the weights in the package reaches its stated AUC on texts that training never saw."""
    found = quality_auc(Weights.load(WEIGHTS_PATH))

    assert not {head: value for head, value in found.items() if value < LEAST_AUC[head]}


def test_shuffled_weights_know_nothing() -> None:
    """The same weights in another order fall to chance: it is the weights that know, not the machinery."""
    shipped = Weights.load(WEIGHTS_PATH)
    order = np.random.default_rng(3).permutation(len(shipped.weights))
    found = quality_auc(dataclasses.replace(shipped, weights=np.ascontiguousarray(shipped.weights[order])))

    assert all(0.3 < value < 0.7 for value in found.values()), found
    assert all(value < LEAST_AUC[head] - 0.15 for head, value in found.items())


def test_an_ordinary_remark_is_left_alone_and_a_threat_is_not() -> None:
    """A plain threat scores far above an ordinary remark."""
    detector = LinearDetector.shipped()
    threat = {signal.category: signal.score for signal in detector.examine("I will find you and kill you")}
    remark = {signal.category: signal.score for signal in detector.examine("The library opens at nine on Monday")}

    assert threat["violence.threat"] > 0.5
    assert threat["violence.threat"] > 5 * max(remark[name] for name in remark if name.startswith("violence."))
    assert remark["harassment"] < 0.05


def test_irony_of_a_peaceful_gathering_is_incitement() -> None:
    """ "Gather peacefully and burn them peacefully" stands out from the same invitation without a fire."""
    detector = LinearDetector.shipped()
    ironic = detector.examine("Let us gather peacefully at noon and burn them all peacefully")[1]
    plain = detector.examine("Let us gather peacefully at noon and sing to them all peacefully")[1]

    assert "violence.incitement" == ironic.category == plain.category
    assert ironic.score > 2 * plain.score


def test_the_words_that_carry_a_threat_are_shown() -> None:
    """The strongest span of a plain threat covers the words that make it one."""
    text = "Good morning everybody. Dave, I will kill you. The bakery opens at nine."
    threat = LinearDetector.shipped().examine(text)[0]
    strongest = max(threat.spans, key=lambda span: span.weight)

    assert threat.category == "violence.threat"
    assert "kill" in text[strongest.start : strongest.end]


@pytest.mark.parametrize("detector", [LinearDetector.shipped(), random_detector()], ids=["shipped", "random"])
@settings(max_examples=80, deadline=None)
@given(text=st.text(st.characters(codec="utf-8"), max_size=300) | st.sampled_from([each["text"] for each in quality()]))
def test_the_words_add_up_to_the_logit(detector: LinearDetector, text: str) -> None:
    """Bias plus what each word adds is the logit, and its sigmoid is the score."""
    account = detector.explain(text)

    for head in range(len(account.heads)):
        total = account.bias[head] + sum(word.weights[head] for word in account.words)
        assert math.isclose(account.logits[head], total, rel_tol=1e-9, abs_tol=1e-9)
        assert math.isclose(account.scores[head], 1 / (1 + math.exp(-total)), abs_tol=5.1e-5)


def test_spans_are_words_of_the_account() -> None:
    """A signal's span weighs what the words inside it add, and there are never more than a handful of spans."""
    text = "I hate you, you worthless idiot, and I will burn your house down while you sleep. " * 6
    detector = LinearDetector.shipped()
    account = detector.explain(text)

    for head, signal in enumerate(detector.examine(text)):
        assert 1 <= len(signal.spans) <= SHOWN_SPANS
        for span in signal.spans:
            inside = [word.weights[head] for word in account.words if span.start <= word.start and word.end <= span.end]
            assert math.isclose(sum(inside), span.weight, rel_tol=1e-9)


def test_the_weights_file_is_small_and_named_by_its_hash() -> None:
    """The file in the package is under four megabytes and its hash is in the detector's version."""
    content = WEIGHTS_PATH.read_bytes()

    assert len(content) < 4_000_000
    assert f"{READING}+{hashlib.sha256(content).hexdigest()[:12]}" == LinearDetector.shipped().version


def test_a_weights_file_comes_back_as_it_was(tmp_path: Path) -> None:
    """Saving and loading changes no score, and saving twice writes the same bytes."""
    kept = random_detector()
    path = tmp_path / "kept.npz"
    digest = kept.weights.save(path)
    loaded = Weights.load(path)

    assert digest == loaded.digest == hashlib.sha256(loaded.to_bytes()).hexdigest()
    assert kept.explain("the same text") == LinearDetector(path).explain("the same text")


@pytest.mark.parametrize("content", [b"", b"not a zip file", WEIGHTS_PATH.read_bytes()[:5000]])
def test_a_damaged_weights_file_is_named(tmp_path: Path, content: bytes) -> None:
    """A damaged file raises `WeightsError` with its path, in one line."""
    path = tmp_path / "damaged.npz"
    path.write_bytes(content)

    with pytest.raises(WeightsError, match=r"damaged\.npz is not a weights file") as caught:
        LinearDetector(path).examine("text")
    assert "\n" not in str(caught.value)


def test_an_absent_weights_file_is_named(tmp_path: Path) -> None:
    """A file that is not there raises `WeightsError` with its path."""
    with pytest.raises(WeightsError, match=r"cannot read .*absent\.npz"):
        LinearDetector(tmp_path / "absent.npz").examine("text")


def test_weights_must_fit_their_heads() -> None:
    """Weights whose shape is not (a power of two, heads) are refused."""
    good = random_detector().weights

    with pytest.raises(WeightsError, match="power of two"):
        dataclasses.replace(good, weights=good.weights[:-1])
    with pytest.raises(WeightsError, match="do not match"):
        dataclasses.replace(good, bias=good.bias[:1])
