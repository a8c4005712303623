"""The community's side of the exchange: what a host elsewhere may send us, and what it may not."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.hosting.elsewhere import Elsewhere
from tests.hosting.site import Site
from tests.scenario import Town

from wardmote.communities.policy import CommunityState
from wardmote.communities.queries import community
from wardmote.hosting.policy import NoticeKind
from wardmote.hosting.policy.documents import NoticeDocument, PolicyDocument
from wardmote.hosting.policy.notices import Cited, CitedItem
from wardmote.journeys.hosts import enrol
from wardmote.journeys.hosts import policy as host_policy
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict
from wardmote.kernel.urn import Urn
from wardmote.ledger import Signer
from wardmote.record import queries as record
from wardmote.upstream import queries
from wardmote.upstream.models import Notice

TEXT = "Nobody at the plaza will be safe on Friday."


@pytest.fixture
def host(town: Town, site: Site, log: None, elsewhere: Elsewhere) -> Elsewhere:
    """The other installation hosts the Plaza; Alice has said so."""
    enrol.name_host(
        community_id=town.plaza,
        member_id=town.members["alice"],
        base_url=elsewhere.url,
        key=elsewhere.key,
        now=town.now,
    )
    return elsewhere


def letter(
    kind: NoticeKind = NoticeKind.NOTICE,
    *,
    to: str = "plaza",
    number: int = 1,
    body: str = "Read this.",
    case: int = 1,
    item: int = 1,
) -> bytes:
    """A letter as the host elsewhere writes it."""
    now = clock.now()
    return NoticeDocument(
        notice=Urn("host_notice", number),
        case=Urn("host_case", case),
        community=to,
        kind=kind,
        issued_at=now,
        policy_number=1,
        policy_hash="ab" * 32,
        hours=72,
        subject="Notice about 1 post on The Plaza",
        body=body,
        effect="The service is suspended until the conditions are met.",
        clauses=(Cited("2.1", "No threats", "Nobody may be threatened."),),
        items=(
            CitedItem(
                urn=f"urn:wardmote:host_item:{item}",
                url="http://plaza.localhost/@bob/12",
                clause_key="2.1",
                category="violence.threat",
                capture=TEXT,
                capture_hash=hashlib.sha256(TEXT.encode()).hexdigest(),
                seen_at=now,
            ),
        ),
    ).encode()


def test_a_letter_is_kept_in_the_bytes_in_which_it_came(town: Town, host: Elsewhere) -> None:
    """The owner reads it, its hash is on our record, and the host is told what it was taken as."""
    raw = letter()
    status, said = host.send("community/notice", raw)
    (row,) = queries.notices(community_id=town.plaza)
    view = queries.notice(community_id=town.plaza, notice_id=row.notice_id)
    (entry,) = record.entries_about(Urn("upstream_notice", row.notice_id))

    assert (status, said) == (200, {"taken": f"urn:wardmote:upstream_notice:{row.notice_id}"})
    assert view is not None
    assert view.hash == hashlib.sha256(raw).hexdigest() == entry.values["hash"]
    assert Notice.objects.get().document == raw.decode()
    assert [item.capture for item in view.items] == [TEXT]


def test_the_same_letter_twice_is_one(town: Town, host: Elsewhere) -> None:
    """A host that did not hear our reply sends again, and nothing happens twice."""
    raw = letter()
    first, again = (host.send("community/notice", raw) for _ in range(2))

    assert first == again
    assert Notice.objects.count() == 1


def test_another_letter_under_the_same_name_is_refused(town: Town, host: Elsewhere) -> None:
    """What the host wrote it cannot have written otherwise."""
    host.send("community/notice", letter())
    status, _ = host.send("community/notice", letter(body="Read that."))

    assert status == 409
    assert Notice.objects.get().body == "Read this."


def test_the_hosts_decision_takes_effect_here(town: Town, host: Elsewhere) -> None:
    """Suspended by its letter, reinstated by its letter; the reason is the clause and not what stood in the post."""
    host.send("community/notice", letter(NoticeKind.SUSPENSION, number=2))
    suspended = community(town.plaza).state
    host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=3))

    assert suspended.state is CommunityState.SUSPENDED
    assert suspended.reason.startswith("2.1 No threats")
    assert TEXT not in suspended.reason
    assert community(town.plaza).state.state is CommunityState.ACTIVE


def test_what_one_case_lifts_another_still_holds(town: Town, host: Elsewhere) -> None:
    """A restriction does not soften a suspension, and reinstated in one case the Plaza is what the other made of it."""
    states = []
    for number, (kind, case) in enumerate(
        [
            (NoticeKind.SUSPENSION, 1),
            (NoticeKind.RESTRICTION, 2),
            (NoticeKind.SUSPENSION, 3),
            (NoticeKind.REINSTATEMENT, 1),
            (NoticeKind.REINSTATEMENT, 3),
            (NoticeKind.REINSTATEMENT, 2),
        ],
        start=10,
    ):
        assert host.send("community/notice", letter(kind, number=number, case=case))[0] == 200
        states.append(community(town.plaza).state.state.value)

    assert states == ["suspended", "suspended", "suspended", "suspended", "restricted", "active"]


@pytest.mark.parametrize("slug", ["harbour", "nowhere"])
def test_a_host_speaks_only_to_those_it_hosts(town: Town, host: Elsewhere, slug: str) -> None:
    """The Harbour never named it; a suspension of the Harbour by the Plaza's host is not even kept."""
    status, _ = host.send("community/notice", letter(NoticeKind.SUSPENSION, to=slug))

    assert status == 404
    assert community(town.harbour).state.state is CommunityState.ACTIVE
    assert not Notice.objects.exists()


def test_nobody_else_suspends_the_plaza(town: Town, host: Elsewhere) -> None:
    """A stranger's letter and a letter under the host's name by another key are not taken."""
    for origin in ("stranger.test/record", host.signer.name):
        other = Signer(origin, Ed25519PrivateKey.generate())
        assert host.send("community/notice", letter(NoticeKind.SUSPENSION), signer=other)[0] == 401

    assert community(town.plaza).state.state is CommunityState.ACTIVE


def test_a_policy_is_accepted_in_the_version_that_was_shown(town: Town, host: Elsewhere) -> None:
    """A newer version that came in meanwhile must be read first."""
    for number in (1, 2):
        policy = PolicyDocument(number, "plaza", {"title": f"Terms {number}", "clauses": [], "terms": {}})
        assert host.send("community/policy", policy.encode())[0] == 200
        if number == 1:
            shown = queries.host_policy(community_id=town.plaza)
    assert shown is not None

    with pytest.raises(Conflict, match="has changed"):
        host_policy.accept_acceptable_use(
            community_id=town.plaza, member_id=town.members["alice"], policy_hash=shown.hash, now=town.now
        )
    other = PolicyDocument(2, "plaza", {"title": "Other terms", "clauses": [], "terms": {}})
    assert host.send("community/policy", other.encode())[0] == 409
