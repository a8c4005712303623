from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.detect import Screener
from wardmote.edges.moderation_api import languages
from wardmote.edges.moderation_api.languages import Detected, base
from wardmote.edges.moderation_api.sentences import sentences

SCREENER = Screener.default()


def detect(text: str) -> Detected:
    return languages.detect(text, SCREENER)


@pytest.mark.parametrize(
    "text",
    [
        "yo hamburger",
        "lol",
        "ok",
        "Hi!",
        "🌳🌳🌳",
        "",
        "12345",
        "omg haha dude",
        "ya ben you no good",
        "LMAO la la land",
    ],
)
def test_a_short_text_is_taken_for_english(text: str) -> None:
    """What Perspective refused as Turkish or Romanian can be judged here."""
    assert detect(text).first == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich bin nicht sicher, ob das wirklich eine gute Idee ist.", "de"),
        ("No sé por qué todos dicen que esto es muy bueno para mi.", "es"),
        ("Je ne suis pas sûr que ce soit une bonne idée pour nous.", "fr"),
        ("Non sono sicuro che questo sia il modo di fare.", "it"),
        ("Привет", "ru"),
        ("これは日本語の文章です", "ja"),
        ("你好世界", "zh"),
        ("안녕하세요", "ko"),
        ("مرحبا بالعالم", "ar"),
        ("நான் உன்னை கொன்றுவிடுவேன்", "ta"),
        ("আমি তোমাকে মেরে ফেলব", "bn"),
        ("నేను నిన్ను చంపేస్తాను", "te"),
        ("ഞാൻ നിന്നെ കൊല്ലും", "ml"),
        ("હું તને મારી નાખીશ", "gu"),
        ("ਮੈਂ ਤੈਨੂੰ ਮਾਰ ਦਿਆਂਗਾ", "pa"),
        ("මම ඔයාව මරනවා", "si"),
        ("ငါ မင်းကို သတ်မယ်", "my"),
        ("ខ្ញុំនឹងសម្លាប់អ្នក", "km"),
        ("እገድልሃለሁ", "am"),
        ("Ես քեզ կսպանեմ", "hy"),
        ("მე მოგკლავ", "ka"),
        ("Tôi biết bạn sống ở đâu và tôi sẽ giết bạn", "vi"),
        ("Vím, kde bydlíš, a zabiju tě.", "cs"),
        ("Znam gdje živiš i ubit ću te večeras.", "hr"),
        ("Ninajua unapoishi na nitakuua usiku huu", "sw"),
        ("Papatayin kita ngayong gabi", "tl"),
        ("Ich bring dich um.", "de"),
        ("Du bist tot.", "de"),
    ],
)
def test_another_language_that_shows_itself_is_named(text: str, language: str) -> None:
    """A sentence with its own common words, or another script."""
    assert detect(text).first == language


def test_what_a_doubtful_text_might_be_is_said_second() -> None:
    """English first, because it can be judged; then what it looked like."""
    found = detect("la la land").languages
    assert found[0] == "en"
    assert len(found) == 2


@given(st.text())
def test_every_text_has_a_language(text: str) -> None:
    """One or two codes, whatever is in it."""
    assert 1 <= len(detect(text).languages) <= 2


@pytest.mark.parametrize(("tag", "code"), [("en-GB", "en"), ("EN", "en"), ("pt_BR", "pt"), (" de ", "de")])
def test_a_tag_is_read_by_its_language(tag: str, code: str) -> None:
    """Region and case do not matter."""
    assert base(tag) == code


@given(st.text())
def test_sentences_do_not_overlap_and_lose_no_word(text: str) -> None:
    """In order, none empty, and between them nothing but white space."""
    spans = sentences(text)
    kept = "".join(text[begin:end] for begin, end in spans)

    assert all(begin < end for begin, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join(kept.split()) == "".join(text.split())
