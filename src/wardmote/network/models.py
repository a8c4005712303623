"""Profiles, posts and their versions, follows, and the home feed that is written when a post is."""

from django.db import models

from wardmote.communities.models import Community, Membership
from wardmote.kernel.handles import LIMIT as HANDLE_LIMIT
from wardmote.kernel.ids import new_id
from wardmote.kernel.urn import Urn
from wardmote.network.policy import POST_LIMIT, Visibility

_VISIBILITIES = [(v.value, v.value) for v in Visibility]


class Profile(models.Model):
    """How a member appears. Its id is the membership's."""

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, primary_key=True, related_name="profile")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="profiles")
    handle = models.CharField(max_length=HANDLE_LIMIT)
    display_name = models.CharField(max_length=60, blank=True, default="")
    bio = models.CharField(max_length=500, blank=True, default="")
    visibility = models.CharField(max_length=10, choices=_VISIBILITIES, default=Visibility.PUBLIC.value)
    label = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "handle"], name="handle_once")]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def urn(self) -> Urn:
        """The profile's texts are judged as an item of their own, apart from the member."""
        return Urn("profile", self.membership_id)

    @property
    def member_urn(self) -> Urn:
        return Urn("member", self.membership_id)


class ReservedHandle(models.Model):
    """A handle that waits for its member's e-mail address to be verified. No page, list or search knows of it.

    `holder` is the SHA-256, in hex, of the secret in the session that asked.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="reserved_handles")
    handle = models.CharField(max_length=HANDLE_LIMIT)
    holder = models.CharField(max_length=64)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "handle"], name="reserved_handle_once")]

    def __str__(self) -> str:
        return f"@{self.handle}"


class Post(models.Model):
    """A post or a reply. `id` sorts by the moment it was written."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="posts")
    text = models.TextField(max_length=POST_LIMIT)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="thread")
    visibility = models.CharField(max_length=10, choices=_VISIBILITIES, default=Visibility.PUBLIC.value)
    label = models.CharField(max_length=120, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    fanned_out_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=80, blank=True, default="")
    source_id = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["community", "-id"], name="post_community_feed"),
            models.Index(fields=["author", "-id"], name="post_by_author"),
            models.Index(fields=["root", "id"], name="post_thread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "source", "source_id"], condition=~models.Q(source=""), name="post_source_once"
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=[v.value for v in Visibility]), name="post_visibility_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.urn)

    @property
    def urn(self) -> Urn:
        return Urn("post", self.id)


class PostVersion(models.Model):
    """A text that a post had before it was edited."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=POST_LIMIT)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "number"], name="post_version_once")]

    def __str__(self) -> str:
        return f"{self.post_id} version {self.number}"


class Follow(models.Model):
    """One member's wish to read another's posts."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="follows")
    follower = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="following")
    followed = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~models.Q(follower=models.F("followed")), name="follow_not_self"),
        ]
        indexes = [models.Index(fields=["followed", "follower"], name="follow_by_followed")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class HomeEntry(models.Model):
    """One post in one member's home feed, written when the post is."""

    pk = models.CompositePrimaryKey("member_id", "post_id")
    member = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="home", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="in_homes")

    def __str__(self) -> str:
        return f"{self.post_id} for {self.member_id}"
