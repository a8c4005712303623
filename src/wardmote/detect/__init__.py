"""Detection: text in, signals out. Usable alone; imports no Django and reads nothing until the first text.

from wardmote.detect import Screener

screening = Screener.default().screen("some text")
screening.scores["violence.threat"]
"""

from wardmote.detect.contract import Accepts, Coverage, Detector, NotRead, Signal, Span
from wardmote.detect.errors import DataMissing, DetectError, InvalidText, TextError, TextTooLong, WeightsError
from wardmote.detect.explain.counterfactual import Change, smallest_change
from wardmote.detect.models.cascade import CascadeDetector
from wardmote.detect.models.linear import Contribution, Explanation, LinearDetector
from wardmote.detect.perspective import perspective_scale
from wardmote.detect.screener import Screener, Screening

__all__ = [
    "Accepts",
    "CascadeDetector",
    "Change",
    "Contribution",
    "Coverage",
    "DataMissing",
    "DetectError",
    "Detector",
    "Explanation",
    "InvalidText",
    "LinearDetector",
    "NotRead",
    "Screener",
    "Screening",
    "Signal",
    "Span",
    "TextError",
    "TextTooLong",
    "WeightsError",
    "perspective_scale",
    "smallest_change",
]
