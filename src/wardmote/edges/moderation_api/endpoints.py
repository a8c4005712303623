"""One function an address: the request's JSON in, the answer's JSON out. Refusals are raised."""

from collections.abc import Callable, Generator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wardmote.detect import Screener, TextError
from wardmote.edges.moderation_api import screen
from wardmote.edges.moderation_api.auth import Admission, Authenticator
from wardmote.edges.moderation_api.coverage import Coverage
from wardmote.edges.moderation_api.languages import detect
from wardmote.edges.moderation_api.openai import models
from wardmote.edges.moderation_api.openai.answer import answer_moderate
from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.edges.moderation_api.openai.request import read_moderate
from wardmote.edges.moderation_api.perspective.answer import answer_analyze
from wardmote.edges.moderation_api.perspective.request import Suggestion, read_analyze, read_suggestion
from wardmote.edges.moderation_api.screen import Rulebook
from wardmote.edges.moderation_api.wire import Head, Refusal, read_json
from wardmote.people.policy import Terms

PIECE = 10
"""Texts that are examined in one go: with `explain` about half a second's work, and another key waits no longer."""

Work = Generator[None, None, dict[str, Any]]
"""An answer that is made in pieces; between them others may have their turn."""


def ends_piece(number: int, of: int) -> bool:
    """Whether others may have their turn before the text of this number; before the first of several, too, since how
    much it is was not known until now."""
    return of > 1 and number % PIECE == 0


def no_communities(slug: str, _terms: Terms) -> Rulebook:
    """The rules of a server that knows no communities."""
    raise invalid(f"This server knows no community '{slug[:60]}'.", "community", "unknown_community")


@dataclass(frozen=True, slots=True)
class Dependencies:
    """What the answers are made from. `keep_suggestion` is None where suggestions are not kept."""

    screener: Screener
    coverage: Coverage
    authenticator: Authenticator
    now: Callable[[], datetime]
    rules: Callable[[str, Terms], Rulebook] = no_communities
    keep_suggestion: Callable[[Suggestion, Terms], None] | None = None


@dataclass(slots=True)
class Asked:
    """A request that was let in; `admission` is replaced when texts are counted."""

    dependencies: Dependencies
    head: Head
    admission: Admission
    content: Any = None

    def spend(self, texts: Sequence[Sized]) -> None:
        """Count texts, and the characters of all of them, against what the key is granted."""
        characters = sum(map(len, texts))
        now = self.dependencies.now()
        self.admission = self.dependencies.authenticator.spend(self.admission, len(texts), now, characters=characters)

    def scores(self, text: str, where: str) -> Mapping[str, float]:
        """The scores of one text; `where` it lies in the request is for the refusal."""
        try:
            return self.dependencies.screener.scores(text)
        except TextError as error:
            code = "string_above_max_length" if "characters" in str(error) else "invalid_text"
            raise invalid(f"Invalid '{where}': {error}.", where, code) from None


def analyze(asked: Asked) -> dict[str, Any]:
    """Perspective's `comments:analyze`. Nothing of it is kept, whatever `doNotStore` says."""
    wanted = read_analyze(asked.content, asked.dependencies.coverage, asked.dependencies.screener)
    asked.spend([wanted.text])
    return answer_analyze(wanted, asked.dependencies.coverage, lambda text: asked.scores(text, "comment.text"))


def suggest_score(asked: Asked) -> dict[str, Any]:
    """Perspective's `comments:suggestscore`: a label for somebody to review."""
    if asked.dependencies.keep_suggestion is None:
        raise Refusal(501, "This server keeps no suggestions; start it with --labels FILE.", code="not_kept")
    suggestion = read_suggestion(asked.content)
    asked.spend([suggestion.text])
    asked.dependencies.keep_suggestion(suggestion, asked.admission.terms)
    return {"clientToken": suggestion.client_token} if suggestion.client_token else {}


def moderate(asked: Asked) -> Work:
    """OpenAI's `/v1/moderations`."""
    wanted = read_moderate(asked.content)
    asked.spend(wanted.texts)
    single = len(wanted.texts) == 1
    screener = asked.dependencies.screener
    scores, languages = [], []
    for number, text in enumerate(wanted.texts):
        if ends_piece(number, len(wanted.texts)):
            yield
        scores.append(asked.scores(text, "input" if single else f"input[{number}]"))
        languages.append(None if screener.covered(text) else detect(text, screener).first)
    return answer_moderate(scores, languages, asked.dependencies.coverage)


def list_models(asked: Asked) -> dict[str, Any]:
    """`GET /v1/models`."""
    return models.listing(asked.dependencies.coverage, asked.dependencies.screener.fingerprint)


def show_model(asked: Asked) -> dict[str, Any]:
    """`GET /v1/models/NAME`."""
    name = asked.head.path.rpartition("/")[2]
    if name not in models.NAMES:
        raise Refusal(404, f"The model '{name[:60]}' does not exist here.", code="model_not_found", field="model")
    return models.model(name, asked.dependencies.coverage, asked.dependencies.screener.fingerprint)


def screen_batch(asked: Asked) -> Work:
    """`POST /v1/screen`: one text is answered or refused as a whole; in a batch each text by itself."""
    batch = screen.read_batch(asked.content)
    rules = rules_for(asked, batch.wishes)
    asked.spend([entry.text for entry in batch.entries])
    if batch.single:
        results = [_examine(asked, batch.entries[0], rules, batch.wishes)]
    else:
        results = []
        for number, entry in enumerate(batch.entries):
            if ends_piece(number, len(batch.entries)):
                yield
            results.append(_result(asked, entry, rules, batch.wishes))
    return about(asked, rules) | {"results": results}


def rules_for(asked: Asked, wishes: screen.Wishes) -> Rulebook | None:
    """The policy that the request names, or that its key is for; None for none."""
    if not wishes.community and not asked.admission.terms.realm:
        return None
    return asked.dependencies.rules(wishes.community, asked.admission.terms)


def about(asked: Asked, rules: Rulebook | None) -> dict[str, Any]:
    """What an answer says of itself: which detectors, under which policy."""
    detectors = [{"name": name, "version": version} for name, version in asked.dependencies.screener.versions]
    content: dict[str, Any] = {"screener": asked.dependencies.screener.fingerprint, "detectors": detectors}
    return content | ({"policy": rules.named()} if rules else {})


def screen_line(asked: Asked, line: bytes, rules: Rulebook | None, wishes: screen.Wishes) -> dict[str, Any]:
    """One line of a stream; a line that cannot be read or examined is answered in its place."""
    entry = None
    try:
        asked.spend([line])
        entry = screen.read_line(line)
        return _examine(asked, entry, rules, wishes)
    except Refusal as refusal:
        if refusal.status == 429:
            raise
        return screen.refused(entry, refusal)


def _result(asked: Asked, entry: screen.Entry, rules: Rulebook | None, wishes: screen.Wishes) -> dict[str, Any]:
    try:
        return _examine(asked, entry, rules, wishes)
    except Refusal as refusal:
        return screen.refused(entry, refusal)


def _examine(asked: Asked, entry: screen.Entry, rules: Rulebook | None, wishes: screen.Wishes) -> dict[str, Any]:
    dependencies = asked.dependencies
    return screen.examine(
        entry, screener=dependencies.screener, coverage=dependencies.coverage, rules=rules, explain=wishes.explain
    )


def read(asked: Asked, body: bytes) -> None:
    """Take the JSON of the body; what asks for nothing may have none."""
    asked.content = read_json(body) if body else None
