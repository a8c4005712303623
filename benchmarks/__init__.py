"""Figures that anybody can repeat: `make bench`, or `make bench B=screen`; `SIZE=full` for the big ones."""
