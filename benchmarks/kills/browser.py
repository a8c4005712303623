"""A browser as small as can be: cookies, forms, and a connection of its own for each request."""

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

HOST = "127.0.0.1"
PATIENCE = 45.0
"""Seconds for an answer."""


class CutOff(Exception):
    """No answer came: there was nobody, the server said that it cannot now, or (`sent`) the connection ended after the
    request was sent, and nobody knows what became of it."""

    def __init__(self, words: str, *, sent: bool = False) -> None:
        super().__init__(words)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole."""

    status: int
    where: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True)
class Form:
    """A form as it stands on a page, filled in as the page fills it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class Browser:
    """Somebody at one host name of an installation on this machine."""

    def __init__(self, port: int, domain: str) -> None:
        self._port, self._domain = port, domain
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """A page; raises CutOff."""
        return self._ask("GET", path, b"", {})

    def send(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form; raises CutOff."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self._domain}{path}"}
        return self._ask("POST", path, urlencode(fields).encode(), headers)

    def form(self, path: str, action: str = "") -> Form | None:
        """The form of a page that is sent to `action` (default: to the page); None where there is none."""
        answer = self.get(path)
        return find_form(answer.text, action or path, page=path) if answer.status == 200 else None

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        sent = {"Host": f"{self._domain}:{self._port}", "Cookie": cookie, **headers}
        answer = ask(self._port, method, path, body, sent, learn=self._learn)
        if answer.status >= 500:
            raise CutOff(f"status {answer.status}")
        return answer

    def _learn(self, headers: http.client.HTTPMessage) -> None:
        for line in headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    learn: Callable[[http.client.HTTPMessage], None] | None = None,
) -> Answer:
    """One request on a connection of its own; raises CutOff where no whole answer comes back."""
    link = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    sent = False
    try:
        link.connect()
        sent = True
        link.request(method, path, body or None, dict(headers))
        answer = link.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise CutOff(type(error).__name__, sent=sent) from error
    finally:
        link.close()
    if learn is not None:
        learn(answer.headers)
    return Answer(answer.status, urlsplit(answer.headers.get("Location") or "").path, content)


def find_form(page_text: str, action: str, *, page: str) -> Form | None:
    """The first form of a page that is sent there."""
    reader = _Forms(page)
    reader.feed(page_text)
    return next((form for form in reader.forms if form.action == action), None)


class _Forms(HTMLParser):
    """Collects forms with what their fields hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._page = page
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action") or self._page)
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, given)

    def _field(self, form: Form, tag: str, given: Mapping[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = value
        elif tag == "textarea":
            self._area = name
            form.fields[name] = ""
        elif tag == "input" and name and "disabled" not in given:
            if given.get("type") in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(value)
                if "checked" in given:
                    form.fields[name] = value or "on"
            else:
                form.fields[name] = value

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
