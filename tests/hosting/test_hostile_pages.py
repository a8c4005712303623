"""A site that does not want to be looked at again: whatever it answers, a look is stored, and it proves nothing."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hosting.desk import Desk, recorded
from tests.hosting.site import Site

from wardmote.hosting.policy import Finding, ItemStatus
from wardmote.hosting.policy.items import Seen, verdict
from wardmote.hosting.policy.recheck import Page, compare
from wardmote.hosting.queries.views import CheckView
from wardmote.jobs.models import Job
from wardmote.journeys.steps import reading
from wardmote.outside import apart, fetch
from wardmote.outside.charset import decoded

TEXT = "I will be at your door on Friday, and you will be sorry."
UP = f"<article><p>{TEXT}</p></article>"
Answer = Callable[[BaseHTTPRequestHandler], None]


def says(body: bytes, *, status: int = 200, **headers: str) -> Answer:
    """A whole answer with these headers, `_` for `-`."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff\r\n\r\n")


HTML = "text/html; charset=utf-8"
PAGES: dict[str, tuple[Answer, Finding, str]] = {
    "/declaration": (says(f"{UP}<![x[".encode(), Content_Type=HTML), Finding.UP, ""),
    "/location": (says(b"", status=302, Location="http://[oops/x"), Finding.UNREACHABLE, "no address"),
    "/blank": (says(b"", status=302, Location="/old post/1"), Finding.UP, ""),
    "/packed": (says(b"\x1f\x8b" + b"0" * 99, Content_Encoding="gzip"), Finding.UNREACHABLE, "packed"),
    "/picture": (says(b"\x89PNG", Content_Type="image/png"), Finding.UNREACHABLE, "image/png"),
    "/charset": (says(UP.encode(), Content_Type="text/html; charset=punycode"), Finding.UP, ""),
    "/strange": (says(UP.encode(), Content_Type="text/html; charset*=a%00b''x"), Finding.UP, ""),
    "/circle": (says(b"", status=302, Location="/circle"), Finding.UNREACHABLE, "led on more than"),
    "/broken": (nonsense, Finding.UNREACHABLE, "BadStatusLine"),
}


def looked(desk: Desk, case_id: int) -> dict[str, CheckView]:
    """The last check of each post of the case, by its path."""
    items = desk.view(case_id).items
    return {"/" + item.url.rpartition("/")[2]: item.checks[-1] for item in items if item.checks}


