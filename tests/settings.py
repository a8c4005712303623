"""The product's settings in a home folder of the test run's own."""

import atexit
import os
import shutil
import tempfile

if "WARDMOTE_HOME" not in os.environ or os.environ.get("WARDMOTE_TEST_HOME") is None:
    # Workers of a parallel run inherit both variables, so one folder serves them all and its maker removes it.
    os.environ["WARDMOTE_HOME"] = os.environ["WARDMOTE_TEST_HOME"] = tempfile.mkdtemp(prefix="wardmote-test-")

    def _remove(maker: int = os.getpid(), home: str = os.environ["WARDMOTE_HOME"]) -> None:
        if os.getpid() == maker:
            shutil.rmtree(home, ignore_errors=True)

    atexit.register(_remove)

if _worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # What one test does to its home, a demonstration that is being loaded above all, is nothing to another.
    os.environ["WARDMOTE_HOME"] = os.path.join(os.environ["WARDMOTE_TEST_HOME"], _worker)  # noqa: PTH118 - as above
    os.makedirs(os.environ["WARDMOTE_HOME"], exist_ok=True)  # noqa: PTH103

from wardmote.config.settings import *  # noqa: F403 - the home must be named first

# Hashing a password is slow on purpose; no test attacks the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The test client asks at the port that needs no name.
WARDMOTE_PORT = 80
