"""Who a host is: a key, never the name that somebody gives it. Frank owns the Harbour, and attacks the Plaza."""

import hashlib
from base64 import b64encode
from importlib import import_module

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from tests.hosting.elsewhere import ORIGIN, Elsewhere
from tests.scenario import Town
from tests.upstream.test_host_elsewhere import host, letter
from tests.web.conftest import Browser, said

from wardmote.communities.policy import CommunityState
from wardmote.communities.queries import community
from wardmote.config.installation.doctor import relations
from wardmote.edges.cli.main import main
from wardmote.hosting.policy import NoticeKind
from wardmote.hosting.policy.documents import PolicyDocument
from wardmote.journeys.hosts import enrol
from wardmote.kernel.errors import Conflict, Invalid, Refused
from wardmote.ledger import Signer, VerifierKey
from wardmote.outside.signing import record_signer
from wardmote.record.models import Entry, KnownKey
from wardmote.upstream import queries
from wardmote.upstream.models import Host, Notice

__all__ = ["host"]


@pytest.fixture
def franks() -> Signer:
    """A key of Frank's own, under the name of the Plaza's host."""
    return Signer(ORIGIN, Ed25519PrivateKey.generate())


def name(town: Town, community_id: int, member: str, url: str, key: str) -> None:
    enrol.name_host(community_id=community_id, member_id=town.members[member], base_url=url, key=key, now=town.now)


def test_a_known_name_under_another_key_is_refused(
    town: Town, host: Elsewhere, franks: Signer, browser: Browser
) -> None:
    """Frank cannot say that the Plaza's host has his key; the page says why at the field, and nothing is stored."""
    answer = browser("frank", host="harbour.localhost").post(
        "/owner/host", {"base_url": host.url, "key": str(franks.verifier)}
    )

    assert answer.status_code == 422
    assert "is known here with another key" in said(answer.content.decode())
    assert not Host.objects.filter(community_id=town.harbour).exists()
    assert host.send("community/notice", letter(NoticeKind.TERMINATION), signer=franks)[0] == 401
    assert community(town.plaza).state.state is CommunityState.ACTIVE


@pytest.mark.parametrize(
    "spelling",
    [
        ORIGIN.upper(),
        f"{ORIGIN}/",
        "elsewhere.test./record",
        "https://elsewhere.test/record",
        "elsewhere.t\u0435st/record",
    ],
)
def test_another_spelling_of_a_known_name_is_no_other_name(town: Town, host: Elsewhere, spelling: str) -> None:
    """Capitals, a dot, a slash, a scheme and a letter of another script make no new installation."""
    other = Signer(spelling, Ed25519PrivateKey.generate())

    with pytest.raises(Invalid):
        name(town, town.harbour, "frank", host.url, str(other.verifier))


def test_a_known_key_under_another_name_is_refused(town: Town, host: Elsewhere) -> None:
    """One key is one log: it has no second name, and ours is nobody else's."""
    theirs = Signer("second.test/record", host.signer.private)
    ours = Signer("second.test/record", record_signer().private)

    for signer in (theirs, ours):
        with pytest.raises(Invalid):
            name(town, town.harbour, "frank", host.url, str(signer.verifier))


def test_the_same_host_may_host_two(town: Town, host: Elsewhere) -> None:
    """Its one key counts for either community, and for each only what is addressed to it."""
    name(town, town.harbour, "frank", host.url, host.key)

    assert host.send("community/notice", letter(NoticeKind.SUSPENSION, to="harbour"))[0] == 200
    assert community(town.harbour).state.state is CommunityState.SUSPENDED
    assert community(town.plaza).state.state is CommunityState.ACTIVE


def test_no_owner_lifts_a_measure_by_naming_another_host(
    town: Town, host: Elsewhere, franks: Signer, browser: Browser
) -> None:
    """Alice, whose community is terminated, names no new host; the page says who can."""
    host.send("community/notice", letter(NoticeKind.TERMINATION))
    hers = Signer("alice.test/record", Ed25519PrivateKey.generate())
    answer = browser("alice").post("/owner/host", {"base_url": host.url, "key": str(hers.verifier)})

    assert answer.status_code == 403
    assert "operator" in said(answer.content.decode())
    assert host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=2), signer=hers)[0] == 401
    assert community(town.plaza).state.state is CommunityState.TERMINATED