@pytest.mark.django_db(transaction=True)
def test_every_answer_is_kept_as_a_look(desk: Desk, site: Site) -> None:
    """No header, redirect or markup of the accused site makes the job fail; the look says what came."""
    site.pages.update({path: answer for path, (answer, _, _) in PAGES.items()})
    site.pages["/old%20post/1"] = (200, UP)
    case_id = desk.open([(site.url(path), TEXT) for path in PAGES])
    before = len(recorded("host_item.checked"))
    desk.look(case_id)
    found = looked(desk, case_id)

    assert {path: check.finding for path, check in found.items()} == {p: f for p, (_, f, _) in PAGES.items()}
    assert [path for path, (_, _, why) in PAGES.items() if why not in found[path].why] == []
    assert len(recorded("host_item.checked")) == before + len(PAGES)
    assert not Job.objects.filter(name="journeys.look_at_item").exclude(state="done").exists()


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_dies_leaves_a_look(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where reading takes too long, or our own code breaks, the look says that it could not be read: never removed."""

    def too_long(*_: object, **__: object) -> bytes:
        raise apart.Broken("reading it took too long")

    def broken(*_: object, **__: object) -> None:
        raise IndexError("list index out of range")

    site.pages["/post"] = (200, UP)
    case_id = desk.open([(site.url("/post"), TEXT)])
    monkeypatch.setattr(apart, "ask", too_long)
    desk.look(case_id)
    first = looked(desk, case_id)["/post"]
    monkeypatch.setattr(fetch, "_ask", broken)
    desk.look(case_id)
    second = looked(desk, case_id)["/post"]

    assert (first.finding, first.why, first.http_status) == (Finding.UNREACHABLE, "reading it took too long", 200)
    assert (second.finding, second.why) == (Finding.UNREACHABLE, "IndexError")
    assert desk.statuses(case_id) == [ItemStatus.REPORTED]


def answer_of(site: Site, body: bytes, content_type: str = "text/html") -> tuple[Finding, str]:
    site.pages["/post"] = says(body, Content_Type=content_type)
    look = reading.check_page(TEXT, fetch.fetch(site.url("/post")))
    return look.finding, look.why


PREFIXES = (
    *("<a ", "<![x[", "<div>", "<x></y>", "<div></p>", "<p hidden>", "<h1>x", "<a b='", "&amp", "&#1;", "<!--", "<"),
    *("<template></x>", "\u0300\u0316", "display", "<title>", "log in ", "this post ", "error ", "die seite, die sie "),
)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_reading_takes_time_in_proportion(prefix: str) -> None:
    """Sixteen times as much of the same costs no more than some 16 times as much: nothing is squared."""

    def seconds(length: int) -> float:
        body = (prefix * length)[: length * 4]
        began = time.process_time()
        compare(TEXT * 20, Page(200, body))
        return time.process_time() - began

    # A square would take 256 times as long.
    assert seconds(64_000) < 0.2 + 100 * min(seconds(4_000), seconds(4_000))


def test_a_text_of_one_letter_is_looked_for_quickly() -> None:
    """A page that almost says the text at every place is read as quickly as any other."""
    began = time.process_time()
    compare("a" * 5000 + "b", Page(200, "a" * 500_000))

    assert time.process_time() - began < 15


def test_the_process_apart_is_bounded() -> None:
    """What takes more processor time or memory than a page may is ended by the system."""
    for work in ("while True: pass", "b' ' * (1 << 31)"):
        code = f"from wardmote.outside import apart; apart.confine(cpu_seconds=1, memory=1 << 30)\n{work}"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=600, check=False)
        assert done.returncode != 0
    with pytest.raises(apart.Broken, match="too long"):
        apart.ask("wardmote.journeys.steps.reading", b"", seconds=0.001)
    with pytest.raises(apart.Broken, match="failed"):
        apart.ask("wardmote.journeys.steps.reading", b"no question")


def test_walls_and_failures_in_turns_agree() -> None:
    """A site that shows a wall and nonsense in turns does not keep its case from a person's reading."""
    seen = [datetime(2026, 11, 29, hour, tzinfo=UTC) for hour in range(3)]
    findings = (Finding.BLOCKED_TO_US, Finding.UNREACHABLE, Finding.BLOCKED_TO_US)

    assert verdict([Seen(at, finding) for at, finding in zip(seen, findings, strict=True)]) is Finding.BLOCKED_TO_US


MARKUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "</",
            "<!",
            "<![",
            "]]>",
            "--",
            "p",
            "hidden",
            "=",
            "'",
            '"',
            "&",
            "#x",
            ";",
            "\x00",
            "title",
            "h1",
            "<svg>",
            "<table>",
            "<template>",
            "<select>",
            "script>",
            "style>",
            "<plaintext>",
            "́",
            "ﷺ",
            "ß",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(before=MARKUP, body=st.binary(max_size=60), label=st.text(max_size=12))
def test_no_page_breaks_the_reader(before: str, body: bytes, label: str) -> None:
    """Whatever stands in it, a page is read, and bytes in any charset are text."""
    compare(TEXT, Page(200, before + TEXT))
    text = decoded(before.encode() + body, header=label)
    text.encode("utf-8")
    compare(TEXT, Page(200, text))


RUSSIAN = "Я приду к твоей двери в пятницу, и ты пожалеешь об этом."
JAPANESE = "金曜日にあなたの家の前まで行くから、覚えておきなさい。後悔するよ。"


@pytest.mark.parametrize(
    ("text", "codec", "head", "content_type"),
    [
        (RUSSIAN, "cp1251", '<meta charset="windows-1251">', "text/html"),
        (RUSSIAN, "koi8-r", "<META http-equiv=Content-Type content='text/html; charset=KOI8-R'>", "text/html"),
        (JAPANESE, "cp932", "<!-- x --><meta charset=Shift_JIS>", "text/html"),
        (JAPANESE, "euc_jp", f"<!-- {'x' * 3000} --><meta charset=x-euc-jp>", "text/html"),
        (JAPANESE, "utf-8", "<meta charset=utf-16>", "text/html"),
        (RUSSIAN, "cp1251", "<meta charset=utf-8>", "text/html; charset=cp1251"),
        (RUSSIAN, "utf-16", "<meta charset=koi8-r>", "text/html; charset=koi8-r"),
        (RUSSIAN, "cp1251", "<meta charset=cp1251>", "text/html; charset=nonsense"),
        (RUSSIAN, "cp1251", "<?xml version='1.0' encoding='windows-1251'?>", "application/xhtml+xml"),
        ("Größe und Straße am Freitag", "latin-1", "", "text/html"),
        ("“Quoted” – at the door on Friday", "cp1252", "<meta charset=latin1>", "text/html"),
    ],
)
def test_a_page_is_read_in_the_charset_that_a_browser_takes(
    site: Site, text: str, codec: str, head: str, content_type: str
) -> None:
    """BOM before header before meta before a guess, under the labels of the Encoding standard."""
    site.pages["/post"] = says(f"{head}<p>{text}</p>".encode(codec), Content_Type=content_type)
    fetched = fetch.fetch(site.url("/post"))

    assert compare(text, Page(200, fetched.text)).finding is Finding.UP


def test_the_process_apart_reads_the_same(site: Site) -> None:
    """Charset and markup are read beyond the process's border too."""
    head = '<meta charset="windows-1251">'
    site.pages["/post"] = says(f"{head}<p>{RUSSIAN}</p>".encode("cp1251"), Content_Type="text/html")
    look = reading.check_page(RUSSIAN, fetch.fetch(site.url("/post")))

    assert (look.finding, look.why) == (Finding.UP, "the text stands there")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/old post/1", "/old%20post/1"),
        ("  /post\t", "/post"),
        ("\\post", "/post"),
        ("/größe", "/gr%C3%B6%C3%9Fe"),
        ("/a?b=c d", "/a"),
        ("/50%25", "/50%25"),
    ],
)
def test_a_redirect_is_followed_as_browsers_do(site: Site, location: str, path: str) -> None:
    """Blanks, backslashes and other signs of a Location are read as browsers read them."""
    site.pages["/first"] = says(b"", status=302, Location=location.encode().decode("latin-1"))
    site.pages[path] = (200, UP)

    assert fetch.fetch(site.url("/first")).status == 200


