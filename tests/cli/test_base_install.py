import subprocess
import sys

import pytest

from wardmote.edges.cli.main import main

pytestmark = pytest.mark.alike_on_both

WITHOUT_SERVER = """
import sys
from importlib.abc import MetaPathFinder

class NoServer(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "granian", "allauth", "psycopg", "cryptography"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, NoServer())
from wardmote.edges.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize("arguments", [["version"], ["detect", "--help"], ["--help"], ["record", "--help"]])
def test_the_command_does_not_import_the_server_to_say_what_it_can(arguments: list[str]) -> None:
    """Neither version nor help imports Django."""
    code = (
        "import sys\nfrom wardmote.edges.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print('django' in sys.modules, 'numba' in sys.modules)"
    )
    done = run_python(code, *arguments)

    assert done.stdout.splitlines()[-1] == "False False"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["worker"],
        ["migrate"],
        ["jobs", "list"],
        ["init", "--domain", "example.org"],
        ["doctor"],
        ["backup", "FILE"],
        ["restore", "FILE"],
    ],
)
def test_a_server_command_on_a_base_install_says_what_to_install(arguments: list[str]) -> None:
    """Without Django and granian the command is one line, not a traceback."""
    done = run_python(WITHOUT_SERVER, *arguments)

    assert done.returncode == 1
    assert done.stderr.strip() == "wardmote: this command needs the server: install wardmote[server]"


def test_the_version_is_told_on_a_base_install() -> None:
    """The version needs nothing of the server."""
    done = run_python(WITHOUT_SERVER, "version")

    assert done.returncode == 0
    assert done.stdout.startswith("Wardmote ")


def test_no_command_is_a_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    """The bare command shows its usage and fails with status 2."""
    with pytest.raises(SystemExit) as exit_info:
        main([])

    assert exit_info.value.code == 2
    assert "usage: wardmote" in capsys.readouterr().err