def test_staff_here_do_not_take_over_whom_another_hosts(town: Town, host: Elsewhere) -> None:
    """Enrolled here, the Plaza would be rid of its host's letters, and of what that host decided."""
    host.send("community/notice", letter(NoticeKind.SUSPENSION))

    with pytest.raises(Conflict, match="elsewhere"):
        enrol.enrol_community(staff_id=town.people["heidi"], community_id=town.plaza, now=town.now)
    assert Host.objects.get(community_id=town.plaza).key == host.key


def test_without_a_measure_the_owner_names_another_host(town: Town, host: Elsewhere, franks: Signer) -> None:
    """Then the former one has no say, and its name is free again for whoever it belongs to."""
    other = Signer("other.test/record", Ed25519PrivateKey.generate())
    name(town, town.plaza, "alice", host.url, str(other.verifier))
    refused = host.send("community/notice", letter(NoticeKind.SUSPENSION))
    name(town, town.harbour, "frank", host.url, str(franks.verifier))

    assert refused[0] == 401
    assert not Notice.objects.exists()


def test_an_address_may_change_under_the_same_key(town: Town, host: Elsewhere) -> None:
    """The key is who the host is, the address only where it is reached: also while a measure is in force."""
    host.send("community/notice", letter(NoticeKind.SUSPENSION))
    name(town, town.plaza, "alice", host.site.url("", host="plaza.localhost"), host.key)

    assert "plaza.localhost" in Host.objects.get(community_id=town.plaza).base_url
    with pytest.raises(Refused):
        name(town, town.plaza, "bob", host.url, host.key)


@pytest.fixture
def two_keys(town: Town, host: Elsewhere, franks: Signer) -> None:
    """A database from before: the Harbour was taken under the name of the Plaza's host, with Frank's key."""
    KnownKey.objects.all().delete()
    Host.objects.create(
        community_id=town.harbour, base_url=host.url, origin=ORIGIN, key=str(franks.verifier), named_at=town.now
    )
    import_module("wardmote.upstream.migrations.0003_under_which_key").fill(apps, None)


def test_two_keys_from_before_count_each_for_its_own(
    town: Town, host: Elsewhere, franks: Signer, two_keys: None
) -> None:
    """Frank's own letter for the Plaza is not taken, and the Plaza's host is not shut out by him."""
    forged = host.send("community/notice", letter(NoticeKind.TERMINATION), signer=franks)
    genuine = host.send("community/notice", letter(NoticeKind.RESTRICTION))
    own = host.send("community/notice", letter(to="harbour", number=2), signer=franks)

    assert (forged[0], genuine[0], own[0]) == (404, 200, 200)
    assert community(town.plaza).state.state is CommunityState.RESTRICTED
    assert Notice.objects.get(community_id=town.plaza).key == host.key


def test_the_doctor_tells_two_keys_and_the_operator_settles_it(
    town: Town, host: Elsewhere, franks: Signer, two_keys: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both keys are named; once Frank's relation is removed, all is well and the name is the Plaza's host's alone."""
    (before,) = relations.keys()
    status = main(["exchange", "remove-host", "harbour"])
    (after,) = relations.keys()

    assert status == 0
    assert before.state == "fault"
    assert host.key in before.found
    assert str(franks.verifier) in before.found
    assert after.state == "ok"
    assert b'"verb":"upstream_host.removed"' in bytes(Entry.objects.order_by("-pk")[0].leaf)
    with pytest.raises(Invalid, match="another key"):
        name(town, town.harbour, "frank", host.url, str(franks.verifier))


def test_keys_that_share_their_short_name_are_told_apart(
    town: Town, host: Elsewhere, franks: Signer, two_keys: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message names four bytes of its key: a key that has the same four is another key still."""
    for signer in (host.signer, franks):
        vars(signer.verifier).pop("key_id", None)
    monkeypatch.setattr(VerifierKey, "key_id", b"same")
    for row in Host.objects.exclude(key=""):
        signer = franks if row.community_id == town.harbour else host.signer
        KnownKey.objects.filter(key=row.key).update(key=str(signer.verifier))
        Host.objects.filter(pk=row.pk).update(key=str(signer.verifier))

    assert host.send("community/notice", letter(NoticeKind.TERMINATION), signer=franks)[0] == 404
    assert host.send("community/notice", letter())[0] == 200
    assert host.send("community/notice", letter(to="harbour", number=2), signer=franks)[0] == 200


def test_a_measure_is_its_issuers_whoever_hosts_now(
    town: Town, host: Elsewhere, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator names another host: it lifts nothing that the former one issued, in a case of the same name."""
    host.send("community/notice", letter(NoticeKind.TERMINATION))
    other = Signer("other.test/record", Ed25519PrivateKey.generate())
    main(["exchange", "change-host", "plaza", "--url", host.url, "--key", str(other.verifier)])
    taken = host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=2, item=2), signer=other)
    former = host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=3))

    assert (taken[0], former[0]) == (200, 401)
    assert community(town.plaza).state.state is CommunityState.TERMINATED


