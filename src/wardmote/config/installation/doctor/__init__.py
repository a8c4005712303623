"""`wardmote doctor`: look at everything that keeps an installation from working, change nothing, say what mends it."""

import os
from pathlib import Path

from wardmote.config import boot
from wardmote.config.installation.doctor.finding import Finding, State, fault
from wardmote.kernel.errors import WardmoteError

__all__ = ["Finding", "State", "examine"]


def examine(*, send_mail_to: str = "") -> list[Finding]:
    """Look at everything, in the order in which a start would meet it. Mail is sent only where an address is given."""
    folder = Path(os.environ.get("WARDMOTE_HOME") or "var").absolute()
    if not (folder / "keys").is_dir():
        # Reading the settings makes the keys of a home that has none: a look must not do that.
        mend = "make an installation with: wardmote init, or set WARDMOTE_HOME to where one is"
        return [fault("home", f"there is no installation in {folder}", mend)]
    try:
        boot.setup(changing_nothing=True)
    except WardmoteError as error:
        return [fault("settings", str(error), "correct it in the environment, or in settings.env in the home folder")]
    # Most of it reads tables, which are known only now.
    from wardmote.config.installation.doctor.round import check_everything

    return check_everything(send_mail_to)