GONE = """
This post has been removed. | Page not found | 404 – Not found | [deleted] | Sorry, this page does not exist.
The page you are looking for could not be found. | Post deleted by its author | We couldn’t find this page
Dieser Beitrag wurde gelöscht. | Seite nicht gefunden | Die von Ihnen gesuchte Seite konnte nicht gefunden werden.
Diese Seite existiert nicht mehr. | Das Thema wurde von einem Moderator entfernt. | Fehler 404: Seite nicht gefunden
Cette page n’existe plus. | Page introuvable | Ce message a été supprimé par un modérateur.
La page que vous recherchez n’existe pas. | Esta publicación ha sido eliminada. | Página no encontrada
La página que buscas no existe. | Questo post è stato rimosso. | Pagina non trovata | La pagina non esiste più.
Esta publicação foi removida. | Página não encontrada | Este conteúdo não está mais disponível
Deze pagina bestaat niet meer. | Dit bericht is verwijderd. | Pagina niet gevonden
Ta strona nie istnieje. | Wpis został usunięty. | Nie znaleziono strony | Strona nie została znaleziona
Страница не найдена | Этот пост был удалён. | Запись удалена | Сообщение не существует.
この投稿は削除されました。 | ページが見つかりません | お探しのページは見つかりませんでした。
Bu gönderi silindi. | Sayfa bulunamadı | Aradığınız sayfa bulunamadı. | Bu içerik artık mevcut değil.
"""
NOT_GONE = """
The old smiley pack has been removed. | Removed posts are listed below | My cat was deleted from the photo.
This post was not removed, and I wonder why. | The benches have been taken down | Diese Seite ist wieder verfügbar.
Dieser Beitrag wurde nicht gelöscht. | Das alte Dach wurde entfernt. | L’ancien toit a été supprimé.
Deze pagina is beschikbaar. | Сегодня снег убрали. | 古いベンチは削除されました。 | Eski banklar kaldırıldı.
El banco viejo ha sido eliminado. | Il vecchio tram è stato rimosso. | O banco velho foi removido.
"""


