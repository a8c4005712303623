"""One scene that gives every address something to point at, and the requests that a test makes to each address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.authorisation.forms import FORMS
from tests.known import ILLEGAL, bring_in
from tests.scenario import HELD, QUEUED, Town, sign_in
from tests.web.visitors import leave_unconfirmed

from wardmote.communities.operations.entering import file_request
from wardmote.communities.policy import Action, Role, Severity, typed_clause
from wardmote.communities.queries import current_policy, desk
from wardmote.communities.queries.offers import offer_to
from wardmote.config.jobs import HANDLERS
from wardmote.hosting.policy import ClauseDraft, ItemDraft, NoticeDraft, NoticeKind
from wardmote.jobs.engine import resolve, run_due
from wardmote.journeys.hosts import cases, enrol, judges, notices
from wardmote.journeys.hosts import policy as host_policy
from wardmote.journeys.members import edit_profile, entering, join
from wardmote.journeys.moderators import away, sampling
from wardmote.journeys.moderators import desk as moderators_desk
from wardmote.journeys.operator.create_login import create_login
from wardmote.journeys.owners import agreements, moderators, ownership, rules
from wardmote.journeys.owners.keys import issue_key
from wardmote.journeys.owners.taken_on import taken_on
from wardmote.journeys.platforms.outside_platform import Event, set_webhook, take_event
from wardmote.journeys.steps.screening import Locked
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, QuarantinedCase, ReasonTemplate, SampledPost, WebhookDelivery
from wardmote.moderation.operations import draw_sample
from wardmote.moderation.policy import CaseState
from wardmote.moderation.policy.outside import EventKind
from wardmote.moderation.policy.sampling import sample_seen
from wardmote.moderation.policy.texts import hash_text
from wardmote.moderation.queries import sheet_of_appeal, sheet_of_case
from wardmote.network.queries import judged_text
from wardmote.notices.models import Notice
from wardmote.outside.appeal_links import token_of
from wardmote.people.models import ApiKey
from wardmote.upstream import queries as upstream
from wardmote.upstream.models import Receipt

SECRET = "seventeen lanterns"
"""Words that only the Plaza knows."""


MACHINES = ("accounts/", "v1/", "v1alpha1/", "$discovery/")


@dataclass(frozen=True)
class Address:
    """One address and one method; `template` is the route as the resolver has it."""

    method: str
    template: str

    def __str__(self) -> str:
        return f"{self.method} /{self.template}"


ROLES: dict[str, str | None] = {
    "stranger": None,
    "member": "walter",
    "author": "bob",
    "reporter": "carol",
    "moderator": "erin",
    "other's moderator": "grace",
    "owner": "alice",
    "host's staff": "heidi",
}
"""Who asks. Erin did not decide the first case; Grace moderates the Harbour; Heidi is nobody's member."""


def addresses() -> list[Address]:
    """Every address that people use, with both methods.

    Left out: allauth's own, which are its own to test, and what machines call with keys or signatures of their own.
    """
    found: list[str] = []

    def walk(resolver: URLResolver, prefix: str) -> None:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern, route)
            elif isinstance(pattern, URLPattern) and not route.startswith(MACHINES):
                found.append(route)

    walk(get_resolver(), "")
    return [Address(method, route) for route in sorted(found) for method in ("GET", "POST")]


