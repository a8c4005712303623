"""Entries and what they commit to, the stored tree, the published checkpoints, and the keys of others' logs. Nothing of
the record is ever edited but `Entry.index`, once, and a disclosure's salt and content, once, when it is erased."""

from django.db import models
from django.db.models import Q

from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.record.policy import KeyState

URN_LENGTH = 80


class Entry(models.Model):
    """One entry: the bytes of its leaf, their hash, and its place in the tree once the sequencer has given it one.

    `subject` and `community` (empty for none) repeat what the leaf says, to be found by.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)
    index = models.BigIntegerField(null=True, blank=True, unique=True)
    subject = models.CharField(max_length=URN_LENGTH)
    community = models.CharField(max_length=URN_LENGTH, blank=True, default="")
    created = models.DateTimeField()

    class Meta:
        indexes = [
            # The sequencer asks twice a second whether there is anything to do: the index holds only what is.
            models.Index(fields=["id"], condition=Q(index__isnull=True), name="record_unplaced"),
            models.Index(fields=["subject", "id"], name="record_of_subject"),
            models.Index(fields=["community", "id"], name="record_of_community"),
        ]
        constraints = [models.CheckConstraint(condition=Q(index__isnull=True) | Q(index__gte=0), name="record_place")]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Disclosure(models.Model):
    """What one commitment of an entry was made from: salt (32 bytes) and canonical JSON.

    `about` is the URN of the one whose personal data it is; it is empty for a fact, which is never erased.
    """

    # The constraint below is the index by entry; nothing is looked up by what erased it.
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="disclosures", db_index=False)
    name = models.CharField(max_length=64)
    about = models.CharField(max_length=URN_LENGTH, blank=True, default="")
    salt = models.BinaryField(max_length=32, null=True, blank=True)
    content = models.BinaryField(null=True, blank=True)
    erased_by = models.ForeignKey(
        Entry, on_delete=models.PROTECT, null=True, blank=True, related_name="erasures", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "name"], name="record_disclosure_once"),
            models.CheckConstraint(
                condition=Q(salt__isnull=False, content__isnull=False, erased_by__isnull=True)
                | Q(salt__isnull=True, content__isnull=True, erased_by__isnull=False) & ~Q(about=""),
                name="record_disclosed_or_erased",
            ),
        ]
        indexes = [models.Index(fields=["about"], name="record_about")]

    def __str__(self) -> str:
        return f"{self.name} of entry {self.entry_id}"


class Node(models.Model):
    """The hash (32 bytes) of one complete subtree: `level` 0 is the leaves, `offset` counts from the left."""

    pk = models.CompositePrimaryKey("level", "offset")
    level = models.SmallIntegerField()
    offset = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"node {self.level}/{self.offset}"


class Checkpoint(models.Model):
    """A published checkpoint: the tree's size and root (32 bytes), and the signed note that says so."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    created = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"


class KnownKey(models.Model):
    """The whole public key of a log whose letters or answers count, or (`announced`) the one that will follow ours.

    `name` is the log's name in its plain spelling, `key` the text `name+keyid+base64`, `public` the 32 bytes in hex.
    `replaces` is the key that named this one as its follower, `statement` the note in which it did; the statement is
    empty where the operator vouched.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=300, unique=True)
    public = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in KeyState])
    replaces = models.CharField(max_length=300, blank=True, default="")
    statement = models.TextField(blank=True, default="")
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name"], name="known_key_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(state=KeyState.CURRENT.value), name="known_key_one_a_name"
            ),
            models.UniqueConstraint(
                fields=["public"], condition=~Q(state=KeyState.CONTESTED.value), name="known_key_one_name"
            ),
            models.UniqueConstraint(fields=["replaces"], condition=~Q(replaces=""), name="known_key_one_follower"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in KeyState]), name="known_key_state_known"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def urn(self) -> Urn:
        return Urn("known_key", self.id)
