"""The catalogues of translations: what is to be translated, what is, and the compiled form that the server reads.

`python -m wardmote.config.texts` brings every catalogue up to date; with `--check` it changes nothing and says what is
wrong. Pure Python, so that nobody needs GNU gettext: the files are the ones that every editor for translations reads.
"""

from wardmote.config.texts.catalogue import Entry, Key, compiled, read, written
from wardmote.config.texts.found import found
from wardmote.config.texts.update import CATALOGUES, faults, update

__all__ = ["CATALOGUES", "Entry", "Key", "compiled", "faults", "found", "read", "update", "written"]