def test_the_operator_can_end_what_nobody_is_left_to_lift(
    town: Town, host: Elsewhere, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --lift the measure ends, and the record says that the operator did it."""
    host.send("community/notice", letter(NoticeKind.TERMINATION))
    status = main(["exchange", "remove-host", "plaza", "--lift"])
    said_by_record = b"".join(bytes(entry.leaf) for entry in Entry.objects.order_by("pk"))

    assert status == 0
    assert "have ended" in capsys.readouterr().out
    assert community(town.plaza).state.state is CommunityState.ACTIVE
    assert b'"verb":"upstream_notice.overruled"' in said_by_record
    assert b'"verb":"community.reinstated"' in said_by_record


def test_another_hosts_letter_does_not_speak_of_this_ones_posts(town: Town, host: Elsewhere) -> None:
    """The names of letters and posts, and the numbers of policies, are each host's own."""
    policy = PolicyDocument(1, "plaza", {"title": "Terms", "clauses": [], "terms": {}}).encode()
    others = PolicyDocument(1, "plaza", {"title": "Other terms", "clauses": [], "terms": {}}).encode()
    host.send("community/policy", policy)
    host.send("community/notice", letter())
    other = Signer("other.test/record", Ed25519PrivateKey.generate())
    name(town, town.plaza, "alice", host.url, str(other.verifier))
    before = queries.host_policy(community_id=town.plaza)

    assert before is None, "the former host's policy counts no more"
    assert host.send("community/notice", letter(), signer=other)[0] == 409
    assert host.send("community/notice", letter(number=2), signer=other)[0] == 409
    assert host.send("community/policy", others, signer=other)[0] == 200
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "public",
    [
        bytes([1]) + bytes(31),
        bytes(32),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        bytes.fromhex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ],
)
def test_a_key_that_is_everybodys_is_nobodys(town: Town, host: Elsewhere, browser: Browser, public: bytes) -> None:
    """A point of small order, or one written in another way: one signature would be good for every document."""
    key_id = hashlib.sha256(b"weak.test/record\n\x01" + public).digest()[:4].hex()
    key = f"weak.test/record+{key_id}+{b64encode(bytes([1]) + public).decode()}"
    answer = browser("frank", host="harbour.localhost").post("/owner/host", {"base_url": host.url, "key": key})

    assert answer.status_code == 422
    assert "signatures by it can be made without a private key" in said(answer.content.decode())
    assert not Host.objects.filter(community_id=town.harbour).exists()


def test_letters_count_in_the_order_in_which_they_were_issued(town: Town, host: Elsewhere) -> None:
    """A suspension that was held up on its way does not come after the reinstatement that followed it."""
    host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=12, case=7))
    late, _ = host.send("community/notice", letter(NoticeKind.SUSPENSION, number=11, case=7, item=2))
    after = community(town.plaza).state.state
    host.send("community/notice", letter(NoticeKind.SUSPENSION, number=13, case=7, item=3))

    assert late == 200
    assert after is CommunityState.ACTIVE
    assert community(town.plaza).state.state is CommunityState.SUSPENDED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"hours":72', b'"hours":1000000000000'),
        (b'"hours":72', b'"hours":-5'),
        (b'"number":1', b'"number":-2'),
        (b'"body":"Read this."', b'"body":"Read\\u0000this."'),
        (b'"clause":"2.1"', b'"clause":"2.1.2.1.2.1.2.1.2.1"'),
        (b'"subject":"Notice', b'"subject":"' + b"N" * 5000),
        (b'"url":"http', b'"url":"http' + b"p" * 600),
        (b'"capture_hash":"', b'"capture_hash":"zz'),
    ],
)
def test_a_letter_that_no_column_would_take_is_refused(town: Town, host: Elsewhere, old: bytes, new: bytes) -> None:
    """Signed by the right key and in the right form, but past every bound: 422 on either database, nothing kept."""
    raw = letter()
    status, _ = host.send("community/notice", raw.replace(old, new, 1))

    assert old in raw
    assert status == 422
    assert not Notice.objects.exists()
