"""`python -m wardmote.config.i18n.catalogues [--check]`."""

import os
import sys

import django


def main() -> int:
    """0 where every text is translated; else 1, with a line for each fault."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wardmote.config.settings")
    django.setup()
    from wardmote.config.i18n import catalogues

    if "--check" not in sys.argv:
        catalogues.update()
    lines = catalogues.faults()
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
