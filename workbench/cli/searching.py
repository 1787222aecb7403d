"""The verbs that search a case and show a single answer."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, note
from workbench.core.errors import CaseError
from workbench.core.fulltext import Excerpt, operators_in
from workbench.core.surroundings import Conditions
from workbench.core.text import counted, one_line

if TYPE_CHECKING:
    from workbench.app.documents.door import DocumentHit
    from workbench.app.search import FoundPage
    from workbench.app.session import Session


def add_search(parser: ArgumentParser) -> None:
    """The options of `search`."""
    parser.add_argument("words", metavar="WORDS", help='words, "a phrase", or a beginning such as distil*')
    parser.add_argument("--corpus", metavar="N", action="append", default=[], help="in this corpus alone; repeatable")
    parser.add_argument(
        "--in",
        dest="inside",
        choices=("answers", "prompts", "documents"),
        default="answers",
        help="where to search; unless it is said, documents come after answers",
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
    """Search prompts or answers, and the words of documents, which are said apart."""
    page, found = _searched(options, conditions, meter)
    hits = [asdict(hit) | {"excerpt": hit.excerpt._asdict()} for hit in page.hits]
    lines: list[str] = []
    for hit in page.hits:
        others = f" (and {hit.others} more answers to it)" if hit.others else ""
        lines += [f"{hit.answer}  {hit.corpus}{others}: {hit.prompt or 'prompt unknown'}", *_marked(hit.excerpt)]
        lines += [f"    {hit.source}, {hit.place}"]
    if not lines and not found:
        lines = ["Nothing was found."]
    elif not lines and options.inside != "documents":
        lines = [f"Nothing was found in {options.inside}."]
    if found:
        lines += [*([""] if lines else []), "In documents:", *(words for hit in found for words in _of_document(hit))]
    if not hits and (words := operators_in(options.words)):
        lines.append(f"{words[0]} was searched for as a word: all words must occur, and none is an operator.")
    if page.next is not None:
        lines.append(f"More: --after {page.next}")
    if page.missing:
        lines.append(
            f"{page.missing:,} answers are not in the index yet and were looked through one by one; `workbench examine "
            "CASE` indexes them, after which a search takes no time."
        )
    documents = [
        {
            "document": hit.document.number,
            "title": hit.document.said.title,
            "excerpt": hit.excerpt._asdict(),
            "place": hit.place,
            "times": hit.times,
        }
        for hit in found
    ]
    return Result({"hits": hits, "next": page.next, "missing": page.missing, "documents": documents}, lines)


def _marked(found: Excerpt) -> list[str]:
    """A line with the hit between marks."""
    before, hit, after = (one_line(piece, 400) for piece in found)
    gap = " " if found.before[-1:].isspace() else ""
    rest = " " if found.after[:1].isspace() else ""
    return [f"    {before}{gap}»{hit}«{rest}{after}" if hit else f"    {after}"]


def _of_document(hit: DocumentHit) -> list[str]:
    times = f", and at {hit.times - 1:,} more places" if hit.times > 1 else ""
    said = hit.document.said
    return [f"{hit.document.number}  {said.kind}: {said.title}", *_marked(hit.excerpt), f"    {hit.place}{times}"]


def _searched(
    options: Namespace, conditions: Conditions | None, meter: Meter
) -> tuple[FoundPage, Sequence[DocumentHit]]:
    """The page of hits, and those in documents, which come first only.

    The case is opened for writing only where its index lacks so little that a search brings it up to date.
    """
    from workbench.app.search import INDEXED_FIRST

    with opened(options, conditions, writing=False) as session:
        if options.inside == "documents":
            from workbench.app.search import FoundPage

            return FoundPage((), None, 0), _in_documents(session, options)
        if not 0 < session.unindexed() <= INDEXED_FIRST:
            return _both(session, options, meter)
    try:
        with opened(options, conditions, writing=True) as session:
            return _both(session, options, meter)
    except CaseError as error:
        note(f"The index can't be brought up to date: {error.message}")
    with opened(options, conditions, writing=False) as session:
        return _both(session, options, meter)


def _both(session: Session, options: Namespace, meter: Meter) -> tuple[FoundPage, Sequence[DocumentHit]]:
    how = {"in_prompts": options.inside == "prompts", "limit": options.limit, "after": options.after}
    page = session.search(options.words, options.corpus, **how, progress=meter)
    all_of_it = options.inside == "answers" and not options.corpus and not options.after
    return page, _in_documents(session, options) if all_of_it else ()


def _in_documents(session: Session, options: Namespace) -> Sequence[DocumentHit]:
    return session.documents.search(options.words, options.limit)


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
