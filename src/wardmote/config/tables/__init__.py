"""What pages and exports show, held against what was committed: the tables of every domain beside the record."""

from wardmote.config.tables.compare import Comparison, Difference, compare

__all__ = ["Comparison", "Difference", "compare"]
