"""More of what was said before this week, in the form that `threads` reads."""

PLAZA = """
wendy: Weather station on the school roof, weekly report: rain on five days, sun on one, and on Thursday nobody could tell.
> dave: I could. It was both, and I was under it.
> wendy: Noted as “Dave: wet”.
victor: On nights at the pharmacy again. Between three and four in the morning this town is mostly cats and one baker.
> bob: The baker says hello. He says you look tired.
> victor: I saw him wave. I thought he was asking for plasters.
craig: The corner shop now takes your old batteries. Not the ones in your car, Bob.
> bob: It was one time.
> craig: It was two men and a trolley.
alice: Minutes of the last ward meeting are up. I have left out the weather, the sandwiches, and what was said about the chairman’s tie.
> wendy: The weather should be in. It was the only thing everybody agreed on.
> mallory: I said nothing about the tie. I said it was brave.
carol: Has anybody a spare copy of the second volume? Mine has met the bath.
> victor: There is one in the waiting room, between two leaflets on blood pressure.
> carol: I will swap you. The bath has improved mine.
dave: Bench number 77 has a plaque for a dog called Senator. I have never been so moved by furniture.
> erin: My mother knew Senator. He sat through every council meeting and growled at the right moments.
> alice: We could use him now.
bob: Rhubarb to give away, as much as you can carry, and I mean that as a challenge.
> craig: Bring me ten bundles, I sell them for the choir.
> erin: The choir accepts rhubarb. The basses have asked for crumble.
erin: We sang at the hospital today. An old man in the second row knew the alto part better than I did.
> wendy: That is my uncle Piet. He sang it for forty years and never forgave the sopranos.
> erin: He told me.
mallory: Bin day has been moved for the third time. Do they throw dice?
> alice: There was a strike at the depot. From next week it is Tuesdays again; I asked.
> mallory: You asked and they answered? I want to be you.
victor: A reminder from the pharmacy: the flu jab needs no appointment on Wednesdays. It takes a minute, and there is a biscuit.
> carol: What sort of biscuit?
> victor: The sort that makes people come twice. We do notice.
craig: Lost property at the shop: one glove, one glove, one glove. All left hands.
> dave: There is a pianist in this town with a terrible secret.
wendy: First swallow over the brewery at 7:42. It circled once, saw the scaffolding, and left again.
> bob: It was not a swallow, it was the bill for the scaffolding.
carol: The reading group has split over the ending. Half of us think he drowned, half of us think he deserved to.
> alice: And who wins?
> carol: Whoever brings the cake on Thursday.
dave: I photographed all eleven letter boxes. Two are painted shut and one has bees.
> victor: Leave the bees. Nobody writes to the tax office anyway.
> wendy: Bees reported to the bee people. They are thrilled.
alice: The lime tree by the fountain gets a brace on Monday. It is a hundred and forty years old and leans like a gossip.
> erin: Will the bench stay? That is where I learn my part.
> alice: The bench stays. I have it in writing.
bob: Film club shows the one with the train tonight. It arrives late, as in life.
> mallory: I liked it. There, I said it. The horse was good.
> bob: I shall have that printed on the poster: “The horse was good.” M., critic.
craig: Somebody pays for their paper every day in the smallest coins there are. I have counted. It is always right.
> carol: That is me. It is good for both of us.
victor: To the young man who fainted at the sight of his own thumb: you left your bicycle. It is in our hall and it is well.
> dave: He is my nephew. He says thank you and asks that nobody mention it.
wendy: Frost warning for the night from Saturday to Sunday. Cover what you love.
> bob: Covered: beans, strawberries, one gnome.
> erin: Covered: my mother.
mallory: They have put a flower tub exactly where I turn the van. Who plans this?
> craig: I do. I asked for it. People kept parking a van there.
> mallory: Well. It is a nice tub.
erin: Whoever left a bag of lemons on my doorstep: who are you, and what do you want me to sing?
> wendy: It was meant for number 14. But keep them, number 14 cannot sing.
carol: A child in the library asked for “the book with the blue cover that was here when I was small”. She is six. We found it.
> alice: This is why the hours matter.
dave: The last number 6 tram is to be scrapped on Friday. I will be there with a thermos and no dignity.
> bob: I will bring my grandfather’s cap.
> victor: I come off the night shift at seven. Keep me a cup.
> dave: There will be a cup.
alice: Council budget, page 41: “Miscellaneous, lime trees”. I have never loved a line so much.
> craig: Page 42: “Miscellaneous, miscellaneous”. That is where the money is.
bob: The heron is back at the allotment pond. He looks at me as though I owed him a fish.
> carol: You do. You promised it in March.
wendy: For those who asked: the loud bang last night was the brewery’s boiler. Nobody is hurt, the beer is safe.
> mallory: In that order, I hope.
> wendy: In that order, officially.
victor: I have been asked forty times today whether it is going round. Yes. It is going round.
> erin: The whole second alto has it. We are a quartet now.
craig: New on the shelf: the tea that Alice keeps asking for. Alice, there are twelve packets. Please leave two.
> alice: I have left three. I am not an animal.
carol: Rope Lane street party: who has trestle tables, who has opinions? We need six of the one.
> dave: Four tables from the tram depot, if nobody asks where they went.
> mallory: I can bring a grill. And an opinion.
> carol: Bring the grill.
mallory: My mother’s key safe was forced last night. Nothing gone, but she is shaken. Look after your doors, Mill Street.
> alice: I am sorry to read that. Does she want company tonight?
> mallory: Erin is with her already. Thank you.
> erin: We are playing cards. She cheats.
dave: Eclipse glasses: I have thirty left over from the last one. First come, first dazzled. Well, not dazzled.
> wendy: Ninety-one per cent at 11:20, if the cloud keeps its word.
bob: My pumpkin has a name, a coach and a training plan. I will say no more before the show.
> carol: Its name is Gerald. It has not been to training.
"""

