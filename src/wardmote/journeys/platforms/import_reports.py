"""Reports that were made elsewhere come in: each opens or joins a case, by the same way as a member's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from wardmote.communities.queries import community
from wardmote.journeys.members.report import Complaint, complaint_about_post, file_complaint, severities_in_force
from wardmote.journeys.platforms.import_posts import Fate, Outcome
from wardmote.journeys.platforms.imported_members import imported_members
from wardmote.journeys.steps.permission import check_active
from wardmote.journeys.steps.quarantine import lock_published
from wardmote.journeys.steps.screening import Locked, screen_each
from wardmote.kernel.errors import Conflict, NotFound, WardmoteError
from wardmote.kernel.handles import STORED
from wardmote.kernel.hosts import same_host
from wardmote.moderation import queries as moderation
from wardmote.moderation.policy import ReportReason, Screened
from wardmote.network import queries as network

_OURS = re.compile(rf"(?:urn:wardmote:post:|/@{STORED}/)?([1-9][0-9]{{0,18}})")


@dataclass(frozen=True, slots=True)
class ForeignReport:
    """One report of another platform.

    `item` is the id that the post had there, or what names a post here: its id, its URN, its path or its address.
    """

    item: str
    reporter: str
    reason: ReportReason
    created_at: datetime
    comment: str = ""


def import_reports(*, community_id: int, source: str, reports: Sequence[ForeignReport], now: datetime) -> list[Outcome]:
    """Bring reports in, all in one durable transaction; what cannot come in loses nothing but itself.

    Gives what became of each, in order: queued, known (the same person reported it already), or rejected. `source` is
    the one under which the posts came in. Refused where the host has stopped the community.
    """
    check_active(community_id=community_id, now=now)
    items = {report.item for report in reports}
    imported = network.imported_posts(community_id=community_id, source=source, source_ids=items)
    domain = community(community_id).domain
    members = imported_members(community_id=community_id, names=[r.reporter for r in reports], now=now)
    outcomes: dict[int, Outcome] = {}
    complaints: dict[int, Complaint] = {}
    for place, report in enumerate(reports):
        try:
            post_id = _post_id(report.item, imported, domain)
            complaints[place] = complaint_about_post(
                community_id=community_id,
                member_id=members[report.reporter],
                post_id=post_id,
                reason=report.reason,
                comment=report.comment,
                seen_elsewhere=True,
            )
        except WardmoteError as error:
            outcomes[place] = Outcome(Fate.REJECTED, str(error))
    if complaints:
        outcomes |= _file(community_id, complaints, {p: reports[p].created_at for p in complaints}, now=now)
    return [outcomes[place] for place in range(len(reports))]


def _post_id(item: str, imported: Mapping[str, network.ImportedPost], domain: str) -> int:
    if item in imported:
        return imported[item].id
    try:
        address = urlsplit(item)
    except ValueError:
        raise NotFound(f"There is no post called {item!r} here.") from None
    if address.scheme in {"http", "https"}:
        if not same_host(address.hostname or "", domain):
            raise NotFound(f"No post of {item} has been brought in.")
        item = address.path
    match = _OURS.fullmatch(item)
    if match is None:
        raise NotFound(f"There is no post called {item!r} here.")
    return int(match[1])


def _file(
    community_id: int, complaints: dict[int, Complaint], dates: dict[int, datetime], *, now: datetime
) -> dict[int, Outcome]:
    answers = screen_each(community_id=community_id, texts=[c.text for c in complaints.values()])
    outcomes: dict[int, Outcome] = {}
    screened: dict[int, Screened] = {}
    for (place, complaint), answer in zip(complaints.items(), answers, strict=True):
        if isinstance(answer, Locked):
            lock_published(
                answer, community_id=community_id, author_id=complaint.author_id, subject=complaint.subject, now=now
            )
            outcomes[place] = Outcome(Fate.REJECTED, str(answer))
        else:
            screened[place] = answer
    severities = severities_in_force(community_id=community_id)
    filed = moderation.reports_filed(
        community_id=community_id,
        member_ids={c.member_id for c in complaints.values()},
        subjects={str(c.subject) for c in complaints.values()},
    )
    with transaction.atomic(durable=True):
        check_active(community_id=community_id, now=now, lock=True)
        for place, said in screened.items():
            complaint = complaints[place]
            if (complaint.member_id, str(complaint.subject), dates[place]) in filed:
                outcomes[place] = Outcome(Fate.KNOWN)
                continue
            try:
                with transaction.atomic():
                    file_complaint(
                        complaint,
                        community_id=community_id,
                        screened=said,
                        severities=severities,
                        filed_at=dates[place],
                        now=now,
                    )
                outcomes[place] = Outcome(Fate.QUEUED)
            except Conflict:
                outcomes[place] = Outcome(Fate.KNOWN)
            except WardmoteError as error:
                outcomes[place] = Outcome(Fate.REJECTED, str(error))
    return outcomes
