"""What posts and profiles say, whoever may see it: for judging, for taking in, for letters."""

from collections.abc import Collection
from dataclasses import dataclass

from wardmote.network.models import Post, PostVersion, Profile
from wardmote.network.policy import Visibility, may_see, profile_text


@dataclass(frozen=True, slots=True)
class Written:
    """Everything that a post says or has said, the newest first; also of one that was deleted, never of an erased."""

    author_id: int
    path: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """A post that came from elsewhere; `answerable` where a reply to it would be accepted now."""

    id: int
    answerable: bool


def judged_text(*, community_id: int, kind: str, subject_id: int) -> str | None:
    """What a post or a profile says now, whoever may see it; None where it is gone."""
    if kind == "post":
        texts = Post.objects.filter(community_id=community_id, pk=subject_id, deleted_at=None).values_list(
            "text", flat=True
        )
        return texts.first()
    profile = Profile.objects.filter(community_id=community_id, pk=subject_id).first()
    return profile_text(profile.display_name, profile.bio) if profile else None


def state_of_text(*, community_id: int, kind: str, subject_id: int) -> tuple[Visibility, bool, bool]:
    """Who sees a post or a profile by moderation; whether its author deleted it; whether nothing of it is left."""
    if kind == "post":
        post = Post.objects.filter(community_id=community_id, pk=subject_id).first()
        return (
            (Visibility(post.visibility), post.deleted_at is not None, not post.text)
            if post
            else (Visibility.PUBLIC, True, True)
        )
    profile = Profile.objects.filter(community_id=community_id, pk=subject_id).first()
    if profile is None:
        return Visibility.PUBLIC, True, True
    return Visibility(profile.visibility), not profile_text(profile.display_name, profile.bio), False


def posts_there(*, community_id: int, post_ids: Collection[int]) -> set[int]:
    """Those of these posts that have a page for everybody: neither deleted nor held."""
    here = Post.objects.filter(community_id=community_id, pk__in=post_ids, deleted_at=None)
    return set(here.exclude(visibility=Visibility.HELD.value).values_list("pk", flat=True))


def texts_of_post(*, community_id: int, post_id: int) -> Written | None:
    """What a post says and said, whoever may see it and whether or not it was deleted; None where there was none."""
    post = Post.objects.select_related("author").filter(community_id=community_id, pk=post_id).first()
    if post is None:
        return None
    former = PostVersion.objects.filter(post=post).order_by("-number").values_list("text", flat=True)
    texts = tuple(text for text in (post.text, *former) if text)
    return Written(post.author_id, f"/@{post.author.handle}/{post.pk}", texts)


def imported_posts(*, community_id: int, source: str, source_ids: Collection[str]) -> dict[str, ImportedPost]:
    """Those of a source's posts that are here, by their ids there."""
    rows = Post.objects.filter(community_id=community_id, source=source, source_id__in=source_ids)
    return {
        source_id: ImportedPost(
            post_id, deleted_at is None and may_see(Visibility(visibility), is_author=False, moderates=False)
        )
        for source_id, post_id, deleted_at, visibility in rows.values_list(
            "source_id", "pk", "deleted_at", "visibility"
        )
    }


def members_by_handle(*, community_id: int, handles: Collection[str]) -> dict[str, tuple[int, int]]:
    """Handles that are in use to (member's id, person's id)."""
    rows = Profile.objects.filter(community_id=community_id, handle__in=handles)
    return {
        handle: (member_id, person_id)
        for handle, member_id, person_id in rows.values_list("handle", "pk", "membership__person_id")
    }
