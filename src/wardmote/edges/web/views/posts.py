"""Writing, reading, answering, editing and deleting posts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.ui.htmx import in_place
from wardmote.edges.web.forms import PostForm, ReplyForm
from wardmote.edges.web.locked import is_locked
from wardmote.edges.web.pages import FormPage, Page
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.shown import all_shown, shown
from wardmote.journeys.members import delete_post, edit_post, publish
from wardmote.journeys.members.publish import Published
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound, Refused
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.network.queries import PostView, ThreadView


def find_post(page: Page, *, handle: str, post_id: int) -> PostView:
    """The post of an address; NotFound where these eyes may not see it or the handle is another's."""
    post = network.post(
        community_id=page.community.id, post_id=post_id, viewer_id=page.viewer_id, moderates=page.moderates
    )
    if post is None or post.handle != handle:
        raise NotFound(_("There is no such post here, or it was deleted."))
    return post


def _place(written: Published, where: str) -> str:
    """Where in the list a post is put: nowhere when its form was sent before, for it is there."""
    return "none" if written.again else where


class Write(FormPage):
    """A new post, on its own page or in place above a feed."""

    form_class = PostForm
    template = "web/write.html"

    def draw(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        template = "web/pieces/compose.html" if in_place(self.request) else self.template
        return self.show({"form": form}, status=status, template=template)

    def save(self, data: dict[str, Any]) -> HttpResponse:
        written = publish.publish(**self.me, text=data["text"], once=self.once, now=clock.now())
        return self._written(written)

    def _written(self, written: Published) -> HttpResponse:
        if not in_place(self.request):
            return send_to(self.request, written.path)
        post = find_post(self, handle=self.request.handle, post_id=written.post_id)
        item = shown(post, community_id=self.community.id)
        context = {"form": PostForm(), "item": item, "into": f"{_place(written, 'afterbegin')}:#feed"}
        return self.show(context, template="web/pieces/written.html")


class ShowPost(Page):
    """A post between what it answers and what answers it."""

    template = "web/post.html"

    def get(self, handle: str, post_id: int) -> HttpResponse:
        return self.show({**thread_context(self, handle=handle, post_id=post_id), "form": ReplyForm()})


def thread_context(page: Page, *, handle: str, post_id: int) -> dict[str, object]:
    """What a post's page shows."""
    thread: ThreadView | None = network.thread(
        community_id=page.community.id, post_id=post_id, viewer_id=page.viewer_id, moderates=page.moderates
    )
    if thread is None or thread.post.handle != handle:
        raise NotFound(_("There is no such post here, or it was deleted."))
    if thread.post.visibility is Visibility.REMOVED and is_locked(page.request):
        # Behind the lock a removal must be told from what is still there: the host looks again as a stranger.
        raise NotFound(_("There is no such post here, or it was deleted."))
    here = page.community.id
    return {
        "above": all_shown(thread.ancestors, community_id=here),
        "item": shown(thread.post, community_id=here),
        "replies": all_shown(thread.replies, community_id=here),
    }


class Reply(FormPage):
    """An answer, on the page of the post it answers."""

    form_class = ReplyForm
    template = "web/post.html"

    def surroundings(self) -> dict[str, object]:
        return thread_context(self, **self.kwargs)

    def draw(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        if in_place(self.request):
            item = shown(find_post(self, **self.kwargs), community_id=self.community.id)
            return self.show({"form": form, "item": item}, status=status, template="web/pieces/reply.html")
        return super().draw(form, status=status)

    def save(self, data: dict[str, Any]) -> HttpResponse:
        parent = find_post(self, **self.kwargs)
        written = publish.publish(**self.me, text=data["text"], parent_id=parent.id, once=self.once, now=clock.now())
        if not in_place(self.request):
            return send_to(self.request, f"{parent.path}#post-{written.post_id}")
        post = find_post(self, handle=self.request.handle, post_id=written.post_id)
        context = {
            "form": ReplyForm(),
            "item": shown(parent, community_id=self.community.id),
            "into": f"{_place(written, 'beforeend')}:#replies",
            "answer": shown(post, community_id=self.community.id),
        }
        return self.show(context, template="web/pieces/replied.html")


class OwnPostPage(FormPage):
    """A page about a post of one's own."""

    def own_post(self) -> PostView:
        """The post of the address; Refused when somebody else wrote it."""
        post = find_post(self, **self.kwargs)
        if not post.mine:
            raise Refused(_("Only the one who wrote a post can change it."))
        return post

    def surroundings(self) -> dict[str, object]:
        return {"item": shown(self.own_post(), community_id=self.community.id)}


class Edit(OwnPostPage):
    """A new text for a post; the old one stays in its history."""

    form_class = PostForm
    template = "web/edit.html"

    def initial(self) -> dict[str, object]:
        return {"text": self.own_post().text}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        post = self.own_post()
        written = edit_post.edit_post(**self.me, post_id=post.id, text=data["text"], once=self.once, now=clock.now())
        return send_to(self.request, written.path)


class Delete(OwnPostPage):
    """Asks once, then deletes."""

    template = "web/delete.html"

    def save(self, data: dict[str, Any]) -> HttpResponse:
        delete_post.delete_post(**self.me, post_id=self.own_post().id, now=clock.now())
        messages.success(self.request, _("The post is deleted."))
        return send_to(self.request, "/")


class History(Page):
    """The texts a post has had."""

    template = "web/history.html"

    def get(self, handle: str, post_id: int) -> HttpResponse:
        post = find_post(self, handle=handle, post_id=post_id)
        versions = network.versions(
            community_id=self.community.id, post_id=post.id, viewer_id=self.viewer_id, moderates=self.moderates
        )
        return self.show({"post": post, "versions": list(reversed(versions))})
