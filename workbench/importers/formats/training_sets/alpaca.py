"""Alpaca: instruction, input and output, the form of many training sets."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import TRAINING_SET, Answer, JoinedPrompts, RecordsImporter, Taken

_OTHERS = ("generator", "response", "messages", "conversations")


class Alpaca(RecordsImporter):
    """The prompt is the instruction, and after a blank line the input where there is one."""

    key = "alpaca"
    title = "Alpaca instructions (JSON or JSON lines)"
    suffixes = (".json", ".jsonl")
    why = "instruction, input and output"
    note = TRAINING_SET
    training = True

    def knows(self, record: Mapping[str, Json]) -> bool:
        """Instruction, input and output, and no generator."""
        named = all(name in record for name in ("instruction", "input", "output"))
        return named and not any(name in record for name in _OTHERS)

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a record."""
        instruction, text = fields.text("instruction"), fields.text("output")
        given = fields.record.get("input")
        more = fields.checked("input", given) if given is not None else ""
        prompt = f"{instruction}\n\n{more}" if more.strip() else instruction
        yield Answer(text, prompt, record=fields.label("id"), model=fields.label("model"))
