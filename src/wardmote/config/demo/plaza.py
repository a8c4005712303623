"""What the people of the Plaza say. (author, text) or (author, text, number of the post it answers)."""

from wardmote.moderation.policy import ReportReason

POSTS: tuple[tuple[str, str] | tuple[str, str, int], ...] = (
    (
        "alice",
        "Good morning, Plaza. The fountain runs again after three weeks, and the pigeons have noticed before the rest of us.",
    ),
    ("bob", "Does anybody know whether the Saturday market moves to the north side while they dig up Mill Street?"),
    ("carol", "It does. North side, from seven, and the cheese stall is where the bookseller used to stand.", 1),
    ("bob", "Then I know where to find you.", 2),
    (
        "dave",
        "I have finished the map of every public bench in town. 214 of them, 31 with no shade at all. Who wants to go through it with me before I send it to the council?",
    ),
    ("erin", "Count me in. Could you mark which ones have an armrest? My mother needs one to get up again.", 4),
    ("dave", "Good point, I had not thought of that. I will walk the round again on Sunday.", 5),
    ("mallory", "The referee yesterday was a disgrace. We were robbed, plain and simple."),
    ("bob", "We were robbed by our own back line, if you ask me. Three shots from the same spot!", 7),
    (
        "carol",
        "Reading group on Thursday at eight: we are half-way through the book about the lighthouse keepers. New people welcome, nobody is asked whether they finished it.",
    ),
    ("erin", "Small victory: the library will stay open until nine on weekdays. Thank you to everybody who wrote."),
    ("alice", "This is what writing in can do. Thank you, Erin, for counting the signatures in your kitchen.", 10),
    (
        "dave",
        "Photographing the old tram depot before it goes. If your grandfather drove number 6, I would love to hear from you.",
    ),
    ("bob", "Mine did! He always said the brakes were a matter of opinion.", 12),
    (
        "carol",
        "Lost: one grey cat, answers to Minister, last seen looking down on everybody from the wall behind the bakery.",
    ),
    ("erin", "Minister has been found asleep in the window of the shoe shop. He declined to comment.", 14),
    (
        "alice",
        "A reminder that the ward meeting is on the 30th at seven, in the old hall. On the table: the crossing at the school, the noise from the loading dock, and who waters the lime trees.",
    ),
    ("mallory", "Another meeting. They will talk until midnight and paint one line on the road."),
    ("erin", "Last time they talked until ten and we got the crossing light. Come and be annoyed in person!", 17),
    (
        "dave",
        "Tonight’s sky: Jupiter above the chimney of the brewery from nine, and with any binoculars four of its moons.",
    ),
    ("bob", "First frost on the allotment. The pumpkins are in, the beans are not, and I have been told about it."),
    ("carol", "If you kill the slugs with beer, use the cheap one. They are not connoisseurs.", 20),
    ("alice", "New in the Plaza? Say hello here. Tell us what you miss in this town and what you would fight to keep."),
    ("erin", "I would fight to the last for the lime trees, and for the right to sit under them doing nothing.", 22),
    ("dave", "What I miss: a place to dance that closes later than the bakery opens.", 22),
    ("bob", "The bakery’s new rye bread: a report. Crust excellent, crumb honest, queue terrible."),
    (
        "carol",
        "Somebody has put knitted hats on all the bollards in Rope Lane and I feel much better about everything.",
    ),
    (
        "mallory",
        "Whoever parks across two spaces in front of the clinic every day should be ashamed. People come there who can hardly walk.",
    ),
    ("alice", "Agreed. I have written to the clinic; they will put up a sign.", 27),
    ("erin", "Choir needs basses. You need not read music; you need only be able to tell up from down."),
    ("dave", "I can tell up from down. Down is where I sing.", 29),
    (
        "bob",
        "Shooting all day tomorrow on the hill: twelve extras, one horse, no budget. If you see smoke, it is the film club.",
    ),
    (
        "carol",
        "The council’s answer about the loading dock is four pages long and contains no verb in the future tense.",
    ),
    ("alice", "Then that is what we ask for on the 30th: a verb in the future tense, with a date.", 32),
)

HARBOUR_POSTS: tuple[tuple[str, str] | tuple[str, str, int], ...] = (
    ("frank", "High water at 6:12 and 18:40. The slipway is closed until they have the old trawler off it."),
    ("grace", "She has lain there since March. I have got used to her, to be honest.", 0),
    (
        "olivia",
        "The night ferry brought a bicycle with no owner and an owner with no bicycle. They have been introduced.",
    ),
    ("frank", "Fog signal tests on Monday morning. It is not the end of the world, it only sounds like it."),
    ("grace", "Harbour swimmers: nine degrees this morning. Eleven of us went in, eleven came out, one said a word."),
    ("peggy", "Looking for two hands and a strong back for the regatta weekend. Paid in soup."),
    ("olivia", "Two hands here. The back is negotiable.", 5),
    ("grace", "The harbour office now answers letters. I have one, framed."),
)

MODERATED: tuple[tuple[str, float, float, str, ReportReason, tuple[str, ...]], ...] = (
    (
        "mallory",
        30,
        30,
        "If that referee shows his face here again I will break both his legs, and I know where he parks.",
        ReportReason.THREAT,
        ("carol",),
    ),
    (
        "mallory",
        33,
        2,
        "Bring petrol on Friday and we will burn the council offices down with all of them inside. Share this.",
        ReportReason.INCITEMENT,
        ("carol", "victor", "wendy"),
    ),
    (
        "trudy",
        62,
        62,
        "You people from across the river are vermin and should be driven out of this town.",
        ReportReason.IDENTITY_ATTACK,
        ("carol",),
    ),
    (
        "trudy",
        58,
        58,
        "Dave, you are a pathetic worm and everybody here laughs at your stupid benches. Get lost, you idiot.",
        ReportReason.HARASSMENT,
        ("carol",),
    ),
)
"""What somebody had to look at: who wrote it, how many hours ago, and how many hours ago it was reported, where it was
not held: screened like anything else.

Victor and Wendy have been right before, about other people's posts: what both call a threat is covered meanwhile. They
saw it lately, so that the cover lasts for most of a day, and it was written a while ago, so that it is not among the
first things that a visitor meets once the cover has run out.
"""
