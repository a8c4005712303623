import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, Leaf, ProofError, canonical_bytes, check_opening, commit, new_salt, parse_json

URNS = st.builds(Urn, st.from_regex(r"[a-z][a-z_]{0,31}", fullmatch=True), st.integers(1, 2**63 - 1))
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2109, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
LEAVES = st.builds(
    Leaf,
    id=st.integers(1, 2**63 - 1),
    time=MOMENTS,
    actor=URNS,
    verb=st.from_regex(r"[a-z][a-z_]{0,9}\.[a-z][a-z_]{0,9}", fullmatch=True),
    subject=URNS,
    community=st.none() | URNS,
    commitments=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), st.binary(min_size=32, max_size=32).map(bytes.hex)
    ),
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)
LEAF = Leaf(
    5, datetime(2026, 11, 20, tzinfo=UTC), Urn("member", 1), "post.published", Urn("post", 2), None, {"a": "0" * 64}
)


@given(leaf=LEAVES)
def test_a_leaf_comes_back_from_its_bytes(leaf: Leaf) -> None:
    """Decoding the bytes of a leaf gives the same leaf."""
    assert Leaf.decode(leaf.encode()) == leaf


@given(leaf=LEAVES)
def test_the_bytes_of_a_leaf_are_canonical(leaf: Leaf) -> None:
    """The bytes are those that RFC 8785 gives for the same object."""
    raw = leaf.encode()

    assert rfc8785.dumps(json.loads(raw)) == raw


@given(leaf=LEAVES, data=st.data())
def test_any_other_spelling_of_a_leaf_is_refused(leaf: Leaf, data: st.DataObject) -> None:
    """Bytes that differ anywhere are another leaf or none: never the same one."""
    raw = bytearray(leaf.encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= data.draw(st.integers(1, 255))
    try:
        other = Leaf.decode(bytes(raw))
    except FormatError:
        return

    assert other != leaf


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1.0'),
        (b'"v":1', b'"v":1,"w":1'),
        (b'"id":"5"', b'"id":5'),
        (b'"id":"5"', b'"id":"05"'),
        (b'"id":"5"', b'"id":"0"'),
        (b'"id":"5"', b'"id":"9223372036854775808"'),
        (b".000Z", b"Z"),
        (b"T00:00:00.000Z", b"T00:00:00.000+00:00"),
        (b"post.published", b"published"),
        (b"post.published", b"Post.published"),
        (b"urn:wardmote:member:1", b"member:1"),
        (b'"community":null', b'"community":""'),
        (b"0" * 64, b"0" * 63),
        (b"0" * 64, b"A" * 64),
        (b'{"a":', b'{"A":'),
        (b'"actor"', b' "actor"'),
    ],
)
def test_a_leaf_has_one_form(old: bytes, new: bytes) -> None:
    """Another version, order, spelling of a time, an id, a name or a hash is not a leaf."""
    raw = LEAF.encode()
    assert old in raw

    with pytest.raises(FormatError):
        Leaf.decode(raw.replace(old, new, 1))


def test_a_leaf_without_milliseconds_only_is_refused() -> None:
    """A time finer than the leaf can say is refused rather than cut."""
    with pytest.raises(FormatError):
        Leaf(5, datetime(2026, 11, 20, microsecond=1, tzinfo=UTC), LEAF.actor, LEAF.verb, LEAF.subject, None, {})


def test_a_leaf_says_its_time_in_utc() -> None:
    """A time given in another zone is written in UTC."""
    east = datetime(2026, 11, 20, 2, tzinfo=timezone(timedelta(hours=2)))
    leaf = Leaf(5, east, LEAF.actor, LEAF.verb, LEAF.subject, None, LEAF.commitments)

    assert LEAF.encode() == leaf.encode()


@given(value=JSON)
def test_canonical_json_is_a_fixed_point(value: None) -> None:
    """Reading canonical bytes and writing them again gives the same bytes."""
    raw = canonical_bytes(value)

    assert canonical_bytes(parse_json(raw)) == raw


@pytest.mark.parametrize("value", [2**53, float("nan"), float("inf"), "\ud800", {1: "one"}, {1, 2}, b"bytes", object()])
def test_what_json_cannot_say_exactly_is_refused(value: object) -> None:
    """Numbers that would lose digits, halves of characters and other types are refused."""
    with pytest.raises(FormatError):
        canonical_bytes(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "{", "NaN", "Infinity", '{"a":1,"a":2}', b"\xff", "[" * 100_000])
def test_ambiguous_json_is_refused(text: str | bytes) -> None:
    """A key given twice, NaN, or what is no JSON at all is refused."""
    with pytest.raises(FormatError):
        parse_json(text)


def test_large_floats_come_back_as_what_they_were() -> None:
    """1e20 is written without an exponent, and read as the float it was."""
    raw = canonical_bytes(1e20)

    assert raw == b"100000000000000000000"
    assert canonical_bytes(parse_json(raw)) == raw


def test_a_commitment_opens_with_its_own_salt_and_content_only() -> None:
    """Another salt or another content does not open a commitment."""
    salt, content = new_salt(), canonical_bytes({"text": "hello"})
    commitment = commit(salt, content)
    check_opening(commitment, salt, content)

    for wrong in ((new_salt(), content), (salt, canonical_bytes({"text": "Hello"}))):
        with pytest.raises(ProofError):
            check_opening(commitment, *wrong)


def test_a_commitment_is_the_hash_of_salt_then_content() -> None:
    """The construction is frozen: SHA-256 over 32 bytes of salt and the content."""
    assert commit(bytes(32), b'"hello"') == "9e346457bc378ba846714b6500c2657bbb8ac9a50ad125a809b7dd3603faea50"


def test_a_short_salt_is_refused() -> None:
    """A salt that could be guessed is refused."""
    with pytest.raises(FormatError):
        commit(b"short", b"content")


def test_salts_differ() -> None:
    """Two salts are never the same."""
    assert len({new_salt() for _ in range(1000)}) == 1000
