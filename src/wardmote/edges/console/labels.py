"""What the desk says in words where the domain has a code or a number."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wardmote.communities.policy import Action
from wardmote.communities.queries import ClauseView
from wardmote.detect.text.targets import TargetKind, find_targets
from wardmote.edges.ui.tags import category
from wardmote.edges.ui.tags import score as score_figure
from wardmote.moderation.policy import NOT_COVERED, Lane, ReportReason, Source
from wardmote.moderation.queries import (
    AlertView,
    AppealView,
    CaseView,
    DecisionView,
    OpinionView,
    QueueRow,
    ReportView,
    TextView,
)

ACTIONS: tuple[tuple[Action, Promise, Promise], ...] = (
    (Action.NONE, gettext_lazy("No action"), gettext_lazy("it stays, or is published")),
    (Action.LABEL, gettext_lazy("Label"), gettext_lazy("it stays, with a notice above")),
    (Action.HIDE, gettext_lazy("Hide"), gettext_lazy("behind a click")),
    (Action.REMOVE, gettext_lazy("Remove"), gettext_lazy("nobody else reads it")),
    (Action.WARN, gettext_lazy("Warn"), gettext_lazy("it stays, its author is warned")),
    (Action.SUSPEND, gettext_lazy("Suspend"), gettext_lazy("removed, and no writing")),
)
"""Each action with its name and what it does, in the order of the keys 1 to 6."""

CAME_BY: Mapping[Source, Promise] = {
    Source.REPORT: gettext_lazy("a report"),
    Source.SCREENING: gettext_lazy("screening"),
    Source.HOST: gettext_lazy("the host"),
}
"""What the cases that wait came by. What the owner opens is decided at once and never waits."""
OPENED_BY: Mapping[Source, Promise] = {
    Source.REPORT: gettext_lazy("opened by a report"),
    Source.SCREENING: gettext_lazy("opened by screening"),
    Source.HOST: gettext_lazy("opened because the host asks about it"),
    Source.OWNER: gettext_lazy("opened by the owner"),
}
SOURCES: Mapping[Source, Promise] = {
    Source.REPORT: gettext_lazy("Reports of members"),
    Source.SCREENING: gettext_lazy("Screening"),
    Source.HOST: gettext_lazy("The host"),
    Source.OWNER: gettext_lazy("The owner"),
}
"""Where cases come from, in a table of figures."""

_LIKELIHOODS = (
    (0.9, gettext_lazy("very likely")),
    (0.7, gettext_lazy("likely")),
    (0.4, gettext_lazy("possible")),
    (0.15, gettext_lazy("unlikely")),
    (0.0, gettext_lazy("very unlikely")),
)
_TARGETS = {
    TargetKind.PERSON: gettext_lazy("Who"),
    TargetKind.PLACE: gettext_lazy("Where"),
    TargetKind.TIME: gettext_lazy("When"),
}
_WORTH_SAYING = 0.4
"""Below "possible" the likeliest category describes nothing."""


@dataclass(frozen=True, slots=True)
class Score:
    """One category's score: its name, how likely in words, and the probability."""

    name: str
    words: str
    value: float


def action_name(action: Action) -> str:
    """An action as people call it."""
    return next(str(name) for value, name, _does in ACTIONS if value is action)


def likelihood(score: float) -> str:
    """A probability in words."""
    return str(next(words for least, words in _LIKELIHOODS if score >= least))


def named_decisions(decisions: tuple[DecisionView, ...] | list[DecisionView]) -> list[tuple[DecisionView, str]]:
    """Decisions, each with its action's name."""
    return [(decision, action_name(decision.action)) for decision in decisions]


def named_reports(case: CaseView) -> list[tuple[ReportView, str]]:
    """Reports, each with its reason's name."""
    return _with_reasons(case.reports)


def _with_reasons(reports: tuple[ReportView, ...]) -> list[tuple[ReportView, str]]:
    return [(report, capfirst(category(report.reason.category))) for report in reports]


def named_texts(texts: tuple[TextView, ...]) -> list[tuple[TextView, str, list[tuple[ReportView, str]]]]:
    """The texts of a case, the newest last: each with what screening makes of it, and its reports with their names."""
    return [(text, _likeliest(text), _with_reasons(text.reports)) for text in texts]


