from tests.hosting.conftest import desk, elsewhere, log, site

__all__ = ["desk", "elsewhere", "log", "site"]
