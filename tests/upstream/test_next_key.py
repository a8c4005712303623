"""The host's log goes on under another key: the old one says so, and both sign it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.hosting.elsewhere import ORIGIN, Elsewhere
from tests.scenario import Town
from tests.upstream.test_host_elsewhere import host, letter

from wardmote.communities.policy import CommunityState
from wardmote.communities.queries import community
from wardmote.config.jobs import HANDLERS
from wardmote.edges.cli.main import main
from wardmote.hosting.policy import NoticeKind
from wardmote.hosting.policy.documents import KeyDocument
from wardmote.jobs.engine import resolve, run_due
from wardmote.journeys.hosts import enrol
from wardmote.kernel.errors import Invalid
from wardmote.ledger import SignedNote, Signer, Succession, open_succession, sign_succession
from wardmote.outside.signing import record_verifier
from wardmote.record.models import Entry, KnownKey
from wardmote.upstream.models import Host

__all__ = ["host"]
AT = "2026-11-22T12:00:00.000Z"


@pytest.fixture
def following() -> Signer:
    """The key that follows the host's."""
    return Signer(ORIGIN, Ed25519PrivateKey.generate())


def announce(host: Elsewhere, statement: str, *, signer: Signer | None = None, to: str = "plaza") -> int:
    return host.send("community/key", KeyDocument(to, statement).encode(), signer=signer)[0]


def verbs() -> list[str]:
    leaves = [bytes(leaf).decode() for leaf in Entry.objects.order_by("pk").values_list("leaf", flat=True)]
    return [leaf.partition('"verb":"')[2].partition('"')[0] for leaf in leaves]


def test_the_old_key_counts_until_the_new_one_speaks(town: Town, host: Elsewhere, following: Signer) -> None:
    """Announced, the old one goes on; once the new one has signed a letter, it alone is the host's, and may lift what
    the old one did. Both steps are on the record."""
    host.send("community/notice", letter(NoticeKind.SUSPENSION))
    statement = sign_succession(host.signer, following, AT)
    announced = [announce(host, statement) for _ in range(2)]
    old = host.send("community/notice", letter(NoticeKind.RESTRICTION, number=2, case=2))
    new = host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=3), signer=following)
    late = host.send("community/notice", letter(NoticeKind.TERMINATION, number=4))

    assert announced == [200, 200]
    assert (old[0], new[0], late[0]) == (200, 200, 401)
    assert community(town.plaza).state.state is CommunityState.RESTRICTED
    assert Host.objects.get(community_id=town.plaza).key == str(following.verifier)
    assert verbs().count("known_key.announced") == verbs().count("known_key.replaced") == 1
    assert verbs().count("upstream_host.rekeyed") == 1
    assert KnownKey.objects.get(key=str(following.verifier)).statement == statement


def test_every_community_of_the_host_is_told_by_one_statement(town: Town, host: Elsewhere, following: Signer) -> None:
    """The key is the log's, and not a community's."""
    enrol.name_host(
        community_id=town.harbour, member_id=town.members["frank"], base_url=host.url, key=host.key, now=town.now
    )
    announce(host, sign_succession(host.signer, following, AT))
    host.send("community/notice", letter(), signer=following)

    assert set(Host.objects.values_list("key", flat=True)) == {str(following.verifier)}


@pytest.mark.parametrize("fault", ["no possession", "no consent", "another's", "another log's", "nothing"])
def test_a_statement_that_both_keys_did_not_sign_is_refused(
    town: Town, host: Elsewhere, following: Signer, fault: str
) -> None:
    """Neither a key that its namer does not hold, nor a follower that the old key did not name."""
    text = Succession(host.signer.verifier, following.verifier, AT).text
    other = Signer(ORIGIN, Ed25519PrivateKey.generate())
    renamed = Signer("second.test/record", following.private)
    made: dict[str, Callable[[], str]] = {
        "no possession": lambda: str(host.signer.sign(text)),
        "no consent": lambda: str(following.sign(text)),
        "another's": lambda: sign_succession(other, following, AT),
        "another log's": lambda: str(SignedNote(text.replace(str(following.verifier), str(renamed.verifier)), ())),
        "nothing": lambda: "-",
    }

    assert announce(host, made[fault]()) == 422
    assert not KnownKey.objects.filter(key=str(following.verifier)).exists()
    assert host.send("community/notice", letter(), signer=following)[0] == 401


def test_a_key_names_one_follower_and_a_retired_key_nobodys(town: Town, host: Elsewhere, following: Signer) -> None:
    """A second statement is a conflict; the old key is never anybody's again, under whatever name."""
    announce(host, sign_succession(host.signer, following, AT))
    other = Signer(ORIGIN, Ed25519PrivateKey.generate())
    second = announce(host, sign_succession(host.signer, other, AT))
    host.send("community/notice", letter(), signer=following)

    assert second == 409
    for known_as in (ORIGIN, "second.test/record"):
        with pytest.raises(Invalid, match="replaced"):
            enrol.name_host(
                community_id=town.harbour,
                member_id=town.members["frank"],
                base_url=host.url,
                key=str(Signer(known_as, host.signer.private).verifier),
                now=town.now,
            )


def test_the_operator_vouches_where_the_old_key_is_lost(
    town: Town, host: Elsewhere, following: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the old key decided, the new one may lift; `list` shows which follows which."""
    host.send("community/notice", letter(NoticeKind.TERMINATION))
    status = main(["exchange", "replace-key", host.key, str(following.verifier)])
    main(["exchange", "list"])
    listed = capsys.readouterr().out

    assert status == 0
    assert "terminated" in listed
    assert f"key {following.verifier}  current since " in listed
    assert f"  after {host.key}" in listed
    assert host.send("community/notice", letter(NoticeKind.REINSTATEMENT, number=2), signer=following)[0] == 200
    assert community(town.plaza).state.state is CommunityState.ACTIVE


def test_the_operator_announces_our_next_key(
    town: Town, host: Elsewhere, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The key is made, everybody elsewhere gets the statement; our record goes on under the present key."""
    before = record_verifier()
    status = main(["exchange", "announce-key", str(tmp_path / "next.ed25519")])
    while run_due(resolve(HANDLERS), now=datetime.now(UTC)):
        pass
    (path, body, headers) = next(d for d in host.delivered if d[0].endswith("/key"))
    said = open_succession(KeyDocument.decode(body).statement)

    assert status == 0
    assert capsys.readouterr().out.startswith("1 will be told")
    assert path == "/exchange/host/key"
    assert said.old == before == record_verifier()
    assert before.key_id.hex() in headers["Signature-Input"]
    assert (tmp_path / "next.ed25519").stat().st_mode & 0o077 == 0
    assert verbs()[-1] == "known_key.announced"
