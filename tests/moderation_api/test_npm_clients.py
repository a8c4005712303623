import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.moderation_api.live import Live

HERE = Path(__file__).parent

pytestmark = [pytest.mark.alike_on_both, pytest.mark.requires("node")]


@pytest.fixture(scope="module")
def said(live: Live, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What OpenAI's client for node and perspective-api-client, as they come from npm, got from the server."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copytree(HERE / "npm", folder, dirs_exist_ok=True)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    command = ["node", str(HERE / "clients.mjs"), live.url, live.key, live.narrow, live.slow, str(folder)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr
    content: dict[str, Any] = json.loads(run.stdout)
    return content


def test_perspectives_client_works_unchanged(said: dict[str, Any]) -> None:
    """Scores and spans; a refusal is the client's own error with our words."""
    assert said["perspective"]["value"] > 0.5
    assert said["perspectiveSpans"] == 2
    assert said["perspectiveRefused"] == "Unknown requested attribute: NONSENSE"
    assert said["perspectiveEmpty"] == "TextEmptyError"
    assert said["perspectiveBadKey"] == 403


def test_openais_client_works_unchanged(said: dict[str, Any]) -> None:
    """One text, a batch, text parts, a hundred; the models."""
    assert (said["flagged"], said["parts"], said["hundred"]) == ([True, False], [True], 100)
    assert "omni-moderation-latest" in said["models"]
    assert said["model"] == "model"


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("image", ["BadRequestError", 400, "image_input_not_supported"]),
        ("badKey", ["AuthenticationError", 401, "invalid_api_key"]),
        ("noScope", ["PermissionDeniedError", 403, "missing_scope"]),
        ("noModel", ["NotFoundError", 404, "model_not_found"]),
        ("noSuchModel", ["NotFoundError", 404, "model_not_found"]),
        ("tooMany", ["BadRequestError", 400, "array_above_max_length"]),
        ("tooLong", ["APIError", 413, "body_too_large"]),
        ("tooOften", ["RateLimitError", 429, "rate_limit_exceeded"]),
    ],
)
def test_each_refusal_is_an_error_of_openais_client(said: dict[str, Any], asked: str, error: list[Any]) -> None:
    """Of the class that a program catches, with the status and our code."""
    assert said[asked] == error


def test_openais_client_tries_again_where_it_helps(said: dict[str, Any]) -> None:
    """A server that is busy is asked again; a day's quota that is spent is not."""
    assert said["busy"] == [2, True]
    assert said["spent"] == [1, "RateLimitError", 429, "insufficient_quota"]
