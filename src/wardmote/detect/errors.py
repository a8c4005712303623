"""What can go wrong when text is examined or a model is made.

DetectError              a WardmoteError: one clear sentence
├── TextError            the caller's text
│   ├── InvalidText      not Unicode text: a lone surrogate, broken UTF-8, not a string
│   └── TextTooLong      more characters than the detector accepts
├── WeightsError         the weights file is absent, damaged, made for another version, or cannot be written
└── DataMissing          the training data is not where WARDMOTE_DATA or --data says, or not in this installation
"""

from wardmote.kernel.errors import WardmoteError


class DetectError(WardmoteError):
    """Base of everything that `wardmote.detect` raises on purpose; the message is one clear line."""


class TextError(DetectError, ValueError):
    """The text given cannot be examined."""


class InvalidText(TextError):
    """The text is not well-formed Unicode."""


class TextTooLong(TextError):
    """The text has more characters than the detector accepts."""


class WeightsError(DetectError):
    """The weights cannot be used."""


class DataMissing(DetectError):
    """The data that training or evaluation reads cannot be found."""
