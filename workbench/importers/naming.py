"""The model that a record names, where no answer could be read from it: whose failed call it was."""

from __future__ import annotations

from workbench.core.model import Json

_NAMES = (
    "returned_model", "response_model", "provided_model_name", "providedModelName", "model", "model_name", "model_id",
    "generator", "requested_model",
)  # fmt: skip
_WITHIN = ("response", "response_body", "body", "result", "message", "request", "request_body", "params")
_DEEPEST = 3
_LONGEST = 500


def model_named(record: Json, depth: int = 0) -> str | None:
    """The name of a model in the fields that formats have for it, the reply's before the request's; None without."""
    if not isinstance(record, dict) or depth > _DEEPEST:
        return None
    for name in _NAMES:
        value = record.get(name)
        if isinstance(value, str) and value.strip():
            return value[:_LONGEST]
    inside = (model_named(record.get(name), depth + 1) for name in _WITHIN)
    return next(filter(None, inside), None)
