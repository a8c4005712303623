"""What was said before this week. One post a line, who says it first; a line that begins with > answers the thread."""

from collections.abc import Iterator

PLAZA = """
bob: The allotment waiting list is open again. Fourteen years, they say, but the first two go quickly.
> erin: I have been on it for nine. I now know everybody ahead of me, and they are all in rude health.
> carol: My plot has a spare corner, if you can live with nettles and my opinions.
dave: I killed it at the quiz last night. Forty points, and I finally knew the capital of Burkina Faso.
> bob: You did. I died laughing when you spelled it.
carol: In the paper: two men charged after the fight at the station; one is in hospital with a broken jaw.
> erin: I was on the platform. Somebody shouted “I will kill you”, and twenty people rang the police at once.
> alice: If you saw it, they still look for witnesses. The number is on the notice board.
erin: Rehearsal moved to Tuesday, because on Monday the hall belongs to the chess club and its glaring.
> dave: They do not glare. They calculate.
alice: Who has a ladder of four metres? The clock on the old hall has stopped at ten to three.
> bob: I have one. Is there honey still for tea?
> alice: There is, if you come before ten to three.
mallory: The new one-way street is the dumbest idea this council ever had.
> carol: You drive round the block. I walk it with two bags. I like it.
> mallory: Fair. I still hate it.
> alice: Both of you, please, say that on the 30th. It is on the table.
bob: Second place in the marrow contest. First place went to a marrow that had plainly been fed something.
> dave: Bob, it had your name on it. You entered two.
carol: Minister has brought me half a mouse. I did not ask which half.
> erin: He thinks you cannot hunt. He is a kind cat.
dave: Saturday night the Leonids, if the clouds let us. Meet at the water tower at eleven, bring a blanket.
> bob: I saw three and a plane.
> erin: I saw eleven and fell asleep on the twelfth.
erin: The word they shouted at my neighbour on the bus was “vermin”. She has lived here for thirty years.
> alice: I am sorry. Tell her that the ward is hers, and that I will gladly go with her to report it.
> carol: I would have wanted to sit next to her. I will ride with her tomorrow, if she likes.
alice: The school crossing has a date: the third week of March. It is in writing, and I have it.
> mallory: I will believe it when I trip over it.
bob: My sister’s lasagne is to die for. I say this as her main critic.
> carol: Recipe, or it did not happen.
> bob: She would murder me.
dave: Is the swimming bath warm again? Last week we were eleven brave people and one sensible person.
> carol: Twenty-six degrees today. The sensible person has come in.
carol: The bookshop on Rope Lane closes in the spring. She asks for nothing but that we come and buy.
> erin: I went for one book and have carried nine home. My arms are killing me.
> dave: I took the atlas with the wrong rivers. It is beautiful.
erin: Does anybody repair accordions? Mine has developed a view of its own about the key of D.
> bob: The man behind the tyre shop. He fixed my father’s, and would not take money, only eggs.
mallory: Whoever fixed the swing in the park: thank you. My daughter says it is now the best swing in the world.
> dave: That was the men’s shed. I will tell them. They will pretend not to care.
> alice: This is the nicest thing that I have read this week.
bob: The film club shows a war film on Friday: bombs, trenches, and a very long goodbye. Bring tissues.
> carol: Does the dog die?
> bob: The dog lives.
> carol: Then I come.
alice: If somebody writes to you that they do not want to live any more: stay with them, and ring the helpline.
> erin: Thank you for this. It helped my brother. It is all right to ask it straight out.
dave: Found on bench 88: one glove, left, knitted, with a small lighthouse on the thumb.
> carol: Mine! The other one has the sea.
carol: Chess in the library, Wednesdays. I was slaughtered by a boy of nine, who then explained it to me kindly.
> bob: He did the same to me. He said “you attack like a goose”.
erin: The bus company answered. The last 7 goes at 23:40 again, from the first of the month.
> mallory: About time. I have walked that hill in the rain often enough.
> bob: We should hug whoever wrote that letter. Erin, was it you?
> erin: It was forty of us. I had the stamps.
mallory: I was out of order about the referee’s eyes last month. He sees well enough. He only sees wrongly.
> bob: That is the noblest thing that you have ever written.
alice: Lime blossom tea, first pressing, at the hall. It tastes like a warm afternoon, and a little like soap.
> dave: It tastes wholly like soap. I had three cups.
dave: The tram depot comes down on the 9th. I have four hundred photographs, and one brick, by permission.
> bob: Whose permission?
> dave: The brick’s.
bob: Somebody tell the youth orchestra that they were excellent, and that the trombone can be heard in my kitchen.
> carol: The trombone can be heard in mine, and I live across the river.
carol: Translation wanted: my grandmother’s letters are in a German hand that looks like a fence in the wind.
> erin: Bring them to choir. Two of our altos read the old script, and one of them cries beautifully.
"""

HARBOUR = """
frank: Gate left open again. Three geese in the chandlery, one of them on the till.
> olivia: Did it give change?
> peggy: It bit the accountant. I have mixed feelings.
grace: Seven degrees. Nine in, nine out. I cannot feel my opinions.
> olivia: I watched from the wall with a bun. I salute you all.
olivia: The pilot boat has a new engine. It sounds like an old man who has at last been listened to.
> frank: Eighty more horses, and half the smoke.
peggy: Who borrowed the long gaff from shed four? Nobody is cross. The gaff is missed.
> grace: I have it. I used it to get a kite down. I will bring it with cake.
> peggy: Then keep it until the cake is ready.
frank: Gale warning from midnight, nine from the south-west. Double your lines and look at your neighbour’s.
> olivia: Doubled mine and the Marigold’s. Her owner is in hospital; somebody should feed the parrot.
> grace: I have the parrot. It swears in two languages.
> frank: In three. You have not met it before breakfast.
grace: The drowned sailors’ stone has been cleaned. One can read all the names again. There are four children.
> peggy: My great-aunt is the third. Thank you for doing it by hand.
olivia: The customs men shot a drum of diesel to stop it drifting. It was the most exciting Tuesday since the crane.
> peggy: The crane was a Thursday.
peggy: Net-mending for beginners on Sunday. You will leave with a net, or at least with fewer holes.
> olivia: I left with more holes, but they are mine.
frank: To those who throw bottles off the mole at night: children swim there. Please think.
> grace: We will go down with bags on Saturday at eight. Gloves are here.
> olivia: Coming, with my nephew, who is four and very strict.
grace: Old trawler, day 240. A heron has moved in on the bridge. He pays as much as the owner does.
> frank: The owner has written. He asks whether the heron could steer.
olivia: The ferry to the islands is full on Friday. Take the early one, it has the better soup.
> peggy: It has MY soup.
peggy: Regatta: the committee has decided that the greasy pole stays. Applause, please, and bring plasters.
> frank: I broke two ribs on it in my youth and would do it again.
> grace: As your moderator I must ask you not to.
frank: Low water at 12:20, the lowest this year. One can walk out to the wreck and be back for lunch.
> olivia: Walked out. Was not back for lunch. The wreck is magnificent.
grace: A man from the city asked me whether the tide is free of charge. I said: only until six.
> peggy: You will be murdered in your bed by the tourist board.
> grace: They love me there. I send them geese.
"""


def posts(text: str) -> Iterator[tuple[str, str] | tuple[str, str, int]]:
    """Each as (author, text), or (author, text, number of the post that began the thread)."""
    began = 0
    for number, line in enumerate(filter(None, text.splitlines())):
        author, said = line.removeprefix("> ").split(": ", 1)
        if line.startswith("> "):
            yield author, said, began
        else:
            began = number
            yield author, said
