"""The API's reference page, in Markdown, made from its OpenAPI description: `python -m` this module prints it."""

import json
import sys
from typing import Any

_INTRODUCTION = """# The moderation API

Made from the document at `/openapi.json` by `python -m wardmote.edges.moderation_api.reference`; a test fails when it
is out of date.
Why it is as it is: [decisions](../decisions/the-moderation-api.md). Coming from
[Perspective](../howto/migrate-from-perspective.md) or from [OpenAI's endpoint](../howto/migrate-from-openai.md).
"""


_ALIKE = 8
"""An object with more fields than this, all of one type, is shown as a map."""


def render(description: dict[str, Any]) -> str:
    """The whole page."""
    parts = [_INTRODUCTION, description["info"]["description"] + "\n", _KEYS]
    for path, methods in description["paths"].items():
        parts += [_operation(method, path, operation) for method, operation in methods.items()]
    parts.append(_refusals(description["paths"]))
    parts.append("## Shapes\n\n`?` marks what may be absent, `[T]` a list, `{name: T}` a map.\n")
    parts += [_schema(name, schema) for name, schema in description["components"]["schemas"].items()]
    return "\n".join(parts)


_KEYS = """A key is sent as `Authorization: Bearer KEY`, as `?key=KEY`, or as `X-Goog-Api-Key: KEY`.
Answers say what it has left: `x-ratelimit-limit-requests`, `x-ratelimit-remaining-requests` and
`x-ratelimit-reset-requests` by the minute, and the same with `texts` by the day.
"""


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"## `{method.upper()} {path}`", "", operation["summary"], ""]
    lines += [
        f"- `{parameter['name']}` (in the {parameter['in']}): {parameter.get('description', 'required.')}"
        for parameter in operation.get("parameters", ())
    ]
    request = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if request:
        lines.append(f"- asked with {_named(request['schema'])}")
    lines.append(f"- answered with {_named(operation['responses']['200']['content']['application/json']['schema'])}")
    refusals = ", ".join(status for status in operation["responses"] if status != "200")
    shape = operation["responses"]["400"]["content"]["application/json"]["schema"]
    lines += [f"- refused with {refusals} and {_named(shape)}", ""]
    return "\n".join(lines)


def _refusals(paths: dict[str, Any]) -> str:
    found = {
        status: answer["description"]
        for methods in paths.values()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        if status != "200"
    }
    rows = "\n".join(f"| {status} | {words} |" for status, words in sorted(found.items()))
    return f"## Refusals\n\n| status | |\n|---|---|\n{rows}\n"


def _named(schema: dict[str, Any]) -> str:
    name = schema["$ref"].rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _schema(name: str, schema: dict[str, Any]) -> str:
    return f"### {name}\n\n```\n{_type(schema, 1)}\n```\n"


def _type(schema: dict[str, Any], depth: int = 0) -> str:
    """A shape in short: `?` marks what may be absent, `[T]` a list, `{name: T}` a map."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "oneOf" in schema and "properties" not in schema:
        return " | ".join(_type(each) for each in schema["oneOf"])
    kind = schema.get("type", "any")
    if kind == "array":
        most = f" (at most {schema['maxItems']:,})" if "maxItems" in schema else ""
        return f"[{_type(schema['items'])}]{most}"
    if kind == "object":
        return _object(schema, depth)
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _object(schema: dict[str, Any], depth: int) -> str:
    properties = schema.get("properties", {})
    if not properties:
        inner = schema.get("additionalProperties")
        return f"{{name: {_type(inner)}}}" if isinstance(inner, dict) else "object"
    required = schema.get("required", ())
    if len(properties) > _ALIKE and len({json.dumps(each) for each in properties.values()}) == 1:
        return f"{{each category: {_type(next(iter(properties.values())))}}}"
    fields = [f"{name}{'' if name in required else '?'}: {_type(each)}" for name, each in properties.items()]
    return "{\n  " + "\n  ".join(fields) + "\n}" if depth else "{" + ", ".join(fields) + "}"


if __name__ == "__main__":
    from wardmote.edges.moderation_api.openapi import document

    sys.stdout.write(render(document("", communities=True)))
