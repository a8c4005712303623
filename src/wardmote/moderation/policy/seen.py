"""What somebody who decides had before them, carried by their sheet: what has changed since is not decided blindly."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import noted


class Change(Enum):
    """What a sheet does not know of yet; the value is the sentence that says so."""

    TEXT = noted("The text was changed after you opened this page.")
    GONE = noted("It was deleted after you opened this page.")
    REPORTS = noted("New reports came in after you opened this page.")
    SCORES = noted("It was screened again after you opened this page.")
    CLAUSES = noted("The rules were changed after you opened this page.")


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of a case, or of what an appeal is about. `text`: the hash of the newest text, in hex; `gone`: nothing
    is there any more; `reports`: how many; `screening`, `policy`: the ids of the newest, 0 for none.
    """

    text: str
    gone: bool = False
    reports: int = 0
    screening: int = 0
    policy: int = 0

    def encode(self) -> str:
        """As a form carries it."""
        return f"{self.text}.{int(self.gone)}.{self.reports}.{self.screening}.{self.policy}"

    @classmethod
    def decode(cls, raw: str) -> "Seen | None":
        """None for what no page of ours has sent."""
        text, *rest = raw.split(".")
        if len(rest) != 4 or not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in rest):
            return None
        gone, reports, screening, policy = map(int, rest)
        return cls(text, bool(gone), reports, screening, policy)

    def changes_since(self, before: "Seen") -> tuple[Change, ...]:
        """What is another than it was, the gravest first."""
        told = (
            (Change.TEXT, self.text != before.text),
            (Change.GONE, self.gone and not before.gone),
            (Change.REPORTS, self.reports != before.reports),
            # Another text always has scores of its own.
            (Change.SCORES, self.screening != before.screening and self.text == before.text),
            (Change.CLAUSES, self.policy != before.policy),
        )
        return tuple(change for change, is_so in told if is_so)


class Changed(Conflict):
    """What is to be decided is not what the sheet was written about; nothing is decided."""

    def __init__(self, changes: Sequence[Change]) -> None:
        said = [_(change.value) for change in changes] or [_("This page does not say what you were shown.")]
        super().__init__(" ".join([*said, _("Nothing is decided yet. Look again, then decide.")]))


def check_seen(now: Seen, sheet: str) -> None:
    """Raise Changed unless whoever decides saw what there is now."""
    before = Seen.decode(sheet)
    if before is None:
        raise Changed(())
    if changes := now.changes_since(before):
        raise Changed(changes)
