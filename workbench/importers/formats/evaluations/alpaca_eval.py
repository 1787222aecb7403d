"""AlpacaEval model outputs: one JSON array of instruction, output and generator."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import orjson

from workbench.core.model import Json, Response
from workbench.core.progress import Progress
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.reading.arrays import array_spans
from workbench.importers.reading.fields import Fields, flags_of, placed, read_tolerantly
from workbench.importers.reading.sample import begins_with, most_are
from workbench.importers.reading.window import Span, Window

_NAMES = {"instruction", "output", "generator"}


class AlpacaEval(Importer):
    """AlpacaEval's `model_outputs.json`; fields other than the three are left in the original."""

    key = "alpaca_eval"
    title = "AlpacaEval model outputs (JSON)"
    suffixes = (".json",)

    def sniff(self, opened: Opened) -> Claim | None:
        """An array whose records hold instruction, output and generator."""
        if begins_with(opened) == "[" and most_are(opened, lambda record: record.keys() >= _NAMES):
            return Claim("a JSON array with instruction, output and generator")
        return None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """One answer an element."""
        build = partial(_built, opened)
        with Window(opened, progress) as window:
            for span in array_spans(window, _fast):
                if span.value is None:
                    yield read_tolerantly(span, build)
                    continue
                prompt, text, model = span.value
                yield placed(span, text, prompt, model=model, flags=flags_of(opened, [], text))


def _fast(raw: bytes) -> tuple[str, str, str]:
    """Instruction, output and generator; a ValueError leaves everything unusual to the tolerant parser."""
    # The parser keeps the last of duplicate keys in silence.
    if raw.count(b'"output"') > 1 or raw.count(b'"instruction"') > 1 or raw.count(b'"generator"') > 1:
        raise ValueError("perhaps duplicate keys")
    record = orjson.loads(raw)
    try:
        prompt, text, model = record["instruction"], record["output"], record["generator"]
    except (KeyError, TypeError):
        raise ValueError("unusual fields") from None
    if prompt.__class__ is str and text.__class__ is str and model.__class__ is str:
        return prompt, text, model
    raise ValueError("unusual types")


def _built(opened: Opened, span: Span[Json], fields: Fields) -> Response:
    prompt, text = fields.text("instruction"), fields.text("output")
    model = fields.label("generator")
    return placed(span, text, prompt, model=model, flags=flags_of(opened, fields.flags, text))
