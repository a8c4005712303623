"""Those who write: members, moderators, and a platform with a key. Each is a thread with a browser of their own."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from benchmarks.kills.book import Book, Write
from benchmarks.kills.browser import Answer, Browser, CutOff, Form, ask, find_form
from benchmarks.kills.deeds import moved, persist
from benchmarks.texts import texts

PASSWORD = "a fine long password"  # noqa: S105 - of people who live for minutes
ANCHOR = "alice"
"""Whom all follow from the beginning, for good: what she writes must come into every feed."""
_POST_PATH = re.compile(r"^/@[^/]+/\d+$")
_THREATS = ("I will kill you tomorrow.", "I am going to shoot you and burn your house down.")


@dataclass(slots=True)
class Town:
    """What all of them share: where it is, what was written, and what there is to act on."""

    port: int
    domain: str
    host_domain: str
    book: Book
    seed: int
    members: list[str]
    moderators: list[str]
    key: str
    stop: threading.Event = field(default_factory=threading.Event)
    posts: list[str] = field(default_factory=list)
    """Paths of posts that were acknowledged, newest last."""
    outside: list[str] = field(default_factory=list)
    """Ids of posts elsewhere that were told."""
    troubles: list[str] = field(default_factory=list)
    """What none of them expected."""


class Someone:
    """A loop of one person, which an interruption only delays."""

    def __init__(self, town: Town, handle: str, number: int) -> None:
        self.town, self.handle = town, handle
        self.rng = Random(town.seed * 1000 + number)  # noqa: S311 - the same again under the same seed
        self.browser = Browser(town.port, town.domain)

    def live(self) -> None:
        """Do one thing after the other until the town stops."""
        try:
            self._until_done(self.sign_in)
            while not self.town.stop.is_set():
                try:
                    self.act()
                except CutOff:
                    # Only a look was cut off: what is written is tried again where it is written.
                    time.sleep(0.2)
                time.sleep(self.rng.uniform(0.1, 0.8))
        except Exception as error:  # noqa: BLE001 - said at the end
            self.town.troubles.append(f"@{self.handle}: {type(error).__name__}: {error}")

    def act(self) -> None:
        """One thing."""
        raise NotImplementedError

    def sign_in(self) -> None:
        """With the password, as at any browser."""
        form = self.browser.form("/accounts/login/")
        if form is None:
            raise CutOff("no page to sign in")
        fields = {**form.fields, "login": f"{self.handle}@example.org", "password": PASSWORD}
        answer = self.browser.send("/accounts/login/", fields)
        if answer.status != 302:
            raise RuntimeError(f"signing in was answered with {answer.status}")

    def _until_done(self, deed: Callable[[], None]) -> None:
        while not self.town.stop.is_set():
            try:
                deed()
            except CutOff:
                time.sleep(0.3)
            else:
                return

    def send(self, write: Write, form: Form, typed: dict[str, str]) -> Answer | None:
        """Send a filled form until it is answered; its key is the page's and stays the same."""
        fields = {**form.fields, **typed}
        return persist(write, lambda: self.browser.send(form.action, fields), self.rng, moved)

    def words(self, token: str) -> str:
        """A text that nobody else writes; now and then one that must not stand."""
        start = self.rng.choice(_THREATS) if self.rng.random() < 0.12 else self.rng.choice(texts(8))
        return f"{start} {token}"


