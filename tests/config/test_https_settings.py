import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("https", "said"), [("yes", "False 127.0.0.0/8 ::1/128"), ("no", "True")])
def test_what_goes_with_https(tmp_path: Path, https: str, said: str) -> None:
    """With TLS in front passkeys insist on it, and a proxy on this machine is believed; without, neither."""
    script = (
        "from wardmote.config import settings as s;"
        "print(s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, *s.WARDMOTE_TRUSTED_PROXIES)"
    )
    environment = os.environ | {
        "WARDMOTE_HOME": str(tmp_path / "home"),
        "WARDMOTE_HTTPS": https,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == said
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
