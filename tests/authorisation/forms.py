"""What is typed into each address that takes a form, so that it does what it is there for."""

from dataclasses import asdict

from tests.web.visitors import FILLED

from wardmote.hosting.policy import Terms
from wardmote.ledger import VerifierKey

OTHER_KEY = str(VerifierKey("elsewhere.example/record", bytes(range(32))))
"""The key of another installation's log."""
FORMS: dict[str, dict[str, str]] = {
    "post": {"text": "A new post."},
    "@<handle:handle>/<id:post_id>/reply": {"text": "An answer."},
    "@<handle:handle>/<id:post_id>/edit": {"text": "Another text."},
    "@<handle:handle>/<id:post_id>/report": FILLED,
    "@<handle:handle>/report": FILLED,
    "report/<slug:report_token>": {"do": "confirm"},
    "language": {"language": "de", "back": "/"},
    "settings": {"display_name": "A name", "bio": ""},
    "why/<id:decision_id>/appeal": {"text": "I disagree."},
    "console/cases/<int:case_id>/decide": {"action": "none", "clause": "", "days": "", "reason": ""},
    "console/cases/<int:case_id>/preview": {"action": "none", "clause": "", "days": "", "reason": ""},
    "console/cases/<int:case_id>/notes": {"note": "A note."},
    "console/reasons": {"clause_key": "", "title": "Usual", "text": "A usual reason."},
    "console/appeals/<int:appeal_id>/decide": {"outcome": "uphold", "reason": "It stands."},
    "console/shield": {"shielded": "on"},
    "console/recall-guarantee/plan": {"posts_a_week": "5"},
    "console/try": {"text": "A text."},
    "owner/keys": {"name": "blog", "scopes": "screen", "requests_per_minute": "60", "texts_per_day": "100"},
    "owner/webhook": {"url": "https://forum.example/other"},
    "console/locked/<int:locked_id>/decide": {"outcome": "confirmed", "note": "Told the police."},
    "appeal/<slug:token>": {"text": "It was a song."},
    "host/try": {"text": "A text."},
    "owner/moderators": {"handle": "carol"},
    "owner/moderators/<id:member_id>/dismiss": {"reason": "Thank you."},
    "owner/community": {"title": "The Square", "tagline": "", "description": "", "contact": ""},
    "owner/joining": {"sign_up": "closed"},
    "owner/joining/links": {"most": "3", "days": "7"},
    "invitations/<id:invitation_id>": {"answer": "accept"},
    "owner/agreements": {"slug": "harbour"},
    "owner/agreements/<id:agreement_id>": {"answer": "withdraw"},
    "console/others/cases/<int:case_id>/decide": {"action": "none", "clause": "", "days": "", "reason": ""},
    "console/others/appeals/<int:appeal_id>/decide": {"outcome": "uphold", "reason": "It stands."},
    "host/others/cases/<int:case_id>/decide": {"action": "none", "clause": "", "days": "", "reason": ""},
    "host/others/appeals/<int:appeal_id>/decide": {"outcome": "uphold", "reason": "It stands."},
    "owner/ownership": {"who": "other", "handle": "carol", "stays": "moderator"},
    "requests/<id:request_id>": {"answer": "decline", "reason": "We are full."},
    "owner/notices/<id:letter_id>/answer": {"kind": "acknowledged", "words": ""},
    "owner/notices/<id:letter_id>/items/<id:item_id>": {"kind": "removed", "words": ""},
    "owner/help": {"lines": "Somebody who listens: 123"},
    "owner/host": {"base_url": "http://plaza.localhost:8000", "key": OTHER_KEY},
    "host/customers/elsewhere": {
        "name": "Elsewhere",
        "slug": "elsewhere",
        "base_url": "http://plaza.localhost:8000",
        "key": OTHER_KEY,
    },
    "host/outages": {"started_at": "2026-01-01 10:00", "ended_at": "2026-01-01 11:00", "reason": "A cable."},
    "host/policy": {
        "title": "Acceptable use",
        "rows": "1",
        "clause0-key": "1.1",
        "clause0-title": "No threats",
        "clause0-text": "Threaten nobody.",
        "clause0-category": "violence.threat",
        "clause0-severity": "3",
        **{f"terms-{name}": str(hours) for name, hours in asdict(Terms()).items()},
    },
    "host/cases/<int:case_id>/do/<slug:name>": {"to": "acknowledged", "reason": "A reason."},
    "host/cases/<int:case_id>/letter": {"kind": "reminder", "effect": "An effect.", "return_conditions": "A way."},
    "host/customers/<int:customer_id>/open": {
        "summary": "Another case",
        "post0-url": "http://elsewhere.example/2",
        "post0-clause": "1.1",
        "post0-capture": "What stood there.",
    },
}
