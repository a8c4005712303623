"""`python -m wardmote`, and the `wardmote` command."""

import sys


def main() -> None:
    """Run the command and leave with its status."""
    from wardmote.edges.cli.main import main as run

    sys.exit(run())


if __name__ == "__main__":
    main()
