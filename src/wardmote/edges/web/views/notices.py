"""Letters to a member."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.ui.htmx import in_place
from wardmote.edges.web import errors
from wardmote.edges.web.pages import MemberPage
from wardmote.journeys.members.read_notice import read_notice
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound
from wardmote.moderation import queries as moderation
from wardmote.notices import queries as notices
from wardmote.notices.policy import Kind, way_of

AT_ONCE = 30


class Inbox(MemberPage):
    """The newest letters."""

    template = "web/notices.html"

    def get(self) -> HttpResponse:
        rows = notices.inbox(
            community_id=self.community.id, person_id=self.standing.person_id, before=self.before, limit=AT_ONCE
        )
        older = rows[-1].notice_id if len(rows) == AT_ONCE else None
        part = in_place(self.request) and self.before is not None
        return self.show({"rows": rows, "older": older}, template="web/pieces/letters.html" if part else "")


class Notice(MemberPage):
    """One letter, word for word as it was sent; opening it marks it as read."""

    template = "web/notice.html"

    def get(self, notice_id: int) -> HttpResponse:
        mine = {"community_id": self.community.id, "person_id": self.standing.person_id, "notice_id": notice_id}
        notice = notices.notice(**mine)
        if notice is None or not notice.body:
            raise NotFound(_("There is no such notice for you."))
        if notice.read_at is None:
            with errors.unless_full():
                read_notice(**mine, now=clock.now())
        way = way_of(Kind(notice.kind), may_appeal=self.may_appeal(notice.path))
        return self.show({"notice": notice, "way": _(way)})

    def may_appeal(self, path: str) -> bool:
        """Whether the decision that a letter leads to can still be appealed."""
        place, _sep, raw = path.rpartition("/")
        if place != "/why" or not raw.isdigit():
            return False
        measure = moderation.measure(
            community_id=self.community.id,
            member_id=self.standing.member_id,
            decision_id=int(raw),
            now=clock.now(),
        )
        return measure is not None and measure.may_appeal and not measure.appeal
