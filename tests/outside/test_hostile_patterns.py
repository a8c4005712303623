"""Patterns that strangers' texts are held against take time in proportion to the text."""

import time

from wardmote.edges.moderation_api.sentences import sentences
from wardmote.jobs.policy import describe


def seconds(length: int) -> float:
    began = time.process_time()
    describe(ValueError("a." * length))
    sentences("?!" * length + "a")
    return time.process_time() - began


def test_one_long_word_is_read_once() -> None:
    """A mail server's answer and a text of nothing but signs: ten times as long is no hundred times as dear."""
    assert seconds(40_000) < 0.2 + 40 * seconds(4_000)


def test_addresses_are_still_taken_out_of_what_is_kept() -> None:
    """Also in brackets, and two in one line."""
    error = ValueError("550 <bob@example.org>: no such box, nor carol@example.org")

    assert describe(error) == "ValueError: 550 <<address>>: no such box, nor <address>"


def test_sentences_end_where_they_did() -> None:
    """Signs in a row end one sentence; a dot within a word ends none."""
    text = 'Well?! "Go." He went… to example.org. そう。いや！'

    assert [text[begin:end] for begin, end in sentences(text)] == [
        "Well?!",
        '"Go."',
        "He went…",
        "to example.org.",
        "そう。",
        "いや！",
    ]