HARBOUR = """
trent: Pilot’s log: brought in a grain ship backwards today because the captain had a bet on. He won. I am not allowed to say how much.
> frank: The harbour office is allowed to ask.
> trent: A cheese. It was a large cheese.
sybil: The lighthouse museum has a new exhibit: the old lamp, cleaned. It has taken four of us since January and one toothbrush each.
> grace: I polished a corner of that. Third facet from the left. Tell people.
> sybil: There is a small label. It says “Grace”.
peggy: Soup today: fish. Soup tomorrow: what is left of fish. Soup on Thursday: I shall not say.
> olivia: I come on Thursdays for the suspense.
frank: Notice to all berths: the crane is out of order until the part comes from the mainland. The part is called Hans. He has a cold.
> trent: Get well soon, Hans. I have eleven pallets of tiles on my conscience.
olivia: The ferry’s vending machine gave me two coffees for one. I gave the second to a nun. I feel watched over.
> peggy: That was not a nun, that was the captain of the ladies’ eight.
> olivia: She blessed me all the same.
grace: Nine swimmers, seven degrees, one seal. He judged us.
> sybil: He is called the Bailiff, and he judges everybody.
sybil: Found in the lighthouse ledger of 1911: “Wind. Wind. Wind. A visitor, did not stay. Wind.”
> frank: Same as my ledger, but the visitor wanted a receipt.
trent: If you hear seven short blasts this afternoon, that is me teaching my daughter. If you hear eight, she has learnt enough.
> peggy: I counted nine.
> trent: She is gifted.
peggy: The smokehouse is lit. Windows on the quay: shut them or love it.
> grace: We love it. The washing does not.
frank: Berth 14 has paid, after three years, in full and in person. I sat down for a moment.
> trent: I saw you from the bridge. I thought you had been shot.
> frank: I felt like it. In a good way.
olivia: Somebody has repainted the line on the mole that one must not cross. It is now a metre further out. Progress.
> sybil: In 1911 there was no line, and no mole. Think of it.
grace: Rule for the regatta, since it was asked: no, a goose is not crew.
> peggy: Last year’s goose did more than last year’s crew.
> trent: I can confirm the goose held the rope.
sybil: School class at the lamp today. A boy asked who switches on the sea in the morning. I said Frank.
> frank: At 5:40. On Sundays at six.
trent: Thick as wool out there. Nothing goes in or out before noon; go home and be nice to somebody.
> olivia: I was nice to the man at the barrier. He asked what I wanted.
peggy: I have been offered a restaurant on the mainland. I said I would have to ask the pot. The pot said no.
> grace: Long live the pot.
> frank: The harbour office has voted. The pot stays.
olivia: Bicycle update: the man and the bicycle have moved in together. The ferry takes the credit.
> sybil: The museum would like the bicycle bell, in time.
frank: To whoever fishes off the fuel jetty at night: one spark and we are all in the ledger. Please, the other side.
> trent: I second this, from the ship with the petrol.
grace: The geese have taken the tennis court. They play from the base line.
> peggy: I can hear them disputing the calls.
sybil: Volunteers wanted to count the steps of the lighthouse. We have three numbers, and each is sworn to.
> trent: 198.
> olivia: 201, and I cried on the last three.
> frank: 199. One was repaired.
trent: The new radar shows everything, the gulls, the rain, and a thing by the third buoy that the manual does not explain.
> grace: That is the Bailiff.
peggy: Thank you to everybody who carried chairs in the storm. The tent is in the next county, but the chairs are all here.
> olivia: The tent is on the heron’s trawler. He has made a conservatory of it.
frank: Winter timetable from Sunday. It is the summer timetable with the nice ones crossed out.
> sybil: And in 1911: “Boat. No boat. No boat. Boat.”
"""
