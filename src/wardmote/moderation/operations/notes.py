"""Notes that moderators leave one another on a case, and the reasons that they write beforehand."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, CaseNote, DeskChoice, ReasonTemplate
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.record import operations as record

TITLE_LIMIT = 80
_TEMPLATES = 200
"""Written reasons that one community keeps at most: a list that nobody reads through helps nobody."""


@transaction.atomic
def note_case(*, community_id: int, member_id: int, case_id: int, text: str, now: datetime) -> int:
    """Leave a note on a case, decided or not."""
    case = Case.objects.select_related("item").filter(community_id=community_id, pk=case_id).first()
    if case is None:
        raise NotFound(_("There is no such case here."))
    if case.item.author_id == member_id:
        raise Refused(_("You wrote this; somebody else must decide it."))
    return write_note(case, member_id=member_id, text=text, handed_to=None, now=now)


def write_note(case: Case, *, member_id: int, text: str, handed_to: int | None, now: datetime) -> int:
    """Store a note; the record has a commitment to its words, which its author can have erased."""
    _check(text, field="note", empty=_("Write what the other moderators should know."))
    note = CaseNote.objects.create(
        community_id=case.community_id,
        case=case,
        author_id=member_id,
        text=text.strip(),
        handed_to_id=handed_to,
        written_at=now,
    )
    member = Urn("member", member_id)
    record.append(
        now=now,
        actor=member,
        verb="case.noted",
        subject=note.urn,
        community=Urn("community", case.community_id),
        facts={"case": str(case.urn)},
        content={"text": note.text},
        about=member,
    )
    return note.pk


@transaction.atomic
def write_template(*, community_id: int, member_id: int, clause_key: str, title: str, text: str, now: datetime) -> int:
    """Keep a reason for later, or write the one of that clause and title anew."""
    _check(title, field="title", empty=_("Give it a name."), limit=TITLE_LIMIT)
    _check(text, field="text", empty=_("There is no reason to keep."))
    kept = ReasonTemplate.objects.filter(community_id=community_id)
    named = {"clause_key": clause_key, "title": title.strip()}
    if not kept.filter(**named).exists() and kept.count() >= _TEMPLATES:
        raise Invalid(_("There are %(most)d already. Remove one first.") % {"most": _TEMPLATES}, field="title")
    values = {"text": text.strip(), "written_by_id": member_id, "written_at": now}
    try:
        with transaction.atomic():
            template, _new = ReasonTemplate.objects.update_or_create(
                community_id=community_id, clause_key=clause_key, title=title.strip(), defaults=values
            )
    except IntegrityError:
        raise Conflict(_("Somebody else has just written one of that name.")) from None
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="reason_template.written",
        subject=template.urn,
        community=Urn("community", community_id),
        facts={**named, "text": template.text},
    )
    return template.pk


@transaction.atomic
def remove_template(*, community_id: int, member_id: int, template_id: int, now: datetime) -> None:
    """Keep it no longer; decisions that were written with it stay as they are."""
    template = ReasonTemplate.objects.filter(community_id=community_id, pk=template_id).first()
    if template is None:
        raise NotFound(_("There is no such written reason here."))
    urn = template.urn
    template.delete()
    record.append(
        now=now,
        actor=Urn("member", member_id),
        verb="reason_template.removed",
        subject=urn,
        community=Urn("community", community_id),
    )


def choose_to_go_on(*, member_id: int, goes_on: bool) -> None:
    """Remember whether the next case is to be there after a decision."""
    DeskChoice.objects.update_or_create(member_id=member_id, defaults={"goes_on": goes_on})


def _check(text: str, *, field: str, empty: str, limit: int = REASON_LIMIT) -> None:
    if is_blank(text):
        raise Invalid(empty, field=field)
    if len(text) > limit:
        raise Invalid(too_long(len(text), limit), field=field)
