"""promptfoo's results, as JSON, JSON lines, or the CSV that its page and its command write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workbench.core.model import Json
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.messages.bodies import SYSTEM, extra_of, failure_of, request_of
from workbench.importers.messages.content import as_text
from workbench.importers.reading.csv_rows import header_of_head, records_of_rows
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken, taken
from workbench.importers.reading.sample import begins_with
from workbench.importers.reading.tolerant_parse import RecordError
from workbench.importers.reading.window import Window

_PROVIDER = re.compile(r"\[(?P<provider>[^\]\n]{2,200})\] (?P<prompt>.*)", re.DOTALL)
_STATUS = re.compile(r"\[(?P<status>PASS|FAIL|ERROR)\](?: \((?P<score>-?\d+(?:\.\d+)?)\) )? ?(?P<rest>.*)", re.DOTALL)
_VARIABLE = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
_REASON = "\n---\n"
"""Stands between the reason of a failed check and the answer."""


class Promptfoo(RecordsImporter):
    """An answer counts whatever the checks say of it; a call that failed is rejected with its error."""

    key = "promptfoo"
    title = "promptfoo results (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "results of promptfoo, with provider, prompt, vars and response"
    places = (("results", "results"), ("results",), ())

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A provider and variables beside a prompt that is there as it was sent."""
        prompt = record.get("prompt")
        sent = isinstance(prompt, dict) and "raw" in prompt
        return sent and "provider" in record and "vars" in record and ("response" in record or "error" in record)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a result."""
        record = fields.record
        response, prompt, provider = record.get("response"), record.get("prompt"), record.get("provider")
        held = response if isinstance(response, dict) else {"output": response}
        output = held.get("output")
        if output is None:
            raise RecordError(failure_of(held) or failure_of(record) or "`response.output` is missing")
        raw = prompt.get("raw") if isinstance(prompt, dict) else prompt
        asked = request_of(fields, "prompt.raw", {"prompt": _opened(raw)})
        named = provider.get("label") or provider.get("id") if isinstance(provider, dict) else provider
        yield Answer(
            fields.checked("response.output", as_text(output)),
            asked.prompt,
            None,
            fields.checked_label("provider.id", named),
            fields.label("id"),
            flags=(SYSTEM,) if asked.system else (),
            extra=extra_of(None, asked),
        )


def _opened(raw: Json) -> Json:
    """A prompt as it was sent: words, or messages as JSON."""
    if not isinstance(raw, str) or raw.lstrip()[:1] != "[":
        return raw
    from workbench.importers.mapping.fields_seen import json_in, speakers

    messages = json_in(raw.strip())
    return messages if speakers(messages) else raw


class PromptfooTable(Importer):
    """One answer a provider and row; what stands before it, such as `[PASS] `, is no part of it."""

    key = "promptfoo_csv"
    title = "promptfoo results (CSV)"
    suffixes = (".csv",)

    def sniff(self, opened: Opened) -> Claim | None:
        """Columns that are named by provider and prompt, with cells that begin with the outcome of a check."""
        if begins_with(opened) in "[{":
            return None
        start = opened.head[:8192].decode("utf-8", "replace")
        columns = [name for name in header_of_head(opened.head) if _PROVIDER.fullmatch(name)]
        outcome = re.search(r"[,\t;|\n]\"?\[(PASS|FAIL|ERROR)\] ", start)
        return Claim("a table of promptfoo, with a column for each provider") if columns and outcome else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, row by row."""
        index = 0
        with Window(opened, progress) as window:
            for span in records_of_rows(window, opened):
                for record in taken(opened, span, index, _of_row):
                    yield record
                    index += 1


def _of_row(fields: Fields) -> Taken:
    columns = {name: _PROVIDER.fullmatch(name) for name in fields.record}
    variables = {name: str(fields.record[name]) for name, found in columns.items() if found is None}
    for name, found in columns.items():
        if found is None:
            continue
        cell = fields.text(name)
        status = _STATUS.fullmatch(cell)
        if status is None and not cell.strip():
            continue
        if status and status["status"] == "ERROR":
            yield RecordError(f"the call failed: {' '.join(status['rest'].split())[:200]}")
            continue
        text = status["rest"] if status else cell
        if status and status["status"] == "FAIL" and _REASON in text:
            text = text.partition(_REASON)[2]
        yield Answer(text, _prompt(found["prompt"], variables), None, found["provider"])


def _prompt(template: str, variables: Mapping[str, str]) -> str:
    """The prompt that a template gives with the variables of a row; what it does not have stays as it is."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), template)
