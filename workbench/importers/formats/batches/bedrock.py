"""Amazon Bedrock: the results of batches, and the log of invocations; the bodies are those of many makers."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import failure_of, opened_json, reply_of, request_of
from workbench.importers.messages.server_sent_events import body_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError


class BedrockBatch(RecordsImporter):
    """One line a record of the batch; what failed is rejected with the service's words."""

    key = "bedrock_batch"
    title = "Amazon Bedrock batch results (JSON lines)"
    suffixes = (".jsonl.out", ".jsonl")
    why = "results of a Bedrock batch, with modelInput and modelOutput"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A model's input with its output or an error."""
        return isinstance(record.get("modelInput"), dict) and ("modelOutput" in record or "error" in record)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a reply."""
        record = fields.record
        if record.get("error") or record.get("modelOutput") is None:
            raise RecordError(failure_of(record) or "`modelOutput` is missing: there is no answer in it")
        request = request_of(fields, "modelInput", record.get("modelInput"))
        replied = reply_of(fields, "modelOutput", record["modelOutput"])
        yield from answers_of(request, replied, record=fields.label("recordId"))


class BedrockLog(RecordsImporter):
    """The log of invocations, by InvokeModel or Converse; streams are put together."""

    key = "bedrock_log"
    title = "Amazon Bedrock invocation log (JSON lines)"
    suffixes = (".json", ".jsonl", ".json.gz")
    why = "a log of Bedrock invocations"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """The schema's name, or a model's id beside input and output."""
        if record.get("schemaType") == "ModelInvocationLog":
            return True
        both = isinstance(record.get("input"), dict) and isinstance(record.get("output"), dict)
        return both and "modelId" in record and "operation" in record

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a reply; where texts lie in a file of their own, the record is rejected."""
        record = fields.record
        given, got = record.get("input"), record.get("output")
        if record.get("errorCode"):
            raise RecordError(f"the call failed: {fields.label('errorCode')}")
        if not isinstance(given, dict) or not isinstance(got, dict):
            raise RecordError(f"`output` is {kind_of(got)}: there is no answer in it")
        asked, replied = (_body(fields, side, own) for side, own in (("input", given), ("output", got)))
        request = request_of(fields, "input", asked)
        model = fields.label("modelId")
        yield from answers_of(
            request if request.model else request._replace(model=_bare(model)),
            reply_of(fields, "output", replied),
            model=_bare(model),
            record=fields.label("requestId"),
            time=fields.label("timestamp"),
        )


def _body(fields: Fields, side: str, held: Mapping[str, Json]) -> Json:
    name = f"{side}BodyJson"
    if held.get(name) is None:
        place = held.get(f"{side}BodyS3Path")
        where = "in a file of its own in S3" if place else "not in the log"
        raise RecordError(f"the {'prompt' if side == 'input' else 'answer'} is {where}")
    body = opened_json(fields, f"{side}.{name}", held[name])
    if isinstance(body, list):
        return body_of(iter(body)) or body
    return body


def _bare(model: str | None) -> str | None:
    """The model's name without the address of an account's own copy of it."""
    return model.rpartition("/")[2] if model and model.startswith("arn:") else model
