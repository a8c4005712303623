"""Where the desk's pages are, below `/console/`."""

from django.urls import path

from wardmote.edges.console import (
    appeals,
    audit,
    cases,
    figures,
    letters,
    locked,
    moved,
    queue,
    reasons,
    trial,
    undo,
)

app_name = "console"

urlpatterns = [
    path("", queue.show, name="queue"),
    path("next", queue.claim_next, name="next"),
    path("decided", queue.decided, name="decided"),
    path("figures", figures.show, name="figures"),
    path("shield", queue.set_shield, name="shield"),
    path("cases/<int:case_id>", cases.show, name="case"),
    path("cases/<int:case_id>/clock", cases.clock_chip, name="clock"),
    path("cases/<int:case_id>/claim", cases.claim, name="claim"),
    path("cases/<int:case_id>/cover", cases.cover, name="cover"),
    path("cases/<int:case_id>/uncover", cases.uncover, name="uncover"),
    path("cases/<int:case_id>/release", cases.release, name="release"),
    path("cases/<int:case_id>/preview", cases.preview, name="preview"),
    path("cases/<int:case_id>/decide", cases.decide, name="decide"),
    path("cases/<int:case_id>/hand-over", cases.hand_over, name="hand-over"),
    path("cases/<int:case_id>/notes", cases.note, name="note"),
    path("cases/<int:case_id>/correct", undo.correct, name="correct"),
    path("decisions/<int:decision_id>/take-back", undo.take_back, name="take-back"),
    path("reasons", reasons.page, name="reasons"),
    path("reasons/<int:template_id>/remove", reasons.remove, name="reason-remove"),
    path("appeals", appeals.listing, name="appeals"),
    path("appeals/<int:appeal_id>", appeals.show, name="appeal"),
    path("appeals/<int:appeal_id>/decide", appeals.decide, name="appeal-decide"),
    path("audit", audit.judge, name="audit"),
    path("promises", audit.promises, name="promises"),
    path("promises/plan", audit.plan, name="promises-plan"),
    path("letters", letters.page, name="letters"),
    path("letters/retry", letters.retry, name="letters-retry"),
    path("try", trial.page, name="try"),
    path("keys", moved.to_the_owner, {"place": "keys"}),
    path("lists", moved.to_the_owner, {"place": "lists"}),
    path("webhook", moved.to_the_owner, {"place": "webhook"}),
    path("locked", locked.listing, name="locked"),
    path("locked/<int:locked_id>", locked.show, name="locked-case"),
    path("locked/<int:locked_id>/decide", locked.decide, name="locked-decide"),
    path("locked/<int:locked_id>/erase", locked.erase, name="locked-erase"),
]
