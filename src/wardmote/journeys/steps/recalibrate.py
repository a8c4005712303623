"""A correction of the shipped scores: taken into use by the one who runs the installation, and taken back."""

import logging
import os
import tempfile
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from wardmote.detect import Screener
from wardmote.detect.statistics.recalibrate import BadCorrection, Correction
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.urn import SYSTEM
from wardmote.ledger import Json
from wardmote.record import operations as record

log = logging.getLogger(__name__)


def correction_file() -> Path:
    """Where the correction lies that is in use; a backup of the home has it too."""
    return Path(settings.WARDMOTE_HOME) / "correction.json"


def accept(*, data: bytes, shipped: Screener, now: datetime) -> Correction:
    """Take a correction into use, in place of the one before; every process sees it with its next text.

    Invalid where the file holds none, or one for other detectors than these.
    """
    try:
        correction = Correction.read(data)
    except BadCorrection as error:
        raise Invalid(str(error), field="file") from None
    if correction.screener != shipped.fingerprint:
        raise Invalid(
            f"it corrects the screener {correction.screener}, and {shipped.fingerprint} screens here", field="file"
        )
    if unknown := sorted(set(correction.factors) - set(shipped.categories)):
        raise Invalid(f"no detector scores {', '.join(unknown)}", field="file")
    factors: dict[str, Json] = {
        name: {"slope": slope, "shift": shift} for name, (slope, shift) in correction.factors.items()
    }
    facts: dict[str, Json] = {
        "file_hash": correction.digest,
        "screener": correction.screener,
        "becomes": correction.apply(shipped).fingerprint,
        "decisions": correction.decisions,
        "factors": factors,
    }
    with transaction.atomic(durable=True):
        record.append(now=now, actor=SYSTEM, verb="screening.corrected", subject=SYSTEM, community=None, facts=facts)
        # Last, so that what cannot be recorded is not used.
        _put(correction_file(), data)
    return correction


def drop(*, now: datetime) -> str:
    """Take the correction out of use, also a broken one; gives its file's SHA-256. NotFound where there is none."""
    try:
        data = correction_file().read_bytes()
    except FileNotFoundError:
        raise NotFound("No correction is in use.") from None
    digest = Correction.digest_of(data)
    with transaction.atomic(durable=True):
        record.append(
            now=now,
            actor=SYSTEM,
            verb="screening.correction_dropped",
            subject=SYSTEM,
            community=None,
            facts={"file_hash": digest},
        )
        correction_file().unlink()
    return digest


def stored() -> Correction | None:
    """The correction that was accepted, whether it fits the detectors or not. Conflict where its file is broken."""
    try:
        seen = correction_file().stat()
    except FileNotFoundError:
        return None
    try:
        return _read(correction_file(), (seen.st_ino, seen.st_mtime_ns, seen.st_size))
    except (BadCorrection, OSError) as error:
        raise Conflict(f"{correction_file()}: {error}") from None


def in_use(shipped: Screener) -> Correction | None:
    """The correction that was accepted, where it was made for exactly these detectors; another is warned of once."""
    try:
        correction = stored()
    except Conflict as error:
        _warn(str(error))
        return None
    if correction is not None and correction.screener != shipped.fingerprint:
        _warn(other_version(correction, shipped))
        return None
    return correction


def other_version(correction: Correction, shipped: Screener) -> str:
    """What is said of a correction that these detectors cannot use."""
    return f"it is for the screener {correction.screener} and not for {shipped.fingerprint}, so it is ignored"


def corrected(shipped: Screener) -> Screener:
    """The detectors as they are to be asked."""
    correction = in_use(shipped)
    return shipped if correction is None else _applied(shipped, _Same(correction))


class _Same:
    """A correction, alike by the digest of its file: what it holds cannot be hashed."""

    def __init__(self, correction: Correction) -> None:
        self.correction = correction

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.correction.digest == self.correction.digest

    def __hash__(self) -> int:
        return hash(self.correction.digest)


@lru_cache(maxsize=2)
def _applied(shipped: Screener, same: _Same) -> Screener:
    return same.correction.apply(shipped)


@lru_cache(maxsize=8)
def _warn(line: str) -> None:
    """Once a process for each line, and not with each text."""
    log.warning("correction of scores: %s", line)


@lru_cache(maxsize=2)
def _read(path: Path, stamp: tuple[int, int, int]) -> Correction:  # noqa: ARG001 - the stamp tells one file from the next
    return Correction.read(path.read_bytes())


def _put(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".correction-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
