"""A small installation with something on every page: two communities, a cast, their posts, a few cases."""

from wardmote.config.demo.broken_off import broken_off, clear_away, clear_away_alone
from wardmote.config.demo.load import PASSWORD, load

__all__ = ["PASSWORD", "broken_off", "clear_away", "clear_away_alone", "load"]
