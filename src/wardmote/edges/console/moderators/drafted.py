"""The sheet of a case as somebody had filled it in before: what was sent and not taken, or decided and taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from wardmote.communities.queries import current_policy
from wardmote.edges.console.access import Desk
from wardmote.edges.console.forms import DecisionForm, HandOverForm, NoteForm
from wardmote.edges.console.moderators.casefile import decision_form
from wardmote.edges.ui import drafts
from wardmote.kernel import clock
from wardmote.moderation import queries
from wardmote.moderation.policy.endings import Ending


def again(request: HttpRequest, desk: Desk, case: queries.CaseView) -> tuple[DecisionForm | None, dict[str, Any]]:
    """The sheet, the note or the handing over that was sent and not taken; (None, {}) where none was.

    Where the case is in other hands by now there is no sheet: the words are shown, and wait until it is claimed again.
    """

    def sent_to(step: str) -> drafts.Draft | None:
        address = reverse(f"console:{step}", args=[case.case_id])
        return drafts.take(request, to=address, keep_it=step != "note" and not case.claimed_by_me)

    sheet = sent_to("decide") or sent_to("preview")
    if sheet is not None:
        form = decision_form(desk, case, sheet.fields)
        if not case.claimed_by_me:
            return form, {"error": sheet.sentence}
        messages.info(request, sheet.sentence)
        return form, {}
    note = sent_to("note")
    if note is not None:
        messages.info(request, note.sentence)
        return None, {"note_form": NoteForm(note.fields, auto_id="note-%s")}
    hand = sent_to("hand-over") if case.claimed_by_me else None
    if hand is not None:
        messages.info(request, hand.sentence)
        others = queries.colleagues(
            community_id=desk.community_id, case_id=case.case_id, member_id=desk.member_id, now=clock.now()
        )
        return None, {"hand_form": HandOverForm(hand.fields, colleagues=others)}
    return None, {}


def taken_back(desk: Desk, case: queries.CaseView) -> DecisionForm | None:
    """The sheet with the clause and the reason of the decision that this moderator has just taken back.

    What should happen is chosen anew: a press too many must not decide the same once more.
    """
    last = case.decisions[-1] if case.decisions and case.claimed_by_me else None
    if last is None or not (last.mine and last.ending is Ending.TAKEN_BACK):
        return None
    policy = current_policy(community_id=desk.community_id)
    same = next((c.id for c in (policy.clauses if policy else ()) if c.key == last.clause_key), "")
    form = decision_form(desk, case)
    form.initial = {"clause": same, "reason": last.reason}
    return form
