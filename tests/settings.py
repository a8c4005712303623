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

from wardmote.config.settings import *  # noqa: F403 - the home must be named first

# Hashing a password is slow on purpose; no test attacks the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The test client asks at the port that needs no name.
WARDMOTE_PORT = 80
