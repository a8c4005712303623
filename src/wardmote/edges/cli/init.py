"""`wardmote init`: make a real installation, and say what to do next."""

import argparse
import sys
from getpass import getpass

from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.cli.server import load

NEXT = """\
{domain} is made. Its settings are in {home}/settings.env, its keys in {home}/keys: nobody else may read them.

What is left to do:
{steps}
"""
DNS = "DNS: point {domain} and {host_domain} at this machine."
TLS = """\
TLS: Wardmote answers in plain HTTP at 127.0.0.1:{port}. Put a web server with a certificate in front, which
     passes the Host header on, sets X-Forwarded-Proto and adds to X-Forwarded-For. The whole of it for Caddy:

       {domain}, {host_domain} {{
           reverse_proxy 127.0.0.1:{port}
       }}"""
RULES = "Rules: the policy is a first draft. Read and change it at {origin}/owner/rules.\n{mail}"
START = """\
Start:  WARDMOTE_HOME={home} wardmote run
     Check:  WARDMOTE_HOME={home} wardmote doctor
     Keep:   WARDMOTE_HOME={home} wardmote backup FILE"""
SIGN_IN = "Sign in at {origin} as {email}; your handle is @{handle}."
HOST = """\
Host:   you are also the host's staff. At {host_origin}/host/ publish what the host asks of its communities, enrol
     {domain}, and accept it at {origin}/owner/. A suspension takes three people: wardmote host add ADDRESS"""
HERE = (RULES, START, SIGN_IN, HOST)
"""For a name below localhost, which is found and safe without a name server or a certificate."""
IN_THE_WORLD = (DNS, TLS, *HERE)
NO_MAIL = """\
     Mail: nothing is sent yet: what would be, codes too, is printed where Wardmote runs. Set WARDMOTE_MAIL in
     settings.env before others sign up.
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `init` to the command."""
    parser = subparsers.add_parser(
        "init", help="make a real installation: keys, tables, first account, first community"
    )
    parser.add_argument(
        "--domain", required=True, metavar="NAME", help="where the first community answers: example.org"
    )
    parser.add_argument("--host-domain", default="", metavar="NAME", help="the host's pages (default: host.DOMAIN)")
    parser.add_argument(
        "--title", default="", help="what the community is called (default: asked for, or made from its domain)"
    )
    parser.add_argument(
        "--owner-email",
        default="",
        metavar="ADDRESS",
        help="who runs host and community; the password comes from stdin",
    )
    parser.add_argument("--handle", default="", metavar="NAME", help="the owner's handle (default: the address's)")
    parser.add_argument(
        "--mail", default="", metavar="URL", help="how mail leaves (default: WARDMOTE_MAIL, or not at all)"
    )
    parser.set_defaults(handler=make_installation)


def make_installation(options: argparse.Namespace) -> int:
    """Ask for what was not given, make it, and say what is next."""
    load("wardmote.config.installation.init", "check_free")()
    make, wish = (load("wardmote.config.installation.init", name) for name in ("make", "Wish"))
    email = options.owner_email or _ask_address()
    title = options.title or _ask_title(options.domain)
    made = make(
        wish(
            domain=options.domain,
            owner_email=email,
            password=_ask_password(),
            title=title,
            host_domain=options.host_domain,
            handle=options.handle,
            mail=options.mail,
        )
    )
    about = {
        "domain": made.domain,
        "host_domain": made.host_domain,
        "home": made.home,
        "port": made.port,
        "origin": made.origin,
        "host_origin": made.origin.replace(made.domain, made.host_domain, 1),
        "handle": made.handle,
        "email": email,
        "mail": "" if made.mails else NO_MAIL,
    }
    steps = IN_THE_WORLD if made.origin.startswith("https:") else HERE
    told = [f"  {n}. {step.format(**about).rstrip()}" for n, step in enumerate(steps, 1)]
    print(NEXT.format(**about, steps="\n".join(told)), end="")
    return 0


def _ask_address() -> str:
    if not sys.stdin.isatty():
        raise CannotStart("say who runs this with --owner-email ADDRESS; the password is then read from standard input")
    return input("E-mail address of the owner: ").strip()


def _ask_title(domain: str) -> str:
    suggested = str(load("wardmote.config.installation.init", "title_for")(domain))
    if not sys.stdin.isatty():
        return suggested
    return input(f"Title of the community [{suggested}]: ").strip() or suggested


def _ask_password() -> str:
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise CannotStart("no password was given: write it to standard input, as one line; nothing was changed")
        return given
    password = getpass("Password: ")
    if getpass("The same again: ") != password:
        raise CannotStart("the two passwords differ; nothing was changed")
    return password
