"""`wardmote import posts|reports FILE --community NAME`: what was written elsewhere comes in like the rest."""

import argparse
from pathlib import Path

from wardmote.edges.cli.importing.posts import import_posts
from wardmote.edges.cli.importing.reports import import_reports

_FILE = "FILE.jsonl|.csv|.parquet"
ROWS_IN_CELLS = "take quoted cells of CSV as they are, even where lines within them look like rows (default: refuse)"


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import` to the command."""
    parser = subparsers.add_parser("import", help="bring in posts and reports from another platform")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    posts = kinds.add_parser("posts", help="columns: id, author, text, created_at, and reply_to where there is one")
    reports = kinds.add_parser(
        "reports", help="columns: item, reporter, reason, created_at, and comment if there is one"
    )
    for each, command in ((posts, import_posts), (reports, import_reports)):
        each.add_argument("file", type=Path, metavar=_FILE)
        each.add_argument("--community", required=True, metavar="NAME", help="the community's short name")
        each.add_argument("--rows-in-cells", action="store_true", help=ROWS_IN_CELLS)
        each.set_defaults(handler=command)
    posts.add_argument("--source", default="", metavar="NAME", help="where the posts stood (default: the file's name)")
    reports.add_argument("--source", default="", metavar="NAME", help="the source under which the posts came in")