def _likeliest(text: TextView) -> str:
    if text.likeliest is None:
        return _("It was not screened.")
    return _screening(text.likeliest, text.pointed)


def _screening(likeliest: tuple[str, float], pointed: tuple[str, float] | None) -> str:
    """What screening makes of a text; where it sent it to people, by what, however low that scored."""
    name, score = pointed or likeliest
    named = {"name": category(name), "words": likelihood(score), "score": score_figure(score)}
    if score >= _WORTH_SAYING:
        return _("Screening: %(name)s %(words)s (%(score)s).") % named
    if pointed:
        return _("Screening: %(name)s %(words)s (%(score)s); the rules here have that looked at.") % named
    return _("Screening sees nothing likely in it.")


def named_clauses(clauses: tuple[ClauseView, ...]) -> list[tuple[ClauseView, str]]:
    """Clauses, each with the name of the action it usually leads to."""
    return [(clause, action_name(clause.default_action).lower()) for clause in clauses]


def scores(case: CaseView) -> list[Score]:
    """What screening said, the likeliest first."""
    return [Score(category(name), likelihood(value), value) for name, value in case.scores]


def named_targets(case: CaseView) -> list[tuple[str, list[str]]]:
    """Whom, where and when the text of an alert names, in its own words, each once; empty for other cases."""
    if case.lane is not Lane.THREAT:
        return []
    found: dict[TargetKind, dict[str, str]] = {kind: {} for kind in TargetKind}
    for said in [text.text for text in case.texts] or [case.item.text]:
        for target in find_targets(said):
            found[target.kind].setdefault(target.key, said[target.start : target.end])
    return [(str(_TARGETS[kind]), list(said.values())) for kind, said in found.items() if said]


def named_alerts(alerts: list[AlertView]) -> list[tuple[AlertView, str]]:
    """Alerts, each with what kind of thing its target is."""
    return [(alert, str(_TARGETS[TargetKind(alert.kind)])) for alert in alerts]


def named_opinions(opinions: list[OpinionView]) -> list[tuple[OpinionView, str]]:
    """A machine's opinions, each with how likely it thinks it, in words."""
    return [(opinion, likelihood(opinion.probability)) for opinion in opinions]


def behind_case(case: CaseView) -> str:
    """What a moderator is about to see, before they see it: what members call it, and what screening makes of it."""
    reasons = tuple(dict.fromkeys(report.reason for report in case.reports))
    visitors = sum(1 for report in case.reports if report.visitor)
    members = len(case.reports) - visitors
    return _behind(members, visitors, reasons, case.scores[0] if case.scores else None, case.pointed, case.category)


def behind_row(row: QueueRow) -> str:
    """The same of a line of the queue."""
    return _behind(row.reports, row.visitors, row.reasons, row.likeliest, row.pointed, row.category)


def _behind(
    members: int,
    visitors: int,
    reasons: tuple[ReportReason, ...],
    likeliest: tuple[str, float] | None,
    pointed: tuple[str, float] | None,
    about: str,
) -> str:
    sentences = []
    names = ", ".join(category(reason.category) for reason in reasons)
    if members and visitors:
        sentences.append(
            _("Members (%(members)d) and visitors (%(visitors)d) report it: %(names)s.")
            % {"members": members, "visitors": visitors, "names": names}
        )
    elif members:
        sentences.append(
            ngettext("%(count)d member reports it: %(names)s.", "%(count)d members report it: %(names)s.", members)
            % {"count": members, "names": names}
        )
    elif visitors:
        sentences.append(
            ngettext("%(count)d visitor reports it: %(names)s.", "%(count)d visitors report it: %(names)s.", visitors)
            % {"count": visitors, "names": names}
        )
    if likeliest and likeliest[0] == NOT_COVERED:
        sentences.append(_("Screening cannot judge it: its language is not covered."))
    elif likeliest:
        sentences.append(_screening(likeliest, pointed))
    return " ".join(sentences) or capfirst(category(about)) + "."


def behind_appeal(appeal: AppealView) -> str:
    """The same for an item that was judged once."""
    return _("Judged under %(key)s %(title)s.") % {
        "key": appeal.decision.clause_key,
        "title": appeal.decision.clause_title,
    }
