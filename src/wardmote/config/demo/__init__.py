"""A small installation with something on every page: two communities, a cast, their posts, a few cases."""

from wardmote.config.demo.load import PASSWORD, load

__all__ = ["PASSWORD", "load"]