class Scene:
    """Bob's post was reported by Carol, labelled by Dave and appealed; another post of his waits in the queue."""

    def __init__(self, town: Town) -> None:
        self.town = town
        town.people["walter"] = create_login(email="walter@example.org", password=None, now=town.now)
        policy = current_policy(community_id=town.plaza)
        assert policy is not None
        town.members["walter"] = join.join(
            community_id=town.plaza,
            person_id=town.people["walter"],
            handle="walter",
            policy_hash=policy.hash,
            now=town.now,
        )
        self.policy_hash = policy.hash
        key_id = self._tell_of_a_post_elsewhere()
        elsewhere = town.decide("dave", Action.REMOVE)
        edit_profile.edit_profile(
            community_id=town.plaza,
            member_id=town.members["bob"],
            display_name="Bob",
            bio=f"Owner of {SECRET}.",
            now=town.now,
        )
        post = town.post("bob", f"Tonight we light {SECRET}.")
        town.report("carol", post.post_id)
        decision_id = town.decide("dave", Action.LABEL)
        appealed = town.appeal("bob", decision_id, text=f"They are only {SECRET}.")
        town.report("carol", town.post("bob", "One more thing.").post_id)
        unappealed = town.decide("dave", Action.LABEL)
        town.post("bob", f"{QUEUED} {SECRET}")
        waiting = Case.objects.get(community_id=town.plaza, state=CaseState.OPEN.value)
        notice = Notice.objects.filter(recipient_id=town.people["bob"]).earliest("id")
        self.forms = dict(FORMS)
        self.ids: dict[str, int | str] = {
            "handle": "bob",
            "post_id": post.post_id,
            "decision_id": unappealed,
            "appeal_id": appealed,
            "case_id": waiting.pk,
            "notice_id": notice.pk,
            "number": 1,
            "index": 0,
            **self._call_to_account(),
            "token": token_of(elsewhere),
            "key_id": key_id,
            "delivery_id": WebhookDelivery.objects.get().pk,
            "list_id": bring_in(town, f"{ILLEGAL} {SECRET}"),
            "template_id": self._write_a_reason(),
            "locked_id": self._try_something_illegal(),
        }
        self._run_the_community()
        self._as_visitors(post.post_id)
        drawn = self._draw_an_audit()
        seen = sample_seen(drawn.content_hash, sampling.categories(town.plaza))
        self.forms["console/sampling"] = {"sampled": str(drawn.pk), "seen": seen, "answer": "none"}
        self._carry(
            "console/appeals/<int:appeal_id>/decide", sheet_of_appeal(community_id=town.plaza, appeal_id=appealed)
        )
        self._carry("console/locked/<int:locked_id>/decide", QuarantinedCase.objects.get().content_hash)
        for step in ("decide", "preview"):
            seen = sheet_of_case(community_id=town.plaza, case_id=waiting.pk)
            self._carry(f"console/cases/<int:case_id>/{step}", seen)
        self._ask_the_host()
        # Only now: nothing is to be sent from here.
        alice = Urn("member", town.members["alice"])
        set_webhook(community_id=town.plaza, url="https://forum.example/hook", actor=alice, now=town.now)
        shown = taken_on(self.offer, community_id=town.plaza, now=town.now)
        self.forms["ownership/<id:offer_id>"] = {"answer": "accept", "seen": shown.seen}

    def _run_the_community(self) -> None:
        """Alice asks Walter to moderate, has begun new rules and made a link; somebody asks to join."""
        town, here = self.town, self.town.plaza
        alice = {"community_id": here, "member_id": town.members["alice"]}
        self.ids["invitation_id"] = moderators.invite(**alice, handle="walter", now=town.now)
        self.ids["member_id"] = town.members["dave"]
        self._offer_the_community(alice)
        entering.make_link(**alice, most=3, days=7, now=town.now)
        self.ids["link_id"] = desk.entry_links(community_id=here, now=town.now)[0].id
        request = file_request(
            community_id=here,
            person_id=create_login(email="olivia@example.org", password=None, now=town.now),
            handle="olivia",
            reason=f"I know of {SECRET}.",
            policy_hash=self.policy_hash,
            now=town.now,
        )
        self.ids["request_id"] = request.pk
        policy = current_policy(community_id=here)
        assert policy is not None
        draft = [typed_clause(clause) for clause in policy.drafts()]
        rules.save_draft(**alice, title=f"About {SECRET}", clauses=draft, version=0, now=town.now)
        sheet = {"title": "Next", "version": "1", "rows": "0", "in_force": policy.hash}
        for step in ("", "/draft", "/discard", "/preview"):
            self.forms[f"owner/rules{step}"] = sheet

    def _as_visitors(self, post_id: int) -> None:
        """Somebody without an account has left a report, whose link is not followed yet."""
        town = self.town
        profile = judged_text(community_id=town.plaza, kind="profile", subject_id=town.members["bob"]) or ""
        self._carry("@<handle:handle>/report", hash_text(profile))
        token, seen = leave_unconfirmed(community_id=town.plaza, post_id=post_id, said=SECRET, now=town.now)
        self._carry("@<handle:handle>/<id:post_id>/report", seen)
        self.ids["report_token"] = token

    def _offer_the_community(self, alice: dict[str, int]) -> None:
        """Alice offers the Plaza to Bob, who has the page before him, and an agreement to the Market."""
        here, bob = alice["community_id"], self.town.members["bob"]
        offer_id = ownership.offer(**alice, handle="bob", stays=Role.MEMBER, now=self.town.now)
        self.ids["offer_id"] = offer_id
        self.town._found("market", owner="judy", members=("judy",))  # noqa: SLF001 - a third one, which sees neither
        self.ids["agreement_id"] = agreements.offer(**alice, slug="market", now=self.town.now)
        offer = offer_to(community_id=here, member_id=bob, offer_id=offer_id)
        assert offer is not None
        self.offer = offer

    def _tell_of_a_post_elsewhere(self) -> int:
        """The forum, for which the Plaza moderates, tells of a threat; gives the id of its key."""
        town = self.town
        issue_key(name="forum", community_id=town.plaza, now=town.now)
        key_id = ApiKey.objects.get().pk
        event = Event("forum", "e1", EventKind.POST, "p1", "https://forum.example/p1", "mallory", f"{HELD} {SECRET}")
        take_event(community_id=town.plaza, key_id=key_id, event=event, now=town.now)
        return key_id

    def _carry(self, address: str, seen: str) -> None:
        """The page of this address was before whoever sends the form."""
        self.forms[address] = {**self.forms[address], "seen": seen}

    def _write_a_reason(self) -> int:
        """Alice has written a reason for every sheet; gives its id."""
        town = self.town
        moderators_desk.write_template(
            community_id=town.plaza,
            member_id=town.members["alice"],
            clause_key="",
            title="Kept",
            text=f"Nobody lights {SECRET}.",
            now=town.now,
        )
        return ReasonTemplate.objects.get().pk

    def _draw_an_audit(self) -> SampledPost:
        """All that was written at the Plaza this week is drawn; gives what is judged first."""
        town = self.town
        sampling.plan(community_id=town.plaza, member_id=town.members["alice"], posts_a_week=50, now=town.now)
        draw_sample(community_id=town.plaza, revision=1, now=town.now + timedelta(days=7))
        return SampledPost.objects.get(place=1)

    def _try_something_illegal(self) -> int:
        """Bob writes what is on the Plaza's list of what is illegal; gives the locked case."""
        with suppress(Locked):
            self.town.post("bob", f"{ILLEGAL} {SECRET}")
        return QuarantinedCase.objects.get().pk

    def _ask_the_host(self) -> None:
        """Nobody of the Plaza may judge two posts of Bob's: one is before the host, of the other the appeal is."""
        town, here = self.town, self.town.plaza
        for number in ("one", "two"):
            town.report("carol", town.post("bob", f"@alice @dave @erin, {SECRET}, {number}.").post_id)
            case_id = Case.objects.latest("pk").pk
            away.ask(community_id=here, member_id=town.members["erin"], case_id=case_id, now=town.now)
            self.ids[f"asked_{number}"] = case_id
        decided = int(self.ids["asked_two"])
        decision_id = judges.decide(
            staff_id=town.people["heidi"],
            case_id=decided,
            action=Action.LABEL,
            clause_id=town.clause().id,
            reason="It insults them.",
            days=None,
            seen=sheet_of_case(community_id=here, case_id=decided),
            now=town.now,
        )
        appeal_id = self.ids["asked_appeal"] = town.appeal("bob", decision_id)
        away.find_judge(here, decided, appeal_id, now=town.now)
        asked = int(self.ids["asked_one"])
        self._carry("host/others/cases/<int:case_id>/decide", sheet_of_case(community_id=here, case_id=asked))
        seen = sheet_of_appeal(community_id=here, appeal_id=appeal_id)
        self._carry("host/others/appeals/<int:appeal_id>/decide", seen)

    def _call_to_account(self) -> dict[str, int | str]:
        """The host has a case about the Plaza, whose owner has its letter and a receipt."""
        town, heidi = self.town, self.town.people["heidi"]
        clauses = [ClauseDraft("1.1", "No threats", "Threaten nobody.", "violence.threat", Severity.HIGH)]
        host_policy.publish_acceptable_use(staff_id=heidi, title="The host's policy", clauses=clauses, now=town.now)
        customer_id = enrol.enrol_community(staff_id=heidi, community_id=town.plaza, now=town.now)
        policy = upstream.host_policy(community_id=town.plaza)
        assert policy is not None
        self.forms["owner/policy"] = {"policy_hash": policy.hash}
        host_policy.accept_acceptable_use(
            community_id=town.plaza, member_id=town.members["alice"], policy_hash=policy.hash, now=town.now
        )
        item = ItemDraft("http://elsewhere.example/1", "1.1", f"The host saw {SECRET}.", town.now)
        case_id = cases.open_host_case(
            staff_id=heidi, customer_id=customer_id, summary="A case", life_threat=False, items=[item], now=town.now
        )
        draft = NoticeDraft(NoticeKind.NOTICE, "", "We may restrict it.", "Remove it.")
        notices.send(staff_id=heidi, case_id=case_id, draft=draft, now=town.now)
        run_due(resolve(HANDLERS), now=town.now)
        (letter,) = upstream.notices(community_id=town.plaza)
        view = upstream.notice(community_id=town.plaza, notice_id=letter.notice_id)
        assert view is not None
        receipt = Receipt.objects.create(
            community_id=town.plaza,
            about="host_notice:1",
            kept=True,
            origin="x",
            index=0,
            size=1,
            text="{}",
            at=town.now,
        )
        return {
            "letter_id": letter.notice_id,
            "item_id": view.items[0].item_id,
            "receipt_id": receipt.pk,
            "customer_id": customer_id,
            "community_id": town.harbour,
            "host_case_id": case_id,
            "slug": "plaza",
            "name": "move",
            "kind": "notice",
        }

    def path(self, address: Address) -> str:
        ids = self.ids
        if address.template.startswith("host/cases/"):
            ids = {**ids, "case_id": ids["host_case_id"]}
        if address.template.startswith("host/others/"):
            ids = {**ids, "case_id": ids["asked_one"], "appeal_id": ids["asked_appeal"]}
        return "/" + re.sub(r"<\w+:(\w+)>", lambda m: str(ids[m[1]]), address.template)

    def client(self, name: str | None, *, community: str = "") -> Client:
        """Somebody's browser on a community's host; without one, on the host's own."""
        client = Client(headers={"host": f"{community}.localhost" if community else "127.0.0.1"})
        if name is not None:
            sign_in(client, self.town.people[name])
        return client

    def ask(self, client: Client, address: Address, *, name: str | None) -> HttpResponse:
        """Make the request and take back whatever it changed."""
        # Who erases types their own handle; who joins, a new one.
        handle = name if name is not None and address.template == "settings/erase" else "newcomer"
        form = {
            "policy_hash": self.policy_hash,
            "accept": "on",
            "handle": handle,
            **self.forms.get(address.template, {}),
        }
        with taken_back():
            if address.method == "POST" and address.template.endswith("/report"):
                # Visitors are given what they saw signed, by the page that has the form.
                page = client.get(self.path(address)).content.decode()
                form |= dict(re.findall(r'name="(seen)" value="([^"]+)"', page))
            if address.method == "GET":
                return client.get(self.path(address))  # type: ignore[return-value]
            return client.post(self.path(address), form)  # type: ignore[return-value]


@contextmanager
def taken_back() -> Iterator[None]:
    """A savepoint that is rolled back; marked as a test's own, so that a journey's durable transaction fits inside."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # noqa: SLF001 - what Django's own TestCase does
    with block:
        yield
        transaction.set_rollback(True)


def outcome(response: HttpResponse) -> str:
    """What became of a request, in one word."""
    if response.status_code in (301, 302, 303):
        target = response.headers["Location"]
        for place, word in (("/accounts/login", "sign-in"), ("/join", "join"), ("/policy/accept", "accept")):
            if target.startswith(place):
                return word
        return "done"
    return "shown" if response.status_code == 200 else str(response.status_code)
