"""The catalogues of translations: what is to be translated, what is, and the compiled form that the server reads.

`python -m wardmote.config.i18n.catalogues` brings every catalogue up to date; with `--check` it changes nothing and
says what is wrong. Pure Python, so that nobody needs GNU gettext: the files are what editors of translations read.
"""

from wardmote.config.i18n.catalogues.catalogue import Entry, Key, compiled, read, written
from wardmote.config.i18n.catalogues.found import found
from wardmote.config.i18n.catalogues.update import CATALOGUES, faults, update

__all__ = ["CATALOGUES", "Entry", "Key", "compiled", "faults", "found", "read", "update", "written"]
