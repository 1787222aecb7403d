"""What to do after a look into a file: how it would be read, and the very commands that bring it in."""

from __future__ import annotations

import shlex
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli.output import table
from workbench.core.errors import BadInputError
from workbench.core.text import one_line

if TYPE_CHECKING:
    from workbench.app.importing.dry_run import FirstRecord, Preview

_SHOWN = 5
_LOOKED_AT = 50
Steps = tuple[list[str], dict[str, Any]]
"""The lines to print, and what they say for --json."""


def next_steps(seen: Preview, options: Namespace) -> Steps:
    """How to go on with a file that was looked into and not tried yet."""
    if seen.importer:
        return _known(seen, options)
    if seen.is_manifest:
        words = f"workbench import CASE {_file(options)} --suspect NAME --protected NAME"
        return [f"To import it: {words}"], {"import": [words]}
    unsure = [f"Unsure of {key} ({seen.guesses[key]}): {why}." for key, why in seen.doubts.items()]
    if not seen.map_line:
        return [*unsure, *_how_to_map(seen)], {}
    if seen.answers:
        return _for_each(seen, options, unsure)
    words = f"{_file(options)} {seen.map_line}"
    imports = [f"workbench import CASE {words}"]
    return [*unsure, f"To try it first: workbench preview {words}", f"To import it: {imports[0]}"], {"import": imports}


def _for_each(seen: Preview, options: Namespace, unsure: list[str]) -> Steps:
    """One command for each column of answers, with the field that names its model or a name to be put right."""
    imports = []
    for column in seen.answers:
        named = "" if column.model_path else f" --model {shlex.quote(column.name)}"
        imports.append(f"workbench import CASE {_file(options)} {column.map_line}{named}")
    lines = [*unsure, f"To try it first: workbench preview {_file(options)} {seen.map_line}"]
    own = "" if all(column.model_path for column in seen.answers) else " (after --model goes the model's own name)"
    return [*lines, f"To import it, once for each answer{own}:", *(f"  {words}" for words in imports)], {
        "import": imports
    }


def _known(seen: Preview, options: Namespace) -> Steps:
    """The first records of a file in a known format, and the command; its prompts are asked for where it lacks them."""
    from workbench.app.importing.dry_run import first_records
    from workbench.app.requests import ImportRequest

    how = f"It imports as it is (format {seen.importer}): {seen.why.removesuffix('.')}."
    try:
        first = first_records(options.file, ImportRequest(encoding=options.encoding), _LOOKED_AT)
    except BadInputError as error:
        return [how, f"But it can't be read: {error.message} {error.hint}".strip()], {}
    read = [record for record in first if not record.reason]
    lacking = sum(record.prompt is None for record in read)
    words = f"workbench import CASE {_file(options)}{' --prompts PROMPTS' if 2 * lacking > len(read) else ''}"
    lines = [how, "", "As it would be read:", *first_table(first[:_SHOWN])]
    if 2 * lacking > len(read):
        lines.append(
            "Its answers carry no prompts: PROMPTS is the file of what was asked, with the same ids. Where it comes "
            "later, `workbench prompts CASE PROMPTS --for NAME` joins it."
        )
    if seen.training:
        lines.append("As a set to train models with it is set aside by default; --role gives it another role.")
    document = {"first": [asdict(record) for record in first[:_SHOWN]], "import": [words]}
    return [*lines, f"To import it: {words}"], document


def _file(options: Namespace) -> str:
    named = f" --encoding {shlex.quote(options.encoding)}" if options.encoding else ""
    return f"{shlex.quote(str(options.file))}{named}"


def _how_to_map(seen: Preview) -> list[str]:
    """What to say where nothing can be proposed: which half is known, and how to name the other."""
    if not seen.fields or seen.only_prompts:
        return []
    known = [f"{key} ({path})" for key, path in seen.guesses.items()]
    found = f"Found {', '.join(known)}; n" if known else "N"
    return [
        f"{found}o field looks like {'the answer' if 'response' not in seen.guesses else 'what was asked'}. "
        "If it holds answers, name the fields: --map response=FIELD and --map prompt=FIELD, or --map prompt_key=FIELD."
    ]


def first_table(records: Sequence[FirstRecord]) -> list[str]:
    """A table of records as they would be read."""
    rows = [
        (
            r.place,
            one_line(r.prompt or "–", 40),
            r.prompt_key or "–",
            one_line(r.text, 50) if not r.reason else f"rejected: {one_line(r.reason, 80)}",
            r.model or "–",
            r.time or "–",
            r.sample or "–",
        )
        for r in records
    ]
    return table(["record", "prompt", "prompt id", "answer", "model", "time", "sample"], rows)
