"""What a user states of a corpus: the model behind it, and how its answers were had."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from workbench.app.importing.stated_facts import RELATIONS, collected, endpoints, release_date, settings, sources, texts
from workbench.core.fact_basis import checked_pairs
from workbench.core.model import Facts, SourceModel


def add_options(parser: ArgumentParser) -> None:
    """The options that state facts; an option that may be repeated replaces the whole list."""
    add = parser.add_argument
    add("--released", metavar="D", help="release date, YYYY or YYYY-MM")
    add("--family", metavar="F", help="the family of models that it stands for as a source")
    add("--base", metavar="B", help="the weights that it started from")
    add("--developer", metavar="NAME", help="who made the model")
    add("--claimed", metavar="NAME", help="the model that the answers are said to be of")
    add(
        "--sources",
        metavar="REL:CORPUS[,minor][,document=N]",
        action="append",
        help=f"what it comes from ({', '.join(RELATIONS)}), and the document that says so; repeatable",
    )
    add("--group", metavar="G", action="append", help="near relatives, which are left out together; repeatable")
    add("--teacherless", choices=("yes", "no"), help="documented as trained on human-written answers")
    add("--control-only", choices=("yes", "no"), help="a control, never a suspect")
    add("--document", metavar="FACT=N", action="append", help="the document of the case that bears a fact; repeatable")
    add("--basis", metavar="T", help="in a few words, where this is known from")
    add(
        "--setting",
        metavar="KEY=VALUE",
        action="append",
        help="a decoding setting, such as temperature=0.7; repeatable",
    )
    add("--system-prompt", metavar="T", action="append", help="the system prompt that it answered under; repeatable")
    add("--endpoint", metavar="URL", action="append", help="where the answers were had from; repeatable")
    add("--collector", metavar="NAME", help="who collected the answers")
    add("--collected", metavar="TIME", help="when they were collected: a time, or the first and the last as FROM/TO")


def stated(options: Namespace) -> dict[str, Any]:
    """The facts that the options state, by their names; an empty text makes a fact unknown again.

    Raises UsageError for a date, relation or setting that is none.
    """
    found: dict[str, Any] = {}
    for name, (option, read) in _READ.items():
        given = getattr(options, option, None)
        if given is not None:
            found[name] = read(given)
    return found


def facts_of(options: Namespace) -> Facts:
    """The facts that the options of an import state."""
    return Facts(**stated(options))


def _text(given: str) -> str | None:
    return given.strip() or None


def _yes(given: str) -> bool:
    return given == "yes"


_READ: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "released": ("released", release_date),
    "family": ("family", _text),
    "base": ("base", _text),
    "developer": ("developer", _text),
    "claimed": ("claimed", _text),
    "sources": ("sources", sources),
    "group": ("group", texts),
    "teacherless": ("teacherless", _yes),
    "control_only": ("control_only", _yes),
    "basis": ("basis", _text),
    "settings": ("setting", settings),
    "system_prompts": ("system_prompt", texts),
    "endpoints": ("endpoint", endpoints),
    "collector": ("collector", _text),
    "collected": ("collected", collected),
    "documents": ("document", checked_pairs),
}

OPTIONS = tuple(option for option, _ in _READ.values())
"""The options, as they stand in a namespace."""


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as plain JSON; documents that bear them and a set of ids stand there where there are any."""
    found = asdict(facts)
    for name in ("documents", "paired_by"):
        if not found[name]:
            del found[name]
    for source in found["sources"]:
        if not source["document"]:
            del source["document"]
    return found


def in_words(facts: Facts) -> list[str]:
    """Every fact of a corpus with its name; what is not stated is unknown."""
    said = [field.name for field in fields(Facts) if field.name != "paired_by"]
    pairing = f"the ids of “{facts.paired_by}”" if facts.paired_by else "the text of the prompt"
    return [*(f"{name.replace('_', ' ')}: {_shown(getattr(facts, name))}" for name in said), f"paired by: {pairing}"]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(_shown(item) for item in value) or "unknown"
    if isinstance(value, SourceModel):
        document = f" (document {value.document})" if value.document else ""
        return f"{value.relation} from {value.corpus}" + (" (minor)" if value.minor else "") + document
    return str(value) if value else "unknown"
