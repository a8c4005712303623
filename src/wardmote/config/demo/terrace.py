"""The Terrace: a small, loud community whose owner is away a good deal. Its people, its rules, what they say."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from wardmote.communities.policy import Action, ClauseDraft, Severity
from wardmote.config.demo import gather
from wardmote.config.demo.matters import can_be_read
from wardmote.detect import categories
from wardmote.journeys.members import publish

DOMAIN = "terrace.localhost"
QUIET_SINCE = timedelta(hours=24)
"""So long ago the last of them wrote: nothing new is published there since the host restricted it."""
CAST = {
    "rupert": "Keeps the keys of the Terrace, and loses them. Mostly away with the second team.",
    "faythe": "Row one, seat nine, since before there were seats.",
    "niaj": "Draws the away map. Every coach driver knows him.",
    "pat": "Tea hut. The pies are older than the stand, says Chuck. They are not.",
    "quentin": "Goalkeeper of the third team, until somebody else turns up.",
    "chuck": "Louder than the tannoy.",
}
TITLE = "House rules of the Terrace"
RULES = (
    ClauseDraft(
        key="1",
        title="Nobody is threatened",
        text="Not the other lot, not the referee, not one another. Not in a song either.",
        category=categories.THREAT.name,
        severity=Severity.CRITICAL,
        default_action=Action.REMOVE,
        queue_at=0.2,
        hold_at=0.9,
    ),
    ClauseDraft(
        key="2",
        title="Play the ball",
        text="Say what you like about the match. Leave the people in it, and their families, alone.",
        category=categories.HARASSMENT.name,
        severity=Severity.MEDIUM,
        default_action=Action.HIDE,
        queue_at=0.25,
    ),
    ClauseDraft(
        key="3",
        title="Everybody may stand here",
        text="Nobody is insulted for where they come from, what they believe, or whom they love.",
        category=categories.IDENTITY_ATTACK.name,
        severity=Severity.HIGH,
        default_action=Action.REMOVE,
        queue_at=0.37,
    ),
    ClauseDraft(
        key="4",
        title="No tickets above their price",
        text="Pass a ticket on for what it cost, or give it away.",
        category=categories.SPAM.name,
        severity=Severity.LOW,
        default_action=Action.HIDE,
    ),
    ClauseDraft(
        key="5",
        title="What the tea hut would not pin up",
        text="Anything else that Pat would take off the board with the bread knife.",
        category=categories.OTHER.name,
        severity=Severity.LOW,
        default_action=Action.LABEL,
    ),
)
BEFORE = """
faythe: Nil nil. I have seen every minute of it, and I should like some of them back.
> niaj: There was the corner in the second half.
> faythe: I was at the tea hut in the second half.
pat: New at the hut: soup. It is the pie, only further along.
> quentin: I had two. I can feel them thinking.
niaj: Coach to the away match leaves at nine from the depot. Bring a hat; the heating is a story that the driver tells.
> faythe: I bring two hats and the driver’s mother. She knows how it is switched on.
quentin: Third team won. I repeat, for the record, the third team won.
> pat: Who did we play?
> quentin: The second team. They were a man short, and he was in goal.
chuck: The new drum has come. It is as loud as a door.
> faythe: It is as loud as you.
> chuck: Thank you.
rupert: The key of the drum store is in the usual place. If anybody finds the usual place, please write to me.
> pat: It was in the sugar.
"""
POSTS: tuple[tuple[str, str] | tuple[str, str, int], ...] = (
    ("faythe", "The groundsman has painted the lines by hand again. They are straight where he was happy."),
    ("niaj", "The left touchline is a love letter, then.", 0),
    ("pat", "Saturday: pies at one, gates at two, hope until about half past three."),
    ("quentin", "Looking for a goalkeeper for the third team. No experience needed; I am the proof."),
    ("faythe", "My nephew is two metres tall and afraid of nothing but balls.", 3),
    ("niaj", "Who has the big flag? It was last seen on the way home, walking by itself."),
    ("chuck", "It is on my balcony. The neighbours salute.", 5),
)
LOUD = (
    (
        "2.1",
        "Nobody from across the river belongs on our terrace. They are dirty, the whole lot of them, and always were.",
    ),
    (
        "2.2",
        "Our linesman is a pathetic idiot. Tell his wife so at the bakery, every single day, until they move away.",
    ),
)
"""What the host was written to about: the clause of the host's policy that it breaks, and Chuck's words."""
_LOUD_SINCE = timedelta(days=12)


def settle(people: Mapping[str, int], *, now: datetime) -> tuple[int, int, list[tuple[str, str, str]]]:
    """Gives the community, its owner's member, and (path, clause, text) of what is up and should not be."""
    began = now - gather.BEFORE
    community_id = gather.found_community(
        "terrace",
        "The Terrace",
        "Ninety minutes, and then the talking.",
        "rupert",
        people,
        policy=(TITLE, RULES),
        now=began,
    )
    members = gather.join_all(community_id, CAST, people, now=began)
    gather.say_threads(community_id, members, BEFORE, now=now - QUIET_SINCE)
    loud = []
    for number, (clause, text) in enumerate(LOUD):
        said = now - _LOUD_SINCE + timedelta(hours=number)
        post = publish.publish_past(community_id=community_id, member_id=members["chuck"], text=text, now=said)
        if can_be_read(community_id, post.post_id):
            loud.append((post.path, clause, text))
    gather.talk(community_id, members, POSTS, now=now - QUIET_SINCE)
    return community_id, members["rupert"], loud
