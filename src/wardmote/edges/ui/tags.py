"""Template tags that every page may use without loading them."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django import template
from django.template.defaultfilters import floatformat
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.detect import categories
from wardmote.edges.ui import drafts, icons, times
from wardmote.edges.ui import prose as texts
from wardmote.kernel import clock as clocks
from wardmote.kernel import i18n as words

register = template.Library()

CATEGORIES: dict[str, str | Promise] = {each.name: gettext_lazy(each.words) for each in categories.CATEGORIES}
"""Categories as people say them."""


@register.filter
def category(name: str) -> str:
    """A category in words."""
    return str(CATEGORIES.get(name, name.replace("_", " ").replace(".", ": ")))


@register.filter
def score(value: float) -> str:
    """A score, rounded the same wherever a page gives it."""
    return str(floatformat(value, 2))


@register.filter
def isolate(name: str) -> SafeString:
    """A name inside a sentence: whichever way it is written, the sentence goes its own."""
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def get(mapping: Mapping[str, object], key: str) -> object:
    """`mapping[key]`, empty where it has none."""
    return mapping.get(key, "")


@register.filter
def prose(text: str) -> SafeString:
    """Somebody's text as safe HTML."""
    return texts.prose(text)


@register.filter
def lasting(span: timedelta) -> str:
    """A length of time in words."""
    return times.length(span)


@register.simple_tag
def spans(text: str, marks: Iterable[texts.Spanned]) -> SafeString:
    """A text with the words that carried a score underlined."""
    return texts.underlined(text, marks, {name: str(words) for name, words in CATEGORIES.items()})


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """How long ago, the exact time on hover."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        clocks.to_rfc3339(moment),
        times.absolute(moment),
        times.relative(moment, clocks.now()),
    )


@register.simple_tag
def exactly(moment: datetime | None) -> SafeString:
    """The day and minute, in words."""
    if moment is None:
        return SafeString("")
    return format_html('<time datetime="{}">{}</time>', clocks.to_rfc3339(moment), times.absolute(moment))


@register.filter
def in_full(moment: datetime) -> str:
    """The day and minute, in words, for a page or a letter without marks."""
    return times.absolute(moment)


@register.filter
def day(moment: date) -> str:
    """The day, in words."""
    return times.day(moment)


@register.filter
def short_day(moment: date) -> str:
    """The day without its year, in words: for an axis."""
    return times.short_day(moment)


@register.simple_tag
def clock(due: datetime | None, since: datetime | None = None) -> SafeString:
    """The clock chip: what is due, in how long, since when it runs."""
    if due is None:
        return SafeString("")
    words, urgency = times.due_in(due, clocks.now(), since)
    runs = _("Due %(due)s.") % {"due": times.absolute(due)}
    if since is not None:
        runs += " " + _("Runs since %(since)s.") % {"since": times.absolute(since)}
    return format_html('<span class="clock {}" title="{}">{}{}</span>', urgency, runs, icon("clock"), words)


@register.simple_tag
def waiting(since: datetime | None) -> SafeString:
    """The clock chip of something without a deadline: how long it has waited."""
    if since is None:
        return SafeString("")
    words = _("waiting %(time)s") % {"time": times.length(clocks.now() - since)}
    title = _("Since %(since)s.") % {"since": times.absolute(since)}
    return format_html('<span class="clock" title="{}">{}{}</span>', title, icon("clock"), words)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One of our icons; without a label it is decoration and hidden from screen readers."""
    inside = mark_safe(icons.PATHS[name])  # noqa: S308 - our own constants
    kind = "icon turns" if name in icons.TURNS else "icon"
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', kind, label, inside
        )
    return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', kind, inside)


@register.simple_tag
def usual_help() -> str:
    """Where to turn in despair, for a reader of this language; a community can name others."""
    # Translators: name the help lines of the countries in which your language is spoken; do not translate these.
    return _(
        "Emergency: 112, 911 or 999\n"
        "United Kingdom and Ireland, Samaritans: 116 123\n"
        "United States and Canada: 988\n"
        "Australia, Lifeline: 13 11 14\n"
        "Elsewhere: https://findahelpline.com"
    )


@register.simple_tag(takes_context=True)
def kept_draft(context: template.Context) -> drafts.Draft | None:
    """What was typed on this page before and not taken, where no form of the page has it again.

    It goes on waiting for somebody who may not send it yet, because they have not accepted the policy.
    """
    request = context.get("request")
    if request is None:
        return None
    standing = getattr(request, "standing", None)
    return drafts.take(request, keep_it=standing is not None and not standing.accepted_policy)


@register.simple_tag(takes_context=True)
def veiled_draft(context: template.Context) -> bool:
    """Whether something was typed on this page by nobody knows whom, and waits to be asked for."""
    request = context.get("request")
    return request is not None and drafts.is_veiled(request)


@register.simple_tag(takes_context=True)
def accept_address(context: template.Context) -> str:
    """Where the policy is accepted, with the way back to this page or to the form that was sent from it."""
    request = context["request"]
    back = request.get_full_path() if request.method in ("GET", "HEAD") else drafts.page_of(request)
    return f"/policy/accept?{urlencode({'next': back})}"


@register.simple_tag
def once() -> SafeString:
    """The key by which a form that is sent twice is known to be the same one."""
    return format_html('<input type="hidden" name="once" value="{}" autocomplete="off">', secrets.token_urlsafe(18))


@register.filter
def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return words.number(value)
