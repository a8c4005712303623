"""Texts without end, from a few patterns and lists of words, the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from string import Formatter

from wardmote.moderation.policy import ReportReason


@dataclass(frozen=True, slots=True)
class Variation:
    """A text, and what a member would report it as; None for one that breaks no rule."""

    text: str
    reason: ReportReason | None


_WORDS = {
    "place": ("the fountain", "Mill Street", "the old hall", "the tram depot", "the north gate", "the bakery", "Rope Lane", "the lime trees", "the slipway", "the library steps", "the clinic", "the ferry"),
    "thing": ("the kettle", "a bicycle", "the minutes", "my umbrella", "the bench", "a pumpkin", "the choir book", "the notice board", "a borrowed ladder", "the lost cat", "the tea urn", "the map"),
    "doing": ("counting signatures", "painting a railing", "walking the round", "learning the alto part", "waiting for the tram", "pulling up beans", "reading on the steps", "mending a net", "looking for a parking space", "arguing about the crossing"),
    "day": ("on Monday", "on Thursday evening", "this morning", "after the meeting", "at half past six", "before the frost", "on the 30th", "all weekend", "at low water", "on market day"),
    "who": ("the baker", "my neighbour", "the clerk", "the referee", "that landlord", "the treasurer", "the man from the depot", "the one who parks here", "the new warden", "the chairman"),
    "feel": ("much better than last year", "a little sad", "exactly as it should be", "louder than it needs to be", "worth getting up for", "quite enough", "a small miracle", "hard to explain to visitors"),
    "group": ("from across the river", "from the hill", "who came last spring", "from the harbour", "with the other prayers", "who talk like that"),
    "insult": ("a pathetic little liar", "an idiot and everybody knows it", "a worm", "too stupid to hold a pen", "a disgrace to this town", "the most useless creature here"),
    "harm": ("break your legs", "beat you until you cannot stand", "put you in the ground", "burn your shop down", "cut you open", "make sure you never walk home again"),
    "call": ("bring bricks", "bring petrol", "bring whatever breaks bones", "come masked", "come armed"),
    "ware": ("watches", "pills", "loans", "followers", "lottery numbers", "miracle soap"),
}  # fmt: skip

_ORDINARY = (
    "Spent {day} {doing} near {place}. It was {feel}.",
    "Has anybody seen {thing}? I left it by {place} {day}.",
    "Whoever is {doing} at {place} {day}: thank you, it is {feel}.",
    "{day}, {place}: {who} with {thing}. I had to look twice.",
    "If you kill the engine at {place} you can hear the choir {day}. It is {feel}.",
    "I asked {who} about {thing}. The answer was {feel}.",
    "Meeting {day} at {place}. On the table: {thing}, and who goes on {doing}.",
    "{who} says {thing} belongs to everybody. I say it belongs at {place}.",
    "Photographs of {place}, taken {day} while {doing}.",
    "We were robbed {day}, {who} never saw the foul. Still, the evening was {feel}.",
    "I could murder a cup of tea after {doing} {day}.",
    "Does the tram still stop at {place} {day}? Asking for {who}.",
)

_BREAKING = {
    ReportReason.THREAT: (
        "I know where {who} lives. Next time I will {harm}, and that is a promise.",
        "You were seen at {place} {day}. Come back and I will {harm}.",
        "Keep talking and I will {harm}. You know I am at {place} {day}.",
        "Tell {who} to watch the road {day}. Somebody is going to {harm}, and it will be me.",
    ),
    ReportReason.INCITEMENT: (
        "Everybody to {place} {day}: {call}, and do not let {who} out alive.",
        "{who} should be dragged out of {place} and hanged. {call}. Share this.",
        "People {group} will not leave by themselves. {call} to {place} {day} and drive them out with fire.",
        "Somebody ought to shoot {who} {day}. I would clap.",
    ),
    ReportReason.HARASSMENT: (
        "{who} is {insult}. Write to them {day} until they give up.",
        "You with {thing}: you are {insult}, and nobody at {place} can stand you.",
        "I will say it again so that you read it: you are {insult}. Go away.",
    ),
    ReportReason.IDENTITY_ATTACK: (
        "The people {group} are vermin. Keep them away from {place}.",
        "Those {group} are not like us and never will be: dirty, lying, all of them.",
        "No decent town lets anybody {group} sit at {place}. They are animals.",
    ),
    ReportReason.SPAM: (
        "Cheap {ware}!!! Only {day}! Write to me now and get {ware} for nothing!!!",
        "{ware} {ware} {ware} best price, click my profile, {day} only",
    ),
}
_SHARE_BREAKING = 0.35
_LOOKS = ("quiet", "early", "tall", "north", "rusty", "green", "patient", "salt", "paper", "second", "low", "amber", "plain", "late", "stone", "wool")  # fmt: skip
_TRADES = ("tiller", "ferry", "baker", "singer", "reader", "swimmer", "painter", "walker", "mender", "keeper", "gardener", "drummer", "porter", "weaver")  # fmt: skip


def variations(number: int, chance: Random) -> Iterator[Variation]:
    """So many texts; about a third break a rule."""
    for _ in range(number):
        reason = chance.choice(list(_BREAKING)) if chance.random() < _SHARE_BREAKING else None
        yield Variation(_filled(chance.choice(_BREAKING[reason] if reason else _ORDINARY), chance), reason)


def _filled(pattern: str, chance: Random) -> str:
    said = "".join(
        before + (chance.choice(_WORDS[slot]) if slot else "") for before, slot, _, _ in Formatter().parse(pattern)
    )
    return said[0].upper() + said[1:]


def names(number: int, chance: Random) -> list[str]:
    """So many different names that are handles."""
    pairs = [f"{look}_{trade}" for look in _LOOKS for trade in _TRADES]
    chance.shuffle(pairs)
    return [pairs[n % len(pairs)] + (f"_{n // len(pairs) + 1}" if n >= len(pairs) else "") for n in range(number)]