class Member(Someone):
    """Posts, replies, edits, follows, reports, and appeals against what was decided about them."""

    def __init__(self, town: Town, handle: str, number: int) -> None:
        super().__init__(town, handle, number)
        self._mine: list[str] = []
        self._reported: set[str] = set()

    def act(self) -> None:
        deeds = (self.post, self.reply, self.edit, self.follow, self.report, self.appeal)
        self.rng.choices(deeds, weights=(4, 3, 2, 2, 3, 2))[0]()

    def post(self) -> None:
        form = self.browser.form("/post")
        if form is not None:
            self._written(form, self.town.book.begin("post", self.handle))

    def _written(self, form: Form, write: Write) -> None:
        answer = self.send(write, form, {"text": self.words(write.token)})
        if write.acknowledged and answer is not None and _POST_PATH.match(answer.where):
            self._mine.append(answer.where)
            self.town.posts.append(answer.where)

    def reply(self) -> None:
        path = self._some_post()
        form = self.browser.form(path, f"{path}/reply") if path else None
        if form is not None:
            write = self.town.book.begin("reply", self.handle)
            self.send(write, form, {"text": self.words(write.token)})

    def edit(self) -> None:
        if not self._mine:
            return
        path = self.rng.choice(self._mine[-20:])
        form = self.browser.form(f"{path}/edit")
        if form is not None:
            write = self.town.book.begin("edit", self.handle)
            self.send(write, form, {"text": self.words(write.token)})

    def follow(self) -> None:
        other = self.rng.choice([handle for handle in self.town.members if handle not in (self.handle, ANCHOR)])
        page = self.browser.get(f"/@{other}")
        for verb in ("follow", "unfollow"):
            form = find(page, f"/@{other}/{verb}")
            if form is not None:
                self.send(self.town.book.begin("follow", self.handle, other, verb), form, {})
                return

    def report(self) -> None:
        path = self._some_post()
        if not path or path in self._reported or path.startswith(f"/@{self.handle}/"):
            return
        form = self.browser.form(f"{path}/report")
        if form is not None:
            self._reported.add(path)
            write = self.town.book.begin("report", self.handle)
            self.send(write, form, {"reason": self.rng.choice(["harassment", "spam"]), "comment": write.token})

    def appeal(self) -> None:
        measures = re.findall(r'href="(/why/\d+)"', self.browser.get("/measures").text)
        if not measures:
            return
        path = self.rng.choice(measures)
        form = self.browser.form(path, f"{path}/appeal")
        if form is not None:
            write = self.town.book.begin("appeal", self.handle)
            self.send(write, form, {"text": f"That was meant otherwise. {write.token}"})

    def _some_post(self) -> str:
        return self.rng.choice(self.town.posts[-40:]) if self.town.posts else ""


class Moderator(Someone):
    """Takes cases and decides them, and hears appeals against what others decided."""

    def act(self) -> None:
        self.rng.choices((self.decide, self.hear), weights=(3, 1))[0]()

    def decide(self) -> None:
        queue = self.browser.form("/console/", "/console/next")
        if queue is None:
            return
        case = self.browser.send("/console/next", queue.fields).where
        if not re.fullmatch(r"/console/cases/\d+", case):
            time.sleep(0.5)
            return
        form = self.browser.form(case, f"{case}/decide")
        if form is None:
            return
        write = self.town.book.begin("decision", self.handle)
        clause = self.rng.choice([value for value in form.choices.get("clause", []) if value])
        action = self.rng.choice(["none", "none", "remove", "warn", "label"])
        form.fields.pop("go_on", None)
        self.send(write, form, {"action": action, "clause": clause, "reason": f"I have read it. {write.token}"})

    def hear(self) -> None:
        page = self.browser.get("/console/appeals")
        found = re.findall(r'href="(/console/appeals/\d+)">\s*Yours to hear', page.text)
        if not found:
            return
        path = self.rng.choice(found)
        form = self.browser.form(path, f"{path}/decide")
        if form is not None:
            write = self.town.book.begin("hearing", self.handle)
            outcome = self.rng.choice(["uphold", "reverse"])
            self.send(write, form, {"outcome": outcome, "reason": f"I have read both. {write.token}"})


class Platform(Someone):
    """Tells of posts elsewhere, of edits and reports, by the API."""

    def sign_in(self) -> None:
        """Its key is in each request."""

    def act(self) -> None:
        write = self.town.book.begin("event", self.handle)
        known = self.rng.choice(self.town.outside[-30:]) if self.town.outside else ""
        kind = self.rng.choices(["post", "edit", "report"], weights=(3, 1, 2))[0] if known else "post"
        post = write.token if kind == "post" else known
        event: dict[str, object] = {
            "source": "forum",
            "id": write.token,
            "type": kind,
            "post": {"id": post, "url": f"https://forum.example/p/{post}", "author": "u-1"}
            | ({} if kind == "report" else {"text": self.words(write.token)}),
        }
        if kind == "report":
            event["report"] = {"reporter": f"u-{write.token}", "reason": "spam", "comment": write.token}
        body = json.dumps(event).encode()
        headers = {
            "Host": f"{self.town.host_domain}:{self.town.port}",
            "Authorization": f"Bearer {self.town.key}",
            "Content-Type": "application/json",
        }

        def send() -> Answer:
            answer = ask(self.town.port, "POST", "/v1/events", body, headers)
            if answer.status >= 500:
                raise CutOff(f"status {answer.status}")
            return answer

        persist(write, send, self.rng, _event_taken)
        if write.acknowledged and kind == "post":
            self.town.outside.append(post)


def _event_taken(answer: Answer) -> bool:
    return answer.status == 200 and "error" not in json.loads(answer.body)["results"][0]


def find(answer: Answer, action: str) -> Form | None:
    """The form of a page that is sent there."""
    return find_form(answer.text, action, page="")
