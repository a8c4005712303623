"""The body of `POST /v1/moderations`, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wardmote.edges.moderation_api.openai.models import NAMES
from wardmote.edges.moderation_api.openai.refusals import invalid
from wardmote.edges.moderation_api.wire import BATCH_LIMIT, Refusal

_FIELDS = frozenset({"input", "model"})


@dataclass(frozen=True, slots=True)
class Moderate:
    """The texts to be judged, one result each."""

    texts: tuple[str, ...]


def read_moderate(content: Any) -> Moderate:
    """The request in `content`; Refusal as OpenAI would word it."""
    if not isinstance(content, Mapping):
        raise invalid("The body must be a JSON object.", None, "invalid_type")
    for name in content:
        if name not in _FIELDS:
            raise invalid(f"Unknown parameter: '{name[:60]}'.", name[:60], "unknown_parameter")
    model = content.get("model")
    if model is not None and not isinstance(model, str):
        raise invalid("Invalid type for 'model': expected a string.", "model", "invalid_type")
    if model is not None and model not in NAMES:
        raise Refusal(404, f"The model '{model[:60]}' does not exist here.", code="model_not_found", field="model")
    return Moderate(_texts(content.get("input")))


def _texts(given: Any) -> tuple[str, ...]:
    if given is None:
        raise invalid("Missing required parameter: 'input'.", "input", "missing_required_parameter")
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, list):
        raise invalid("Invalid type for 'input': expected a string or a list.", "input", "invalid_type")
    if not given:
        raise invalid("Invalid 'input': the list is empty.", "input", "empty_array")
    if len(given) > BATCH_LIMIT:
        message = f"Invalid 'input': {len(given):,} entries; at most {BATCH_LIMIT:,} are taken at once."
        raise invalid(message, "input", "array_above_max_length")
    if all(isinstance(each, str) for each in given):
        return tuple(given)
    if isinstance(given[0], str):
        number = next(place for place, each in enumerate(given) if not isinstance(each, str))
        raise invalid(
            f"Invalid type for 'input[{number}]': expected a string, as before it.", f"input[{number}]", "invalid_type"
        )
    # Parts of one thing that is judged as a whole.
    return ("\n".join(_part(each, f"input[{number}]") for number, each in enumerate(given)),)


def _part(part: Any, where: str) -> str:
    if not isinstance(part, Mapping):
        raise invalid(f"Invalid type for '{where}': expected strings alone, or parts alone.", where, "invalid_type")
    kind = part.get("type")
    if kind == "image_url":
        message = "Images are not judged here: no model reads them. Send the text parts alone."
        raise invalid(message, where, "image_input_not_supported")
    if kind != "text":
        raise invalid(f"Invalid value for '{where}.type': expected 'text'.", f"{where}.type")
    if not isinstance(part.get("text"), str):
        raise invalid(f"Invalid type for '{where}.text': expected a string.", f"{where}.text", "invalid_type")
    return str(part["text"])
