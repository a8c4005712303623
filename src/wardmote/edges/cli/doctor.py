"""`wardmote doctor`: what is wrong, and what mends it."""

import argparse
import json

from wardmote.edges.cli.failure import FAILED
from wardmote.edges.cli.server import load


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `doctor` to the command."""
    parser = subparsers.add_parser("doctor", help="look at names, mail, disk, clock, database, keys, record and jobs")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--send-mail-to", default="", metavar="ADDRESS", help="also send a message there")
    parser.set_defaults(handler=examine)


def examine(options: argparse.Namespace) -> int:
    """Print every finding; status 1 where there is a fault."""
    findings = load("wardmote.config.installation.doctor", "examine")(send_mail_to=options.send_mail_to)
    faults = sum(finding.state == "fault" for finding in findings)
    if options.json:
        rows = [{"check": f.check, "state": f.state, "found": f.found, "mend": f.mend} for f in findings]
        print(json.dumps({"faults": faults, "findings": rows}, indent=1, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.state:<8}{finding.check:<12}{finding.found}")
            if finding.mend:
                print(f"{'':<20}→ {finding.mend}")
    return FAILED if faults else 0
