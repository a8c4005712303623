"""The closed lists behind `targets.py`, all folded: days and months, kinds of place, titles, what is never a name."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


WEEKDAYS = {
    "monday": 1,
    "tuesday": 2,
    "wednesday": 3,
    "thursday": 4,
    "friday": 5,
    "saturday": 6,
    "sunday": 7,
    "montag": 1,
    "dienstag": 2,
    "mittwoch": 3,
    "donnerstag": 4,
    "freitag": 5,
    "samstag": 6,
    "sonnabend": 6,
    "sonntag": 7,
}
"""Name to ISO number."""

_ENGLISH = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
MONTHS = {
    **{name[:3]: number for number, name in enumerate(_ENGLISH, 1)},
    **{name: number for number, name in enumerate(_ENGLISH, 1)},
    "sept": 9,
    "januar": 1,
    "februar": 2,
    "märz": 3,
    "mai": 5,
    "juni": 6,
    "juli": 7,
    "oktober": 10,
    "dezember": 12,
}
"""Name to number."""

STREETS = _listed(
    """
    street st road rd avenue ave lane drive square boulevard blvd way highway court terrace crescent alley row
    """
)

PUBLIC_PLACES = _listed(
    """
    airport arena bank barracks bridge capitol cathedral cemetery church clinic college courthouse embassy gym hall
    hospital hotel kindergarten library mall market mosque museum nursery park parliament plaza port prison school
    shrine square stadium station statehouse synagogue temple theater theatre university
    """
)
"""Kinds of place that a town has few of: with or without a name, people know which one is meant."""

PLACES = _listed(
    """
    address apartment bar basement building bus cafe camp car class classroom club corner door driveway factory farm
    festival field flat front garage garden gate gates home house job kitchen meeting office parade party porch pub
    rally restaurant room shop stage store train work workplace yard
    """
)
"""Kinds of place that are anybody's."""

WHERE = _listed("at in outside inside near behind around opposite to into toward towards from by")
WHERE_NAMED = _listed("at in outside inside near behind around opposite")
"""After these a name is a place's; after "to" and "from" it may as well be a person's."""

ARTICLES = _listed("the a an his her their your our my its that this these those")

TITLES = _listed(
    """
    mr mrs ms miss dr prof professor judge justice senator sen congressman congresswoman representative rep mayor
    governor gov president minister chancellor sheriff officer sergeant captain general chief principal director
    pastor priest rabbi imam bishop father sister coach councillor councilman councilwoman commissioner herr frau
    bürgermeister bürgermeisterin richter richterin
    """
)

DONE_TO_PEOPLE = _listed(
    """
    ambush attack beat behead bomb burn choke crucify drown execute find get gut hang harm hunt hurt ice kidnap kill
    killing knife lynch murder poison punch shoot shooting shot slap slit smash stab stabbing strangle torture visit
    waste whack whip
    """
)
"""A capitalised word after one of these is somebody."""

NEVER_A_NAME = (
    frozenset([*WEEKDAYS, *MONTHS])
    | DONE_TO_PEOPLE
    | _listed(
        """
        i i'm i'll i've i'd we we'll we're you you'll you're he he'll he's she she'll she's it it's they they'll
        they're the a an this that these those my your his her its our their and or but so if when while then there
        here now today tonight tomorrow all any some every everybody everyone somebody someone nobody anybody anyone
        no not yes what who whom whose which why how where is are was were be been will would shall should can could
        may might must do does did don't have has had let let's lets just only even also too very never always again
        still yet in on at to of for from by with without after before into onto over under about against as up down
        out off get got go going come make take give see say tell think know want need look stop wait please thanks
        thank one two three first last next new old more most other another people man men woman women kid kids guy
        guys god jesus christ lord lol lmao omg wtf fyi btw tv usa us uk eu un america american americans english
        german christian muslim jew jewish black white asian democrat democrats republican republicans antifa maga
        nazi nazis internet twitter facebook youtube google der die das und ich du er sie es wir ihr ein eine nicht
        """
    )
)
"""Words that may be written with a capital and are nobody's name."""
