"""HELM's `scenario_state.json`: one object with a list of request states."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.bodies import SYSTEM, asked_of, extra_of, failure_of
from workbench.importers.content import content_of
from workbench.importers.fields import Fields, kind_of
from workbench.importers.records import Answer, Joined, RecordsImporter, Taken
from workbench.importers.tolerant import RecordError

ENCRYPTED = "encrypted prompt"
_ENCRYPTED = re.compile(r"\[encrypted_text_\d+\]")


class Helm(RecordsImporter):
    """The prompt is what the model was sent, examples and all; an encrypted one is known by its id alone."""

    key = "helm"
    title = "HELM scenario state (JSON)"
    suffixes = (".json",)
    why = "a HELM scenario state with its request states"
    inside = ("request_states",)

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An instance with its request."""
        return "instance" in record and "request" in record

    def answers(self, fields: Fields, joined: Joined) -> Taken:
        """One answer a completion; requests that failed are rejected."""
        instance, request, result = (_object(fields, name) for name in ("instance", "request", "result"))
        if result.get("success") is False or "completions" not in result:
            raise RecordError(failure_of(result) or "the call failed")
        asked = asked_of(
            fields, "request", {key: value for key, value in request.items() if value not in (None, "", [])}
        )
        trial = fields.label("train_trial_index") or "0"
        identity = fields.checked_label("instance.id", instance.get("id"))
        record = f"{identity or fields.label('request_mode') or '?'} trial {trial}"
        hidden = _ENCRYPTED.search(asked.prompt or "") is not None
        flags = [ENCRYPTED] if hidden else [SYSTEM] if asked.system else []
        time = fields.checked_label("result.request_datetime", result.get("request_datetime"))
        completions = result["completions"]
        if not isinstance(completions, list):
            raise RecordError(f"`result.completions` is {kind_of(completions)}, not a list")
        for at, completion in enumerate(completions):
            where = f"result.completions.{at}"
            if not isinstance(completion, dict):
                raise RecordError(f"`{where}` is {kind_of(completion)}, not an object")
            content = content_of(fields, where, completion, "text").without_thoughts()
            yield Answer(
                content.text,
                None if hidden else asked.prompt,
                record if hidden else None,
                asked.model,
                record,
                str(at),
                time,
                (*content.flags, *flags),
                extra_of(content, asked._replace(model=None), split=instance.get("split")),
            )


def _object(fields: Fields, name: str) -> Mapping[str, Json]:
    value = fields.record.get(name)
    if not isinstance(value, dict):
        raise RecordError(
            f"`{name}` is {kind_of(value)}, not an object" if value is not None else f"`{name}` is missing"
        )
    return value