def sentences(text: str) -> list[str]:
    return [s.strip() for line in text.strip().splitlines() for s in line.split(" | ")]


def page(main: str, title: str = "The Plaza") -> Page:
    around = "<nav>Home People Log</nav>{}<footer>About</footer>"
    return Page(200, f"<head><title>{title}</title></head><body>{around.format(main)}</body>")


@pytest.mark.parametrize("sentence", sentences(GONE))
def test_a_page_that_says_of_itself_that_it_is_gone(sentence: str) -> None:
    """In eleven languages, as all that the page says, as its heading or its title."""
    long = "<p>" + "Lime trees are in flower in the square again. " * 40 + "</p>"

    assert compare(TEXT, page(f"<p>{sentence}</p>")).finding is Finding.REMOVED
    assert compare(TEXT, page(f"<h1>{sentence}</h1>{long}")).finding is Finding.REMOVED
    assert compare(TEXT, page(long, title=f"{sentence}")).finding is Finding.REMOVED
    # One sentence of a long page is about something else, as far as anybody can tell.
    assert compare(TEXT, page(f"<p>{sentence}</p>{long}")).finding is Finding.BLOCKED_TO_US
    assert compare(TEXT, page(f"<h1>{sentence}</h1><p>{TEXT}</p>")).finding is Finding.UP


@pytest.mark.parametrize("sentence", sentences(NOT_GONE))
def test_a_page_about_something_else_that_is_gone(sentence: str) -> None:
    """A smiley pack, a roof or a bench that was removed is not the post."""
    assert compare(TEXT, page(f"<p>{sentence} Come and see us some day.</p>")).finding is Finding.BLOCKED_TO_US
    assert compare(TEXT, page(f"<h1>{sentence}</h1>")).finding is Finding.BLOCKED_TO_US


HIDDEN = (
    "<template shadowrootmode=open><p>{text}</p></template>",
    '<iframe srcdoc="<p>{text}</p>"></iframe>',
    "<noscript>{text}</noscript>",
    '<p hidden style="display:block">{text}</p>',
    '<input value="{text}">',
)


@pytest.mark.parametrize("status", [200, 404, 410])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_page_that_says_it_is_gone_and_still_has_the_words_is_not_gone(status: int, hidden: str) -> None:
    """What some browsers show all the same is no removal."""
    html = f"<title>Page not found</title><h1>Page not found</h1>{hidden.format(text=TEXT)}"

    assert compare(TEXT, Page(status, html)).finding is not Finding.REMOVED
    assert compare(TEXT, Page(status, html.replace(TEXT, "Nothing."))).finding is Finding.REMOVED


def test_a_page_that_leads_on_is_not_gone() -> None:
    """It says "not found" and brings whoever waits a second to the post."""
    html = '<meta http-equiv="refresh" content="1; url=/post"><title>Page not found</title><h1>Page not found</h1>'

    assert compare(TEXT, Page(200, html)).finding is Finding.BLOCKED_TO_US
