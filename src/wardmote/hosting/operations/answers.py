"""A customer's answer comes in: kept word for word, and taken for what it says and nothing more."""

from datetime import datetime

from django.db import transaction

from wardmote.hosting.models import Answer, Case, Item, Notice
from wardmote.hosting.operations.disputes import follow_disputes, open_dispute
from wardmote.hosting.operations.items import item_of, set_status
from wardmote.hosting.operations.notices import notice_of
from wardmote.hosting.operations.rechecks import plan_series
from wardmote.hosting.operations.stages import move_case
from wardmote.hosting.policy.documents import AnswerDocument, digest
from wardmote.hosting.policy.kinds import AnswerKind, ItemStatus, Stage
from wardmote.kernel.errors import Conflict, Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.record import operations as record


@transaction.atomic
def receive_answer(*, case: Case, document: AnswerDocument, raw: bytes, now: datetime) -> tuple[Answer, bool]:
    """Keep an answer and let it take effect; gives it, and whether it is new.

    Harmless to repeat; Conflict for other words under the same name. The case must be locked.
    """
    before = Answer.objects.filter(customer=case.customer, given=str(document.answer)).first()
    if before is not None:
        if before.hash != digest(raw):
            raise Conflict(_("An answer of this name came in before, with other words."))
        return before, False
    notice = notice_of(case, document.notice)
    if document.kind.about_an_item != (document.item is not None):
        raise Invalid(_("This kind of answer is about one post, or about none."), field="item")
    item = item_of(case, document.item.id) if document.item is not None else None
    answer = _store(case, document, raw, notice=notice, item=item, now=now)
    _acknowledge(case, now=now)
    if item is not None:
        _take(item, document, now=now)
    follow_disputes(case, now=now)
    return answer, True


def _store(
    case: Case, document: AnswerDocument, raw: bytes, *, notice: Notice, item: Item | None, now: datetime
) -> Answer:
    urn = Urn("host_answer", new_id())
    entry = record.append(
        now=now,
        actor=SYSTEM,
        verb="host_answer.received",
        subject=urn,
        community=case.customer.community_urn,
        facts={
            "case": str(case.urn),
            "notice": str(notice.urn),
            "item": None if item is None else str(item.urn),
            "given": str(document.answer),
            "kind": document.kind.value,
            "hash": digest(raw),
        },
    )
    return Answer.objects.create(
        id=urn.id,
        customer=case.customer,
        notice=notice,
        item=item,
        given=str(document.answer),
        kind=document.kind.value,
        words=document.words,
        document=raw.decode(),
        hash=digest(raw),
        given_at=document.given_at,
        received_at=now,
        entry_id=entry.pk,
    )


def _acknowledge(case: Case, *, now: datetime) -> None:
    """Any answer of a person acknowledges the notice."""
    if case.stage in (Stage.NOTIFIED, Stage.UNANSWERED):
        move_case(case=case, to=Stage.ACKNOWLEDGED, actor=SYSTEM, now=now)


def _take(item: Item, document: AnswerDocument, *, now: datetime) -> None:
    if document.kind is AnswerKind.DISPUTED and open_dispute(item=item, words=document.words, now=now):
        return
    if item.status == ItemStatus.NOTIFIED:
        set_status(item, ItemStatus.ACKNOWLEDGED, actor=SYSTEM, facts={"answer": str(document.answer)}, now=now)
    if document.kind is AnswerKind.REMOVED:
        # A claim is looked at; it settles nothing by itself.
        plan_series(item, now=now)
        if item.case.stage == Stage.ACKNOWLEDGED:
            move_case(case=item.case, to=Stage.RECHECK, actor=SYSTEM, now=now)
