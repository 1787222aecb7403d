"""MLflow's traces: spans whose inputs and outputs are JSON in an attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.formats.call_logs.spans import attributes_of, time_of
from workbench.importers.messages.bodies import opened_json, reply_of, request_of
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_TYPE, _INPUTS, _OUTPUTS = "mlflow.spanType", "mlflow.spanInputs", "mlflow.spanOutputs"
_CALLS = ("CHAT_MODEL", "LLM")


class MlflowTraces(RecordsImporter):
    """One answer a span that is the call of a model; other spans are rejected."""

    key = "mlflow"
    title = "MLflow traces (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "MLflow traces with their spans"
    documents = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """What is known of a trace, and its spans with MLflow's attributes."""
        spans = list(_spans(record))
        return bool(spans) and any(_TYPE in attributes_of(span) for span in spans)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """The answers of a trace."""
        found = list(_spans(fields.record))
        if not found:
            raise RecordError("there is no span in it")
        for span in found:
            try:
                yield from _answers(fields, span)
            except RecordError as refused:
                yield refused


def _spans(record: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    data = record.get("data")
    listed = data.get("spans") if isinstance(data, dict) else record.get("spans")
    yield from (span for span in (listed if isinstance(listed, list) else []) if isinstance(span, dict))


def _answers(fields: Fields, span: Mapping[str, Json]) -> Iterator[Answer | RecordError]:
    said = attributes_of(span)
    kind = str(opened_json(fields, _TYPE, said.get(_TYPE)) or "?").strip('"')
    if kind not in _CALLS:
        raise RecordError(f"a span of the type {kind[:40]} holds no answer of a model")
    given, got = (opened_json(fields, name, said.get(name)) for name in (_INPUTS, _OUTPUTS))
    if got is None:
        raise RecordError(f"`{_OUTPUTS}` is missing: there is no answer in it")
    request = request_of(fields, _INPUTS, given if isinstance(given, dict) else {"input": given})
    names = ("span_id", "context.span_id")
    own = next((fields.checked_label(name, span[name]) for name in names if span.get(name)), None)
    body = reply_of(fields, _OUTPUTS, got)
    yield from answers_of(request, body, model=request.model, record=own, time=time_of(fields, span))
