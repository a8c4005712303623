"""The owner writes the next version of the rules, sees what it would do, and publishes it; members are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.operations import drafts
from wardmote.communities.policy import Change, ClauseDraft, changes, policy_hash, read_clauses
from wardmote.communities.queries import community, current_policy, policy_by_id, policy_version
from wardmote.communities.queries.desk import members_after, policy_draft
from wardmote.jobs import operations as jobs
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.moderation.queries import effects
from wardmote.notices.policy import Kind, office
from wardmote.notices.queries import told_about

LOOK_BACK = timedelta(days=30)
JOB = "journeys.tell_of_policy"
BATCH = 100
"""Members told in one transaction."""


def save_draft(
    *,
    community_id: int,
    member_id: int,
    title: str,
    clauses: Sequence[Mapping[str, str]],
    version: int,
    now: datetime,
) -> int:
    """Keep what the owner has typed so far; gives the draft's version."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        return drafts.save_draft(community_id=community_id, title=title, clauses=clauses, version=version, now=now)


def drop_draft(*, community_id: int, member_id: int, version: int, now: datetime) -> None:
    """Throw away what was typed."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        drafts.drop_draft(community_id=community_id, version=version)


def effect(*, community_id: int, clauses: Sequence[ClauseDraft], now: datetime) -> effects.Effect:
    """What these clauses would have done to the last 30 days' posts, beside what those in force would."""
    policy = current_policy(community_id=community_id)
    before = policy.drafts() if policy else ()
    return effects.effect(community_id=community_id, before=before, after=clauses, since=now - LOOK_BACK)


def publish_draft(*, community_id: int, member_id: int, version: int, in_force: str, now: datetime) -> int:
    """The draft becomes the next version; gives its number. The owner, who wrote it, has accepted it by that.

    `version` is the draft that was looked at, `in_force` the hash of the policy that it was compared with: Conflict
    where either has changed since.
    """
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        draft, policy = policy_draft(community_id=community_id), current_policy(community_id=community_id)
        if (policy.hash if policy else "") != in_force:
            raise Conflict(_("Another version was published meanwhile. This is your draft beside that one."))
        if draft is None:
            raise Conflict(_("There is no draft any more."))
        if is_blank(draft.title):
            raise Invalid(_("The policy needs a title."), field="title")
        clauses = read_clauses(draft.clauses)
        if policy_hash(draft.title, clauses) == in_force:
            raise Invalid(_("Nothing is different from the version in force."))
        drafts.drop_draft(community_id=community_id, version=version)
        policy_id = communities.publish_policy(
            community_id=community_id, actor=Urn("member", member_id), title=draft.title, clauses=clauses, now=now
        )
        published = policy_by_id(policy_id)
        communities.accept_policy(community_id=community_id, member_id=member_id, shown_hash=published.hash, now=now)
        tell_later(policy_id, now=now)
    return published.number


def tell_later(policy_id: int, *, now: datetime, after: int = 0) -> None:
    """Have every member told of a new version, in batches."""
    jobs.put(JOB, policy_id, after, now=now)


def tell_of_policy(policy_id: int, after: int = 0, *, now: datetime) -> None:
    """Tell the next members; harmless to repeat: nobody is told twice of a version. Who agreed to these very words
    already need do nothing."""
    policy = policy_by_id(policy_id)
    here = policy.community_id
    before = policy_version(community_id=here, number=policy.number - 1)
    title = community(here).title
    what = changes(before.drafts() if before else (), policy.drafts())
    retitled = before is not None and before.title != policy.title
    asks = before is None or retitled or any(change.reads_differently for change in what)
    with transaction.atomic(durable=True):
        batch = members_after(community_id=here, after=after, limit=BATCH)
        about = Urn("policy", policy_id)
        told = told_about(community_id=here, kind=Kind.POLICY, about=about)
        for member_id, person_id in batch:
            if person_id in told:
                continue
            tell(
                here,
                member_id,
                kind=Kind.POLICY,
                about=about,
                write=lambda: office.policy_changed(
                    community=title,
                    title=policy.title,
                    number=policy.number,
                    changes=in_words(what, retitled=policy.title if retitled else ""),
                    asks=asks,
                ),
                path="/policy/accept" if asks else "/policy",
                now=now,
            )
        if len(batch) == BATCH:
            tell_later(policy_id, now=now, after=batch[-1][0])


def in_words(what: Sequence[Change], *, retitled: str = "") -> list[str]:
    """Each change that a reader of the rules sees, as a paragraph with the rule as it reads now; `retitled`: the title
    that is new, if it is."""
    titled = [_("The title is new: “%(title)s”.") % {"title": retitled}] if retitled else []
    return titled + [_in_words(change) for change in what if change.reads_differently]


def _in_words(change: Change) -> str:
    clause = change.after or change.before
    named = {"key": clause.key, "title": clause.title} if clause else {}
    if change.after is None:
        return _("No longer a rule: %(key)s %(title)s") % named
    head = _("New: %(key)s %(title)s") if change.before is None else _("Changed: %(key)s %(title)s")
    return f"{head % named}\n{change.after.text}"
