import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.detect.lists.known import (
    SIGNATURE_BYTES,
    WITHIN,
    BadEntry,
    Entry,
    ImageList,
    Kind,
    Probe,
    TextList,
    fold,
    read_entry,
    read_pdq,
    signature_of,
    text_hashes,
)

LISTED = "The meeting is moved to the old mill behind the station; bring the lanterns and say nothing to the others."
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


def _list_of(*texts: str) -> TextList:
    return TextList([text_hashes(text)[0] for text in texts], [signature_of(text) for text in texts])


def _differing(value: bytes, bits: int) -> bytes:
    whole = int.from_bytes(value)
    for bit in np.random.default_rng(bits).permutation(256)[:bits].tolist():
        whole ^= 1 << bit
    return whole.to_bytes(32)


@pytest.mark.parametrize(
    "copy",
    [
        LISTED,
        LISTED.upper(),
        LISTED.replace(";", " \u2014").replace(" ", "\n"),
        LISTED.replace("meeting", "me\u200beting"),
        LISTED.replace("a", "\u00e1"),
    ],
)
def test_a_listed_text_is_found_whatever_a_copy_changed_but_the_words(copy: str) -> None:
    """Case, punctuation, line breaks, invisible characters, accents."""
    found = _list_of("Something else.", LISTED).find(Probe(copy))

    assert found is not None
    assert (found.place, found.alike) == (1, 1.0)


def test_a_text_with_few_words_changed_is_nearly_alike_and_another_is_not() -> None:
    """By how much is said; a text on the same matter in other words is not found."""
    listed = _list_of("Something else that is long enough to be signed, about the lime trees.", LISTED)
    changed = listed.find(Probe(LISTED.replace("lanterns", "ropes")))

    assert changed is not None
    assert changed.place == 1
    assert 0.6 <= changed.alike < 1
    assert (
        listed.find(Probe("We meet at the old mill, by the station, with lanterns; nobody else may hear of it."))
        is None
    )


def test_a_short_text_is_found_exactly_or_not_at_all() -> None:
    """It has too few pieces to say how alike two are."""
    listed = _list_of("Burn the mill.")

    assert listed.find(Probe("burn THE mill")) is not None
    assert listed.find(Probe("Burn the mill now.")) is None


def test_the_hash_of_a_text_as_it_stands_is_found_too() -> None:
    """Others hash what they have, without folding it first."""
    listed = TextList([text_hashes(LISTED)[1]], [b""])

    assert listed.find(Probe(LISTED)) is not None
    assert listed.find(Probe(LISTED.lower())) is None


def test_what_is_stored_of_a_text_means_the_same_in_every_version() -> None:
    """Lists outlive the version that took them in: hash and signature are frozen here."""
    assert text_hashes(LISTED)[0].hex() == "cc938346780473ed919278902267e4d7a9874ec3625697412b4a8d88d0029aca"
    assert np.frombuffer(signature_of(LISTED), "<u4")[:4].tolist() == [5051297, 53275586, 7848753, 83088428]
    assert len(signature_of(LISTED)) == SIGNATURE_BYTES


@given(st.text(max_size=200))
def test_every_text_is_folded_the_same_twice_and_finds_itself(text: str) -> None:
    """Whatever it holds; one without words is not looked for by its folded form."""
    assert fold(fold(text)) == fold(text)
    assert _list_of(text).find(Probe(text)) is not None


@pytest.mark.parametrize(("bits", "found"), [(0, True), (1, True), (WITHIN, True), (WITHIN + 1, False), (256, False)])
def test_an_image_is_found_within_31_bits(bits: int, found: bool) -> None:
    """The distance is told, and the nearest comes first."""
    draw = np.random.default_rng(5)
    others = [draw.bytes(32) for _ in range(1000)]
    known = read_pdq(PDQ)

    assert ImageList([*others, known]).near(_differing(known, bits)) == ([(1000, bits)] if found else [])


def test_the_nearest_image_comes_first() -> None:
    """Of several within reach."""
    known = read_pdq(PDQ)
    near = ImageList([_differing(known, 20), _differing(known, 3), known]).near(known)

    assert near == [(2, 0), (1, 3), (0, 20)]


def test_an_image_of_low_quality_is_compared_with_nothing() -> None:
    """There is too little in it to be told from others; an empty list finds nothing either."""
    known = read_pdq(PDQ)

    assert ImageList([known]).near(known, quality=49) == []
    assert ImageList([known]).near(known, quality=50) == [(0, 0)]
    assert ImageList([]).near(known) == []


def test_both_spellings_of_a_list_are_read() -> None:
    """ThreatExchange's columns and types, and those of its tools."""
    hers = read_entry({"indicator_id": "7", "type": "HASH_PDQ", "indicator": PDQ, "status": "MALICIOUS"})
    his = read_entry({"id": "7", "signal_type": "pdq", "value": PDQ.upper(), "label": "MALICIOUS"})

    assert hers == his == Entry(Kind.PDQ, bytes.fromhex(PDQ), name="7", label="MALICIOUS")


def test_a_text_is_read_as_its_hash_and_signature() -> None:
    """The words themselves are not in the entry."""
    entry = read_entry({"type": "TEXT", "value": LISTED})

    assert (entry.kind, entry.value, entry.signature) == (Kind.TEXT, text_hashes(LISTED)[0], signature_of(LISTED))
    assert "mill" not in repr(entry)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"value": PDQ}, "no type"),
        ({"type": "pdq"}, "no value"),
        ({"type": "pdq", "value": PDQ[:-1]}, "64 hexadecimal digits, not 63"),
        ({"type": "pdq", "value": PDQ[:-1] + "g"}, "hexadecimal digits only"),
        ({"type": "HASH_SHA256", "value": "abc"}, "64 hexadecimal digits"),
        ({"type": "text_tlsh", "value": "T1" + PDQ}, "TLSH hashes of texts cannot be matched here"),
        ({"type": "HASH_MD5", "value": PDQ[:32]}, "MD5 hashes cannot be matched here"),
        ({"type": "smell", "value": "roses"}, "the type 'smell' cannot be matched here"),
        ({"type": "text", "value": " ... "}, "no words to match by"),
        ({"type": "text", "value": "a" * 50_001}, "at most 50,000 characters, not 50,001"),
        ({"type": "text", "value": "broken \udce9"}, "not UTF-8"),
        ({"type": "pdq", "value": PDQ, "label": "x" * 201}, "label is at most 200"),
    ],
)
def test_a_row_that_cannot_be_matched_by_says_why(row: dict[str, object], reason: str) -> None:
    """In one sentence, without the value."""
    with pytest.raises(BadEntry, match=reason) as caught:
        read_entry(row)

    assert str(row.get("value") or "nothing") not in str(caught.value)


@given(
    st.dictionaries(
        st.sampled_from(["id", "type", "signal_type", "value", "indicator", "label", "status", "added_on"]),
        st.one_of(st.none(), st.integers(), st.sampled_from(["pdq", "TEXT", "HASH_SHA256", PDQ]), st.text()),
    )
)
def test_whatever_a_row_holds_it_is_an_entry_or_says_why_not(row: dict[str, object]) -> None:
    """No other error; an entry has 32 bytes to match by, and a signature whole or none."""
    try:
        entry = read_entry(row)
    except BadEntry:
        return

    assert len(entry.value) == 32
    assert len(entry.signature) in (0, SIGNATURE_BYTES)
