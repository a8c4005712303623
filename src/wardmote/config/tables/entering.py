"""Who was asked to moderate or to own, what communities agreed, who asked to join, and the links that let people in."""

from collections.abc import Iterable, Sequence

from wardmote.communities.models import EntryLink, Invitation, JoinRequest, JudgingAgreement, OwnershipOffer
from wardmote.config.tables.kinds import Kind, Row, Values, of_subject, take, urn
from wardmote.kernel.clock import to_rfc3339
from wardmote.record.queries import Recorded


def _invitations(ids: Iterable[int]) -> list[Row]:
    rows = Invitation.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "member": urn("member", row.membership_id),
                "state": row.state,
                "community": urn("community", row.community_id),
            },
        )
        for row in rows
    ]


def _invitation_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    return _state_told(entries, "invitation", "open", "member")


def _offers(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "from": urn("member", row.offered_by_id),
                "to": urn("member", row.offered_to_id),
                "stays": row.stays,
                "ends": to_rfc3339(row.ends_at),
                "state": row.state,
                "community": urn("community", row.community_id),
            },
        )
        for row in OwnershipOffer.objects.filter(pk__in=list(ids))
    ]


def _offer_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    return _state_told(entries, "ownership_offer", "open", "from", "to", "stays", "ends")


def _agreements(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "with": urn("community", row.other_id),
                "ends": to_rfc3339(row.ends_at),
                "state": row.state,
                "community": urn("community", row.community_id),
            },
        )
        for row in JudgingAgreement.objects.filter(pk__in=list(ids))
    ]


def _agreement_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    return _state_told(entries, "judging_agreement", "open", "with", "ends")


def _requests(ids: Iterable[int]) -> list[Row]:
    rows = JoinRequest.objects.filter(pk__in=list(ids))
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "person": urn("person", row.person_id),
                "state": row.state,
                "community": urn("community", row.community_id),
            },
        )
        for row in rows
    ]


def _request_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    return _state_told(entries, "join_request", "waiting", "person")


def _state_told(entries: Sequence[Recorded], kind: str, first: str, *names: str) -> Values | None:
    """Of what is made and then answered: the last entry's verb is its state."""
    told: Values = {}
    for entry in entries:
        take(told, entry, *names)
        state = entry.verb.removeprefix(f"{kind}.")
        if state == "made":
            told |= {"state": first, "community": str(entry.community)}
        elif state != entry.verb:
            told["state"] = state
    return told if "community" in told else None


def _links(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.urn),
            {
                "most": row.most,
                "used": row.used,
                "ends": to_rfc3339(row.ends_at),
                "revocation": row.revoked_at is not None,
                "community": urn("community", row.community_id),
            },
        )
        for row in EntryLink.objects.filter(pk__in=list(ids))
    ]


def _link_told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {
        "used": sum(entry.verb == "entry_link.used" for entry in entries),
        "revocation": any(entry.verb == "entry_link.revoked" for entry in entries),
    }
    for entry in entries:
        if entry.verb == "entry_link.made":
            take(told, entry, "most", "ends")
            told["community"] = str(entry.community)
    return told if "community" in told else None


KINDS = (
    Kind("invitations to moderate", Invitation, _invitations, _invitation_told, {"invitation.made": of_subject}),
    Kind("offers of a community", OwnershipOffer, _offers, _offer_told, {"ownership_offer.made": of_subject}),
    Kind(
        "agreements to judge for each other",
        JudgingAgreement,
        _agreements,
        _agreement_told,
        {"judging_agreement.made": of_subject},
    ),
    Kind("requests to join", JoinRequest, _requests, _request_told, {"join_request.made": of_subject}),
    Kind("invitation links", EntryLink, _links, _link_told, {"entry_link.made": of_subject}),
)
