"""A walk through every page of a running installation as one of its people, by links and by addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Error, Page, Response

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_LEAVES = ("demo/<slug:slug>", "demo-arrive", "arrive", "go/<slug:slug>")
"""Addresses that end a visit or begin another: a walk does not take them."""


def routes() -> list[str]:
    """Every address of the installation, as the URLconf writes it."""
    found: list[str] = []

    def into(resolver: URLResolver, prefix: str) -> None:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                into(pattern, route)
            elif isinstance(pattern, URLPattern):
                found.append(route.replace("^", "").removesuffix("$").removesuffix(r"\Z"))

    into(get_resolver(), "")
    return sorted(set(found))


def route_of(path: str) -> str:
    """The address in the URLconf that answers a path; empty for none."""
    try:
        return str(resolve(path).route).replace("^", "").removesuffix("$").removesuffix(r"\Z")
    except Resolver404:
        return ""


_ASKS = "accounts/reauthenticate/"
"""Where the password is asked for."""


@dataclass
class Walk:
    """Shows each address once, as the person who is signed in on `page`."""

    page: Page
    start: str
    password: str = ""
    """Given where a page asks for it first."""
    seen: set[str] = field(default_factory=set)
    known: dict[str, str] = field(default_factory=lambda: {"number": "1"})
    """A value for each part of an address, as last met in a link."""
    none: set[str] = field(default_factory=set)
    """Addresses that answered with no page: with a file, a piece of a page, or that they take only a form."""

    def pages(self) -> Iterator[str]:
        """The route of each page, while the browser stands on it."""
        waiting = [urlsplit(self.start).path or "/"]
        while True:
            while waiting:
                path = waiting.pop(0)
                route = route_of(path.partition("?")[0])
                if route in self.seen or not self._opens(path, route):
                    continue
                yield route
                waiting += self._links()
            waiting = [path for route in routes() if route not in self.seen and (path := self._path(route))]
            if not waiting:
                return

    def _opens(self, path: str, route: str) -> bool:
        self.seen.add(route)
        if route in _LEAVES:
            return False
        try:
            response = self._go(path, route)
        except Error as error:
            if "Download is starting" not in str(error) and "ERR_ABORTED" not in str(error):
                raise
            self.none.add(route)
            return False
        landed = route_of(urlsplit(self.page.url).path)
        kind = response.headers.get("content-type", "") if response else ""
        if response is None or response.status == 405 or not kind.startswith("text/html"):
            self.none.add(route)
            return False
        if landed != route or response.status != 200:
            return False  # led on to another page, which is shown in its own turn; or refused
        if "<html" not in response.text()[:200]:
            self.none.add(route)
            return False
        return True

    def _go(self, path: str, route: str) -> Response | None:
        response = self.page.goto(urljoin(self.start, path))
        if not self.password or route == _ASKS or route_of(urlsplit(self.page.url).path) != _ASKS:
            return response
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self.page.get_by_role("main").get_by_role("button").first.click()
        self.page.wait_for_load_state()
        return self.page.goto(urljoin(self.start, path))

    def _links(self) -> list[str]:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.start))
        hrefs = self.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        paths = [href.removeprefix(origin) for href in hrefs if href.startswith(origin + "/")]
        for path in paths:
            try:
                match = resolve(path.partition("?")[0].partition("#")[0])
            except Resolver404:
                continue
            self.known.update({name: str(value) for name, value in match.kwargs.items()})
        return [path.partition("#")[0] for path in paths]

    def _path(self, route: str) -> str:
        names = _PART.findall(route)
        if "(" in route or any(name not in self.known for name in names):
            return ""
        return "/" + _PART.sub(lambda part: self.known[part[1]], route)
