"""The verb that writes the prompt kit, with its words."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from workbench.cli.output import Meter, Result, table
from workbench.core.surroundings import Conditions


def kit(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write the prompt kit into a folder."""
    from workbench.app.kit.kit import write_kit
    from workbench.app.kit.planned_kit import KitRequest

    given = {name: getattr(options, name) for name in _GIVEN if getattr(options, name) is not None}
    made = write_kit(options.folder, KitRequest(**given), meter)
    document = {
        "folder": str(made.folder),
        "prompts": made.prompts,
        "requests": made.requests,
        "manifest": made.sha256,
        "files": [asdict(file) for file in made.files],
    }
    lines = [
        f"{made.prompts} prompts, {made.requests:,} requests for each model, in {made.folder}:",
        *table(["file", "bytes", "SHA-256"], [(f.path, f.size, f.sha256[:16] + "…") for f in made.files]),
        f"SHA-256 of manifest.json: {made.sha256}",
    ]
    if made.placeholder:
        lines.append("No --model was given: put the model's name in place of MODEL-NAME in the batch files.")
    return Result(document, [*lines, "Next: read PROTOCOL.html before the first request is sent."])


_GIVEN = (
    "repeats", "kinds", "topics", "languages", "model", "max_tokens", "temperature", "system", "formats", "seed",
)  # fmt: skip


def add_options(parser: ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder")
    parser.add_argument("--repeats", metavar="N", type=_whole, help="samples of each prompt (default: its own number)")
    for name, example in (("kinds", "writing,code"), ("topics", "food,science"), ("languages", "en,de")):
        parser.add_argument(f"--{name}", metavar="A,B", type=_names, help=f"these alone, such as {example}")
    parser.add_argument("--model", metavar="NAME", help="the model's name, for the batch files")
    parser.add_argument("--max-tokens", metavar="N", type=_whole, help="the longest answer (default: 4096)")
    parser.add_argument("--temperature", metavar="T", type=_temperature, help="default: not sent")
    parser.add_argument("--system", metavar="TEXT", help="a system prompt (default: none)")
    parser.add_argument("--formats", metavar="A,B", type=_names, help="openai, compatible, anthropic, jsonl, csv")
    parser.add_argument("--seed", metavar="N", type=_whole, help="draws the order of the requests (default: 1)")


def _whole(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 15:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number")
    return int(word)


def _temperature(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number") from None


def _names(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in words.split(",") if name.strip()))
