"""Samples that EleutherAI's lm-evaluation-harness logs: one row for each filter of each document.

The answer is what the model wrote (`resps`), not what a filter made of it: the rows of other filters say the
same once more, and come in as duplicates.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.bodies import SYSTEM, extra_of, opened_json
from workbench.importers.messages.chat import Context, Turn, context_of, turns_of
from workbench.importers.messages.content import parts_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_SCORES = "`resps` holds log-probabilities, not text: the task was multiple choice or perplexity"


class LmEval(RecordsImporter):
    """`samples_TASK_DATE.jsonl`; several generations of one document are several samples."""

    key = "lm_eval"
    title = "lm-evaluation-harness samples (JSON lines)"
    suffixes = (".jsonl", ".json")
    why = "harness samples with doc_id, arguments and resps"

    def knows(self, record: Mapping[str, Json]) -> bool:
        """A doc_id with arguments and resps."""
        return all(name in record for name in ("doc_id", "arguments", "resps"))

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a generation."""
        argument, settings = _argument(fields)
        texts = _texts(fields, generated=settings is not None)
        context = _context(fields, argument)
        if context.prompt() is None:
            raise RecordError("`arguments` holds no prompt")
        document = fields.label("doc_hash") or fields.label("doc_id")
        for at, text in enumerate(texts):
            content = parts_of(fields, f"resps.{at}", text).without_thoughts()
            extra = extra_of(content, system=context.system, settings=settings)
            flags = (*content.flags, *([SYSTEM] if context.system else []))
            sample = str(at) if len(texts) > 1 else None
            yield Answer(content.text, context.prompt(), None, None, document, sample, None, flags, extra)


def _texts(fields: Fields, *, generated: bool) -> list[str]:
    """What the model wrote: `resps` is a list of lists of texts. Only what was generated has decoding settings."""
    resps = fields.record.get("resps")
    if not isinstance(resps, list):
        raise RecordError(f"`resps` is {kind_of(resps)}, not a list")
    flat = [one for group in resps for one in (group if isinstance(group, list) else [group])]
    if not flat:
        raise RecordError("`resps` is empty: there is no answer")
    scores = _are_scores(flat) or (not generated and all(_is_score(one) for one in flat))
    if scores or any(isinstance(one, list | int | float) or one is None for one in flat):
        raise RecordError(_SCORES)
    return [fields.checked(f"resps.{at}", one) for at, one in enumerate(flat)]


def _are_scores(flat: list[Json]) -> bool:
    """Log-probabilities are written as texts too: a number, and whether it was the greedy choice."""
    return len(flat) % 2 == 0 and all(one in ("True", "False") for one in flat[1::2])


def _is_score(one: Json) -> bool:
    """A logarithm of a probability, as a text."""
    try:
        return float(one) <= 0
    except (TypeError, ValueError):
        return False


def _argument(fields: Fields) -> tuple[Json, Json]:
    """The context of the first request, and its decoding settings."""
    arguments = fields.record.get("arguments")
    first: Json = None
    if isinstance(arguments, dict):
        first = next(iter(arguments.values()), None)
        first = [first.get("arg_0"), first.get("arg_1")] if isinstance(first, dict) else first
    elif isinstance(arguments, list) and arguments:
        first = arguments[0]
    if isinstance(first, list) and first:
        return first[0], first[1] if len(first) > 1 and isinstance(first[1], dict) else None
    raise RecordError("`arguments` holds no prompt")


def _context(fields: Fields, argument: Json) -> Context:
    if isinstance(argument, list) and len(argument) == 1:
        argument = argument[0]  # chat models get one JSON text in a list
    if isinstance(argument, str) and argument.startswith('[{"role"'):
        argument = opened_json(fields, "arguments", argument)
    if isinstance(argument, list):
        return context_of(turns_of(fields, "arguments", argument))
    return context_of([Turn("user", parts_of(fields, "arguments", fields.checked("arguments", argument)))])
