"""Writes of the next version of the rules while it is written. Nobody but the owner sees it: it is not on record."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wardmote.communities.models import Community, PolicyDraft
from wardmote.communities.policy import CLAUSE_FIELDS, CLAUSE_LIMIT, MOST_CLAUSES, TITLE_LIMIT
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _


@transaction.atomic
def save_draft(
    *, community_id: int, title: str, clauses: Sequence[Mapping[str, str]], version: int, now: datetime
) -> int:
    """Keep what was typed; gives the draft's new version. `version` is the one it began from, 0 for none.

    Conflict where something else was saved meanwhile, as in a second window.
    """
    if len(clauses) > MOST_CLAUSES:
        raise Invalid(_("A policy has at most %(n)s clauses.") % {"n": MOST_CLAUSES}, field="clauses")
    # Twice what may be published: whoever is over the limit must still be able to save, and shorten.
    kept = [{name: row.get(name, "")[: 2 * CLAUSE_LIMIT] for name in CLAUSE_FIELDS} for row in clauses]
    Community.objects.select_for_update(no_key=True).get(pk=community_id)
    draft = PolicyDraft.objects.filter(community_id=community_id).first()
    if draft is not None and (draft.title, draft.clauses) == (title[:TITLE_LIMIT], kept):
        # What was saved while it was typed is sent once more with a button.
        return draft.version
    if (draft.version if draft else 0) != version:
        raise Conflict(_("The draft was changed in another window; reload this page to see it."))
    if draft is None:
        draft = PolicyDraft(community_id=community_id, version=0)
    draft.title, draft.clauses, draft.saved_at = title[:TITLE_LIMIT], kept, now
    draft.version += 1
    draft.save()
    return draft.version


@transaction.atomic
def drop_draft(*, community_id: int, version: int) -> None:
    """Throw the draft away; Conflict where it is another than the one that was looked at."""
    gone, _rows = PolicyDraft.objects.filter(community_id=community_id, version=version).delete()
    if not gone:
        raise Conflict(_("The draft was changed in another window; reload this page to see it."))
