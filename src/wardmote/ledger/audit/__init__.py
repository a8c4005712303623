"""The check of a whole log: `fsck` walks a `LogReader` and returns a `Report` of every `Fault`."""

from wardmote.ledger.audit.erasures import Contents, named
from wardmote.ledger.audit.faults import Fault, Kind
from wardmote.ledger.audit.reader import Extent, LogReader, StoredCheckpoint, StoredDisclosure, StoredEntry
from wardmote.ledger.audit.walk import Progress, Report, fsck

__all__ = [
    "Contents",
    "Extent",
    "Fault",
    "Kind",
    "LogReader",
    "Progress",
    "Report",
    "StoredCheckpoint",
    "StoredDisclosure",
    "StoredEntry",
    "fsck",
    "named",
]
