"""Tenants, their members' roles, and the versions of their policies."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from wardmote.communities.policy import (
    ONCE_LENGTH,
    Action,
    ClauseDraft,
    CommunityState,
    Deed,
    InvitationState,
    RequestState,
    Role,
    Severity,
    SignUp,
)
from wardmote.kernel.handles import LIMIT as HANDLE_LIMIT
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn


class Community(models.Model):
    """One network of people with its own domain, owner and policy.

    The state is the host's doing and is set from above; `state_until` is the end of a restriction, `state_reason` what
    visitors read.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    tagline = models.CharField(max_length=200, blank=True, default="")
    description = models.TextField(blank=True, default="")
    contact = models.CharField(max_length=200, blank=True, default="", help_text="Where the public reaches the owner.")
    sign_up = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SignUp], default=SignUp.OPEN.value)
    domain = models.CharField(max_length=253, help_text="Host name without port; how requests find the community.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_communities")
    created_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in CommunityState], default=CommunityState.ACTIVE.value
    )
    help_lines = models.TextField(blank=True, default="", help_text="Where to turn in despair; empty: the usual ones.")
    state_since = models.DateTimeField(null=True, blank=True)
    state_until = models.DateTimeField(null=True, blank=True)
    state_reason = models.TextField(blank=True, default="")
    state_appeal = models.CharField(max_length=200, blank=True, default="", help_text="Where to appeal against it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("domain"), name="community_domain_once"),
            models.CheckConstraint(
                condition=models.Q(state=CommunityState.ACTIVE.value)
                | models.Q(
                    state__in=[s.value for s in CommunityState if s is not CommunityState.ACTIVE],
                    state_since__isnull=False,
                )
                & ~models.Q(state_reason=""),
                name="community_state_has_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CommunityState.RESTRICTED.value, state_until__isnull=False)
                | models.Q(state_until__isnull=True) & ~models.Q(state=CommunityState.RESTRICTED.value),
                name="community_end_only_for_restriction",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def urn(self) -> Urn:
        return Urn("community", self.id)


class Membership(models.Model):
    """A person in a community. The record calls it `member`; it outlives the person's leaving."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(r.value, r.value) for r in Role], default=Role.MEMBER.value)
    joined_at = models.DateTimeField()
    suspended_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "person"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=[r.value for r in Role]), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("member", self.id)


class Paced(models.Model):
    """How often a member did something of late: in the short span and in the day that began then."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="paced", db_index=False)
    deed = models.CharField(max_length=12, choices=[(d.value, d.value) for d in Deed])
    begin = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)
    day_begin = models.DateTimeField()
    day_used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "deed"], name="paced_once")]

    def __str__(self) -> str:
        return f"{self.deed} of {self.membership_id}: {self.used}, today {self.day_used}"


class Once(models.Model):
    """What a form that was sent has led to, so that the same form sent again does nothing twice. Kept for a day.

    `holder` names who sent it; `digest` is the SHA-256, in hex, of what was sent.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="sent_once")
    holder = models.CharField(max_length=64)
    key = models.CharField(max_length=ONCE_LENGTH)
    digest = models.CharField(max_length=64)
    result = models.JSONField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "holder", "key"], name="once")]
        indexes = [models.Index(fields=["stored_at"], name="once_by_age")]

    def __str__(self) -> str:
        return f"{self.holder} {self.key}"


class Policy(models.Model):
    """One published version of a community's rules. Never edited: a change is the next number."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "number"], name="policy_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def urn(self) -> Urn:
        return Urn("policy", self.id)


class Clause(models.Model):
    """One rule of one version."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="clauses")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=16)
    title = models.CharField(max_length=120)
    text = models.TextField()
    category = models.CharField(max_length=40)
    severity = models.PositiveSmallIntegerField(choices=[(s.value, s.name.lower()) for s in Severity])
    default_action = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Action])
    queue_at = models.FloatField(null=True, blank=True)
    hold_at = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "key"], name="clause_key_once"),
            models.CheckConstraint(
                condition=models.Q(default_action__in=[a.value for a in Action]), name="clause_action_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    def as_draft(self) -> ClauseDraft:
        """The clause as a plain value."""
        return ClauseDraft(
            key=self.key,
            title=self.title,
            text=self.text,
            category=self.category,
            severity=Severity(self.severity),
            default_action=Action(self.default_action),
            queue_at=self.queue_at,
            hold_at=self.hold_at,
        )


class Acceptance(models.Model):
    """Who accepted which version, with the hash of what was shown."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="acceptances")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="acceptances")
    hash = models.CharField(max_length=64)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "policy"], name="acceptance_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} accepted {self.policy_id}"


class Invitation(models.Model):
    """The owner asks a member to moderate; nobody does without having said yes."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="invitations")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="invitations")
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in InvitationState],
        default=InvitationState.OPEN.value,
    )
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership"],
                condition=models.Q(state=InvitationState.OPEN.value),
                name="invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.state}"

    @property
    def urn(self) -> Urn:
        return Urn("invitation", self.id)


class PolicyDraft(models.Model):
    """The next version as far as it is written. `clauses` is a list of {field: what was typed}; nothing is checked.

    `version` counts the savings, so that two windows do not overwrite each other.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="policy_draft")
    title = models.CharField(max_length=120, blank=True, default="")
    clauses = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft {self.version} of {self.community_id}"


class JoinRequest(models.Model):
    """Somebody asks to join where moderators approve. `handle` and `reason` are emptied once it is answered."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="join_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="join_requests")
    handle = models.CharField(max_length=HANDLE_LIMIT)
    reason = models.TextField(blank=True, default="")
    policy_hash = models.CharField(max_length=64)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in RequestState], default=RequestState.WAITING.value
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=models.Q(state=RequestState.WAITING.value),
                name="join_request_waits_once",
            ),
            models.UniqueConstraint(
                fields=["community", "handle"],
                condition=models.Q(state=RequestState.WAITING.value),
                name="join_request_handle_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle}: {self.state}"

    @property
    def urn(self) -> Urn:
        return Urn("join_request", self.id)


class EntryLink(models.Model):
    """A link by which so many people may join until a time; only its token's SHA-256 is kept."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="entry_links")
    digest = models.CharField(max_length=64, unique=True)
    most = models.PositiveIntegerField()
    used = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(used__lte=models.F("most")), name="entry_link_not_overdrawn")
        ]

    def __str__(self) -> str:
        return f"{self.used} of {self.most}"

    @property
    def urn(self) -> Urn:
        return Urn("entry_link", self.id)
