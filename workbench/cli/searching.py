"""The verbs that search a case and show a single answer."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from typing import Any

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, note
from workbench.core.errors import CaseError
from workbench.core.fulltext import operators_in
from workbench.core.surroundings import Conditions
from workbench.core.text import counted, one_line


def add_search(parser: ArgumentParser) -> None:
    """The options of `search`."""
    parser.add_argument("words", metavar="WORDS", help='words, "a phrase", or a beginning such as distil*')
    parser.add_argument("--corpus", metavar="N", action="append", default=[], help="in this corpus alone; repeatable")
    parser.add_argument(
        "--in", dest="inside", choices=("answers", "prompts"), default="answers", help="where to search"
    )
    parser.add_argument("--limit", metavar="N", type=_number, default=20, help="hits on a page (20)")
    parser.add_argument("--after", metavar="KEY", type=_number, default=0, help="go on after this key")


def add_answer(parser: ArgumentParser) -> None:
    """The options of `answer`."""
    parser.add_argument("answer", metavar="ID", type=_number, help="its number, as `search` gives it")


def _number(word: str) -> int:
    if not word.isascii() or not word.isdigit() or len(word) > 15:
        raise ArgumentTypeError(f"{word!r} is not a whole number")
    return int(word)


def search(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Search prompts or answers."""
    page = _searched(options, conditions, meter)
    hits = [asdict(hit) | {"excerpt": hit.excerpt._asdict()} for hit in page.hits]
    lines: list[str] = []
    for hit in page.hits:
        before, found, after = (one_line(piece, 400) for piece in hit.excerpt)
        gap = " " if hit.excerpt.before[-1:].isspace() else ""
        rest = " " if hit.excerpt.after[:1].isspace() else ""
        marked = f"{before}{gap}»{found}«{rest}{after}" if found else after
        others = f" (and {hit.others} more answers to it)" if hit.others else ""
        lines += [f"{hit.answer}  {hit.corpus}{others}: {hit.prompt or 'prompt unknown'}", f"    {marked}"]
        lines += [f"    {hit.source}, {hit.place}"]
    if not lines:
        lines = ["Nothing was found."]
        if words := operators_in(options.words):
            lines.append(f"{words[0]} was searched for as a word: all words must occur, and none is an operator.")
    if page.next is not None:
        lines.append(f"More: --after {page.next}")
    if page.missing:
        lines.append(f"{page.missing} answers are not in the index yet: `workbench examine CASE` adds them.")
    return Result({"hits": hits, "next": page.next, "missing": page.missing}, lines)


def _searched(options: Namespace, conditions: Conditions | None, meter: Meter) -> Any:
    """The page of hits; the case is opened for writing only where its index lacks something."""
    how = {"in_prompts": options.inside == "prompts", "limit": options.limit, "after": options.after}
    with opened(options, conditions, writing=False) as session:
        missing = session.unindexed()
        if not missing:
            return session.search(options.words, options.corpus, **how, progress=meter)
    try:
        with opened(options, conditions, writing=True) as session:
            return session.search(options.words, options.corpus, **how, progress=meter)
    except CaseError as error:
        note(f"The index can't be brought up to date: {error.message}")
    with opened(options, conditions, writing=False) as session:
        return session.search(options.words, options.corpus, **how, progress=meter)


def answer(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show an answer beside the bytes it came from."""
    with opened(options, conditions, writing=False) as session:
        shown = session.answer(options.answer)
    found, raw, disagrees = shown.answer, shown.raw, shown.disagrees
    source = {"sha256": found.source.sha256, "name": found.source.name, "size": found.source.size}
    document = asdict(found) | {
        "source": source,
        "flags": list(found.flags),
        "place": shown.place,
        "raw": asdict(raw),
        "disagrees": disagrees,
    }
    lines = [
        f"Answer {found.number} of {found.corpus}",
        f"Place: {found.source.name}, {document['place']}; file {found.source.sha256}",
        *([f"Flags: {', '.join(found.flags)}"] if found.flags else []),
        *_seen(found.seen),
        *([f"{counted(found.masked, 'secret is', 'secrets are')} masked."] if found.masked else []),
        "",
        "Prompt:",
        found.prompt if found.prompt is not None else f"unknown (its id is {found.prompt_key})",
        "",
        "Answer:",
        found.text,
        "",
        *([disagrees, ""] if disagrees else []),
        "What stands at that place:" if disagrees else "The record as it stands in the file:",
        raw.text if not raw.why else f"can't be shown: {raw.why}",
    ]
    if raw.shown < raw.length and not raw.why:
        lines.append(f"... the first {raw.shown} of {raw.length} bytes")
    return Result(document, lines)


def _seen(seen: Any) -> list[str]:
    if seen is None:
        return ["Not yet examined."]
    marks = ", ".join(seen["marks"]).replace("_", " ") or "none"
    return [f"Language: {seen['language']} ({seen['sure']:.2f}). Marks: {marks}."]
