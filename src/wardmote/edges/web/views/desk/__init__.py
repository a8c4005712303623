"""The owner's desk: who moderates, the rules, the face, who may join, and the members."""
