"""Lists of posts and of people."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.ui.htmx import in_place
from wardmote.edges.web.forms import PostForm
from wardmote.edges.web.pages import Page
from wardmote.edges.web.shown import all_shown
from wardmote.kernel.errors import NotFound
from wardmote.network import queries as network
from wardmote.network.queries import PostView

AT_ONCE = 20


class FeedPage(Page):
    """Posts, newest first; asked by htmx for older ones it gives just those."""

    def list(self, posts: Sequence[PostView], **context: object) -> HttpResponse:
        """The page, or its next part."""
        part = in_place(self.request) and self.before is not None
        shows = {
            "shown": all_shown(posts, community_id=self.community.id),
            "older": posts[-1].id if len(posts) == AT_ONCE else None,
            "first_part": self.before is None,
            "form": PostForm(),
        }
        return self.show({**shows, **context}, template="web/pieces/feed.html" if part else "")


class Local(FeedPage):
    """Everybody's posts."""

    template = "web/local.html"

    def get(self) -> HttpResponse:
        return self.list(
            network.community_feed(
                community_id=self.community.id, viewer_id=self.viewer_id, before=self.before, limit=AT_ONCE
            )
        )


class Home(FeedPage):
    """What those one follows have written; to strangers, what this place is."""

    template = "web/home.html"

    def get(self) -> HttpResponse:
        if self.viewer_id is None:
            self.template = "web/stranger.html"
            return self.list(
                network.community_feed(
                    community_id=self.community.id, viewer_id=None, before=self.before, limit=AT_ONCE
                )
            )
        return self.list(
            network.home_feed(
                community_id=self.community.id, member_id=self.viewer_id, before=self.before, limit=AT_ONCE
            )
        )


class Profile(FeedPage):
    """A member and what they wrote."""

    template = "web/profile.html"

    def get(self, handle: str) -> HttpResponse:
        profile = network.profile_by_handle(
            community_id=self.community.id, handle=handle, viewer_id=self.viewer_id, moderates=self.moderates
        )
        if profile is None:
            raise NotFound(_("There is no @%(handle)s here.") % {"handle": handle})
        posts = network.profile_feed(
            community_id=self.community.id,
            member_id=profile.member_id,
            viewer_id=self.viewer_id,
            moderates=self.moderates,
            before=self.before,
            limit=AT_ONCE,
        )
        return self.list(posts, profile=profile)


class People(Page):
    """The newest members."""

    template = "web/people.html"

    def get(self) -> HttpResponse:
        people = network.find_people(community_id=self.community.id, viewer_id=self.viewer_id, limit=50)
        return self.show({"people": people})
