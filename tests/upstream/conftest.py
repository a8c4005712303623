from tests.hosting.conftest import desk, elsewhere, log, site
from tests.web.conftest import browser

__all__ = ["browser", "desk", "elsewhere", "log", "site"]
