"""Langfuse observations: what an application sent to a model and got back, among its other steps."""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from workbench.core.collection_times import split_settings
from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import Request, failure_of, opened_json, reply_of, request_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_ENCODED = 3


class Langfuse(RecordsImporter):
    """Exported observations in either spelling, or a trace with its own; only generations hold answers.

    What a trace itself says of its input and output is never paired with them.
    """

    key = "langfuse"
    title = "Langfuse observations (JSON, JSON lines or CSV)"
    suffixes = (".jsonl", ".json", ".csv")
    tables = True
    why = "Langfuse observations with type, trace id, input and output"
    places = ((), ("observations",))

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A type and a trace id, with input and output; or a trace with observations."""
        inside = record.get("observations")
        if isinstance(inside, list) and inside and "input" in record:
            return isinstance(inside[0], dict) and self.knows(inside[0])
        traced = "trace_id" in record or "traceId" in record
        started = "start_time" in record or "startTime" in record
        return traced and started and all(name in record for name in ("type", "input", "output"))

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a generation."""
        inside = fields.record.get("observations")
        if not isinstance(inside, list):
            yield from self._of_observation(fields)
            return
        for at, one in enumerate(inside):
            try:
                if not isinstance(one, dict):
                    raise RecordError(f"`observations.{at}` is {kind_of(one)}, not an object")
                yield from self._of_observation(Fields(one, fields.flags))
            except RecordError as refused:
                yield refused

    def _of_observation(self, fields: Fields) -> Taken:
        record = fields.record
        kind = fields.label("type") or "?"
        if kind.upper() != "GENERATION":
            raise RecordError(f"an observation of type {kind[:40]} holds no answer of a model")
        output = _decoded(fields, "output", record.get("output"))
        if output is None or record.get("level") == "ERROR":
            words = _either(fields, "status_message", "statusMessage")
            raise RecordError(failure_of({"error": words}) or "`output` is null: there is no answer in it")
        asked = _request(fields, _decoded(fields, "input", record.get("input")))
        replied = reply_of(fields, "output", _body(output))
        model = _either(fields, "provided_model_name", "providedModelName") or fields.label("model")
        time = _either(fields, "start_time", "startTime")
        yield from answers_of(asked, replied, model=model, record=fields.label("id"), time=time)


def _decoded(fields: Fields, path: str, value: Json) -> Json:
    """A value that was encoded as JSON once, or twice; an empty cell of a table, or `null` in it, is nothing."""
    if value in ("", "null"):
        return None
    for _ in range(_ENCODED):
        if isinstance(value, str) and value[:1] == value[-1:] == '"' and len(value) > 1:
            try:
                value = orjson.loads(value)
            except ValueError:
                return value  # words in quotes
        else:
            value = opened_json(fields, path, value)
    return value


def _body(output: Json) -> Json:
    """The output as a reply has it: applications hand over whole replies, messages, or what stands in one."""
    if isinstance(output, list):
        if output and all(isinstance(part, dict) and "role" not in part and "type" in part for part in output):
            return {"message": {"content": output}}
        output = output[0] if len(output) == 1 else output
    if not isinstance(output, dict) or output.get("type") == "message":
        return output
    if isinstance(output.get("parts"), list):
        return {"candidates": [{"content": output}]}
    return {"message": output} if "content" in output and "choices" not in output else output


def _request(fields: Fields, given: Json) -> Request:
    request = given if isinstance(given, dict) and "role" not in given else {"input": given}
    stated = opened_json(fields, "model_parameters", _first(fields, "model_parameters", "modelParameters"))
    settings, _ = split_settings(stated)
    prompt, system, own, model = request_of(fields, "input", request)
    return Request(prompt, system, own | settings if isinstance(settings, dict) else own, model)


def _first(fields: Fields, *names: str) -> Json:
    for name in names:
        value = fields.record.get(name)
        if value is not None:
            return value
    return None


def _either(fields: Fields, *names: str) -> str | None:
    for name in names:
        label = fields.label(name)
        if label:
            return label
    return None
