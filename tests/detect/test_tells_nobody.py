"""Detection sends nothing to anybody, and leaves nothing in the user's folders but what it compiled."""

import os
import subprocess
import sys
from pathlib import Path

_SCREEN = "from wardmote.detect.models.cascade import CascadeDetector as C; C.shipped().language._session"


def test_the_language_model_keeps_no_events_for_its_runtimes_maker(tmp_path: Path) -> None:
    """onnxruntime would begin a store of events, with an id of the device, where it is first imported."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    subprocess.run([sys.executable, "-c", _SCREEN], env=environment | {"HOME": str(tmp_path)}, check=True)

    assert not [path for path in tmp_path.rglob("*") if "onnx" in path.name or path.name == "deviceid"]
