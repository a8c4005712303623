import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.moderations.live import Live

CLIENTS = Path(os.environ.get("WARDMOTE_NPM_CLIENTS", ""))
"""A folder in which somebody ran: npm install perspective-api-client openai"""


@pytest.mark.skipif(
    not (shutil.which("node") and (CLIENTS / "node_modules" / "perspective-api-client").is_dir()),
    reason="needs node, and WARDMOTE_NPM_CLIENTS naming a folder with perspective-api-client and openai from npm",
)
def test_the_npm_clients_work_unchanged(live: Live) -> None:
    """Scores, a batch, the models, and errors as each client's own."""
    script = Path(__file__).with_name("clients.mjs")
    run = subprocess.run(
        ["node", str(script), live.url, live.key, str(CLIENTS)], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)

    assert said["perspective"]["value"] > 0.5
    assert said["perspectiveRefused"] == "Unknown requested attribute: NONSENSE"
    assert said["flagged"] == [True, False]
    assert "omni-moderation-latest" in said["models"]
    assert (said["image"], said["badKey"]) == ("image_input_not_supported", 401)
