"""Feeds the reader of looked-at pages with whatever a coverage-guided fuzzer thinks of. Run it as `docs/howto/fuzz.md`
says.

Any bytes must be text, any text must be read, in time in proportion to its length, and say something of the post.
"""

import sys
import time
from importlib import import_module

atheris = import_module("atheris")
with atheris.instrument_imports(include=["wardmote.hosting.policy", "wardmote.outside.charset", "justhtml"]):
    from wardmote.hosting.policy.recheck import Page, compare
    from wardmote.outside.charset import decoded

TEXT = "I will be at your door on Friday, and you will be sorry."
LABELS = ("", "utf-8", "windows-1251", "shift_jis", "utf-16", "iso-2022-jp", "punycode", "big5")
SECONDS = 2.0
"""Instrumented code is slow, and 4,000 bytes are few."""


def read(data: bytes) -> None:
    """Read the bytes as a page, its first byte choosing the header; raise where a promise is broken."""
    body = data[1:]
    began = time.process_time()
    text = decoded(body, header=LABELS[data[0] % len(LABELS)] if data else "")
    text.encode()
    look = compare(TEXT, Page(200, text))
    assert look.why
    assert compare(TEXT, Page(200, f"<p>{TEXT}</p>{text}")).finding == "up"
    assert time.process_time() - began < SECONDS


def main() -> None:
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
