"""Items, screenings, cases, reports, decisions, appeals. An item is a URN or a URL with a snapshot of what was seen."""

from django.conf import settings
from django.db import models

from wardmote.communities.models import Clause, Community, Membership
from wardmote.communities.policy import Action
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy import AppealState, CaseState, Lane, ReportReason, Route, Source


class Item(models.Model):
    """What is judged: `subject` is a URN of ours or a URL of somebody else's; `text` is what was there then."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="items")
    subject = models.CharField(max_length=500)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="items_by")
    text = models.TextField()
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the text's UTF-8 bytes.")
    context = models.JSONField(default=dict, help_text="Where it stood: path, the post it answered.")
    taken_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "subject", "content_hash"], name="item_snapshot_once")
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def urn(self) -> Urn:
        return Urn("item", self.id)


class Screening(models.Model):
    """What the detectors said of one text, stored and never recomputed.

    `scores` maps category to probability; `spans` is a list of {category, start, end, weight} over the text.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="screenings")
    subject = models.CharField(max_length=500)
    content_hash = models.CharField(max_length=64)
    screener = models.CharField(max_length=200)
    scores = models.JSONField()
    spans = models.JSONField()
    route = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Route])
    clause_key = models.CharField(max_length=16, blank=True, default="")
    lists = models.JSONField(default=list, help_text="The lists that it matched: {list, name, alike}.")
    screened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["community", "subject", "-id"], name="screening_of_subject")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.route}"


class Case(models.Model):
    """One question to be decided: does this item break a rule, and what follows."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="cases")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="cases")
    subject = models.CharField(max_length=500)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    lane = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Lane])
    priority = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Source])
    category = models.CharField(max_length=40)
    held = models.BooleanField(default=False, help_text="The text waits unpublished for this case.")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in CaseState])
    opened_at = models.DateTimeField()
    claimed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="handed_cases"
    )
    handed_until = models.DateTimeField(null=True, blank=True, help_text="Until then nobody else is given it.")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The claim reads the top row of one lane: the index carries the order and only what is open.
            models.Index(
                fields=["community", "lane", "-priority", "id"],
                condition=models.Q(state=CaseState.OPEN.value),
                name="case_queue",
            ),
            models.Index(
                fields=["claim_expires_at"], condition=models.Q(state=CaseState.CLAIMED.value), name="case_claimed"
            ),
            models.Index(fields=["community", "state", "-id"], name="case_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "subject"],
                condition=~models.Q(state=CaseState.DECIDED.value),
                name="case_one_undecided",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=CaseState.CLAIMED.value, claimed_by__isnull=False, claim_expires_at__isnull=False
                )
                | models.Q(claim_expires_at__isnull=True) & ~models.Q(state=CaseState.CLAIMED.value),
                name="case_claim_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("case", self.id)


class Report(models.Model):
    """A member's word that something is wrong. Who reported is never shown to the author."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="reports")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="reports")
    reason = models.CharField(max_length=20, choices=[(r.value, r.value) for r in ReportReason])
    comment = models.TextField(blank=True, default="")
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="report_once")]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("report", self.id)


class Decision(models.Model):
    """One moderator's judgement of a case, or where nobody of its community may judge it, one of the host's staff.

    What a subject looks like follows from its decisions that were not reversed.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="decisions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, related_name="decisions", help_text="The text that was judged."
    )
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    decided_by_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Of the host's staff, in place of a member.",
    )
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    action = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Action])
    reason = models.TextField(blank=True, default="")
    until = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(
        null=True, blank=True, help_text="Its decider undid it before anybody was written to; it counts as reversed."
    )
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the letters about it were put on their way.")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction = models.TextField(blank=True, default="", help_text="Why the decision before it was wrong.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(action=Action.NONE.value) | models.Q(clause__isnull=False),
                name="decision_names_a_clause",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_back_at__isnull=True) | models.Q(reversed_at__isnull=False),
                name="decision_taken_back_is_reversed",
            ),
            models.CheckConstraint(
                condition=models.Q(corrects__isnull=True) | ~models.Q(correction=""),
                name="decision_correction_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(action=Action.SUSPEND.value, until__isnull=False)
                | models.Q(until__isnull=True) & ~models.Q(action=Action.SUSPEND.value),
                name="decision_end_only_for_suspension",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=False, decided_by_staff__isnull=True)
                | models.Q(decided_by__isnull=True, decided_by_staff__isnull=False),
                name="decision_by_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("decision", self.id)

    @property
    def decider(self) -> Urn:
        """Who decided: a member, or a person of the host's staff."""
        return _one_of(self.decided_by_id, self.decided_by_staff_id)


class Appeal(models.Model):
    """The author's word against a decision, heard by somebody else."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="appeals")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    first_decider = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals_against"
    )
    first_decider_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    appellant = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appeals",
        help_text="None: the author of a post on an outside platform, who has no account here.",
    )
    text = models.TextField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in AppealState])
    filed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="appeals_decided"
    )
    decided_by_staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome_reason = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["community", "id"], condition=models.Q(state=AppealState.OPEN.value), name="appeal_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("first_decider")), name="appeal_heard_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("appellant")), name="appeal_not_by_appellant"
            ),
            models.CheckConstraint(
                condition=models.Q(first_decider__isnull=False, first_decider_staff__isnull=True)
                | models.Q(first_decider__isnull=True, first_decider_staff__isnull=False),
                name="appeal_against_one",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | models.Q(decided_by_staff__isnull=True),
                name="appeal_heard_by_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by_staff=models.F("first_decider_staff")),
                name="appeal_heard_by_other_staff",
            ),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("appeal", self.id)

    @property
    def first(self) -> Urn:
        """Who made the decision that it is against."""
        return _one_of(self.first_decider_id, self.first_decider_staff_id)

    @property
    def decider(self) -> Urn | None:
        """Who heard it; None while it is open."""
        heard = self.decided_by_id is not None or self.decided_by_staff_id is not None
        return _one_of(self.decided_by_id, self.decided_by_staff_id) if heard else None


def _one_of(member_id: int | None, staff_id: int | None) -> Urn:
    return Urn("person", staff_id or 0) if member_id is None else Urn("member", member_id)
