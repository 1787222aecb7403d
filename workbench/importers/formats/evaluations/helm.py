"""HELM's `scenario_state.json`: one object with a list of request states."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.bodies import SYSTEM, Reply, Request, extra_of, failure_of, flagged, request_of
from workbench.importers.messages.content import content_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

ENCRYPTED = "encrypted prompt"
_ENCRYPTED = re.compile(r"\[encrypted_text_\d+\]")
_HIDDEN_ANSWER = "the answer is encrypted: decrypt the run with HELM's own program first"


class Helm(RecordsImporter):
    """The prompt is what the model was sent, examples and all; an encrypted one is known by its id alone."""

    key = "helm"
    title = "HELM scenario state (JSON)"
    suffixes = (".json",)
    why = "a HELM scenario state with its request states"
    places = (("request_states",),)

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An instance with its request."""
        return "instance" in record and "request" in record

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a completion; requests that failed are rejected."""
        instance, request, result = (_object(fields, name) for name in ("instance", "request", "result"))
        if result.get("success") is False or "completions" not in result:
            raise RecordError(failure_of(result) or "the call failed")
        asked = _request(fields, request)
        record = _name(fields, instance)
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
            if _ENCRYPTED.fullmatch(content.text):
                yield RecordError(_HIDDEN_ANSWER)
                continue
            finish = completion.get("finish_reason")
            content = flagged(Reply(content), finish.get("reason") if isinstance(finish, dict) else finish).content
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


def _request(fields: Fields, request: Mapping[str, Json]) -> Request:
    given = {key: value for key, value in request.items() if value not in (None, "", [])}
    media = given.get("multimodal_prompt")
    objects = media.get("media_objects") if isinstance(media, dict) else None
    if "prompt" not in given and isinstance(objects, list):
        given["messages"] = [{"role": "user", "content": [_part(one) for one in objects]}]
    return request_of(fields, "request", given)


def _part(media: Json) -> Json:
    """One of the objects of a prompt that is not only text, as others write it."""
    if not isinstance(media, dict) or isinstance(media.get("text"), str):
        return media
    return {"type": str(media.get("content_type", "?")).partition("/")[0]}


def _name(fields: Fields, instance: Mapping[str, Json]) -> str:
    """What is known of a request without its prompt: the instance, how it was changed, and the trial."""
    identity = fields.checked_label("instance.id", instance.get("id")) or fields.label("request_mode") or "?"
    changed = instance.get("perturbation")
    if isinstance(changed, dict):
        name = fields.checked_label("instance.perturbation.name", changed.get("name"))
        identity = f"{identity} {name or 'perturbed'}"
    reference = fields.label("reference_index")
    if reference is not None:
        identity = f"{identity} reference {reference}"
    return f"{identity} trial {fields.label('train_trial_index') or '0'}"


def _object(fields: Fields, name: str) -> Mapping[str, Json]:
    value = fields.record.get(name)
    if not isinstance(value, dict):
        raise RecordError(
            f"`{name}` is {kind_of(value)}, not an object" if value is not None else f"`{name}` is missing"
        )
    return value
