"""Lists of known content: hashes in, matches out. Texts exactly or nearly alike, images by their PDQ hashes.

Nothing here keeps a text: of a listed text a hash and a signature stay, from which it cannot be read again.
"""

from wardmote.detect.lists.known.entry import COLUMNS, BadEntry, Entry, Kind, read_entry
from wardmote.detect.lists.known.images import LEAST_QUALITY, WITHIN, ImageList, read_pdq
from wardmote.detect.lists.known.texts import (
    ALIKE,
    SIGNATURE_BYTES,
    Likeness,
    Probe,
    TextList,
    fold,
    signature_of,
    text_hashes,
)

__all__ = [
    "ALIKE",
    "COLUMNS",
    "LEAST_QUALITY",
    "SIGNATURE_BYTES",
    "WITHIN",
    "BadEntry",
    "Entry",
    "ImageList",
    "Kind",
    "Likeness",
    "Probe",
    "TextList",
    "fold",
    "read_entry",
    "read_pdq",
    "signature_of",
    "text_hashes",
]
