"""Searching a case, and showing one answer beside the bytes that it came from; whatever is secret is masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.core.errors import BadInputError, CaseError, UsageError
from workbench.core.fulltext import Excerpt, excerpt, parse
from workbench.core.hashing import sha256_text
from workbench.core.model import Response
from workbench.core.progress import Progress
from workbench.core.secrets.find import OVERLAP, cover, find, masked_name
from workbench.core.text import normal_prompt, one_line, well_formed
from workbench.store import Case, StoredAnswer

MOST = 1000
"""Hits that one call may ask for."""

INDEXED_FIRST = 100_000
"""Answers that a search brings into the index before it looks; more are looked through one by one, faster once."""

RAW = 64 << 10
"""Bytes of a record that are shown."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A hit: the answer's number, its corpus, where it stands, and what stands around the words.

    In a search of prompts the answer is the first one to the prompt, and `others` counts the rest.
    """

    key: int
    answer: int
    corpus: str
    prompt: str
    excerpt: Excerpt
    source: str
    sha256: str
    place: str
    others: int = 0


@dataclass(frozen=True, slots=True)
class FoundPage:
    """Some hits; `next` is the key after which the next page begins, or None. `missing` answers are not indexed."""

    hits: tuple[SearchHit, ...]
    next: int | None
    missing: int


def search(
    case: Case, asked: str, corpora: Sequence[str], *, in_prompts: bool, limit: int, after: int, progress: Progress
) -> FoundPage:
    """Where words stand; the index is brought up to date first where the case may be written and few answers lack.

    Where many lack, bringing it up to date would take longer than looking through them once, which is done instead.
    Raises UsageError for a search without a word, an unknown corpus or a bad limit.
    """
    query = parse(asked)
    if not 1 <= limit <= MOST:
        raise UsageError(f"--limit {limit} is not between 1 and {MOST}.")
    if case.writing and case.words.missing() <= INDEXED_FIRST:
        case.words.build(progress)
    found = case.words.find(query, corpora, in_prompts=in_prompts, after=after, limit=limit + 1)
    hits = []
    for hit, answer in zip(found[:limit], case.words.answers([hit.answer for hit in found[:limit]]), strict=True):
        text = (answer.prompt or "") if in_prompts else answer.text
        hits.append(
            SearchHit(
                hit.key, hit.answer, answer.corpus, one_line(answer.prompt or "", 120), excerpt(text, query),
                answer.source.name, answer.source.sha256, place_of(answer), hit.others,
            )
        )  # fmt: skip
    return FoundPage(tuple(hits), found[limit - 1].key if len(found) > limit else None, case.words.missing())


def place_of(answer: StoredAnswer) -> str:
    """Where an answer stands in its file, in words; records are counted from 1 for people."""
    inside = f"{masked_name(answer.member)}, " if answer.member else ""
    return f"{inside}record {answer.place + 1}, bytes {answer.offset} to {answer.offset + answer.length}"


@dataclass(frozen=True, slots=True)
class RawRecord:
    """The bytes that an answer came from, masked and as text; `why` says why they can't be shown, or is empty.

    `shown` of `length` bytes are here.
    """

    text: str
    shown: int
    length: int
    why: str = ""


def raw_record(case: Case, answer: StoredAnswer) -> RawRecord:
    """The record that an answer was read from, as it stands in the file."""
    from workbench.importers.base import Options
    from workbench.importers.containers.open import INSIDE
    from workbench.importers.containers.rendered_rows import row_of
    from workbench.importers.locate import raw_bytes
    from workbench.importers.mapping.secret_columns import BEGINNING, in_record

    encoding = answer.options.get("encoding", {}).get("name", "")
    options = Options(mapping=answer.options.get("mapping", {}), encoding=encoding)
    wanted = min(answer.length, RAW + OVERLAP)
    try:
        path = case.original(answer.source.sha256)
        data = raw_bytes(path, answer.member, answer.offset, wanted, name=answer.source.name, options=options)
        rendered = row_of(answer.member.rpartition(INSIDE)[2]) is not None
        until = min(answer.offset + wanted, BEGINNING)
        named = answer.source.name
        beginning = b"" if rendered else raw_bytes(path, answer.member, 0, until, name=named, options=options)
    except (BadInputError, CaseError, UsageError) as error:
        return RawRecord("", 0, answer.length, error.message)
    text = data.decode("utf-8", "replace")
    # Masked before it is cut, so that a secret at the edge is seen whole.
    safe = cover(text, [*find(text), *in_record(text, beginning, options.mapping)])
    return RawRecord(safe if len(data) <= RAW else safe[: RAW // 2], min(len(data), RAW), answer.length)


def disagreement(case: Case, answer: StoredAnswer) -> str:
    """What the bytes at the place of an answer give in its stead, in words; empty where it is the same, or unknown.

    Read by the importer and the options of the import. What is no line of its own says nothing.
    """
    found = _read(case, answer)
    if found is None:
        return ""
    same = [record for record in found if sha256_text(well_formed(record.text)[0]) == answer.sha256]
    if any(_asked_the_same(record, answer) for record in same):
        return ""
    given = "another prompt" if same else "another answer" if found else "no answer"
    return (
        f"The bytes at this place do not give this answer: read by {answer.importer} as at the import, they give "
        f"{given}. The place in the case, the answer or the file is not as it was; `workbench verify CASE` tells of "
        "the answer and of the file, not of the place."
    )


def _read(case: Case, answer: StoredAnswer) -> list[Response] | None:
    from workbench.importers.base import Options
    from workbench.importers.choose import by_key
    from workbench.importers.containers.open import open_file
    from workbench.importers.locate import read_alone

    if answer.member:
        return None
    asked = answer.options
    encoding = asked.get("encoding", {}).get("name", "")
    options = Options(mapping=asked.get("mapping", {}), model=asked.get("model"), encoding=encoding)
    try:
        importer = by_key(answer.importer)
        opened = open_file(case.original(answer.source.sha256), answer.source.name, encoding)
        return read_alone(importer, opened, options, answer.offset, answer.length)
    except (BadInputError, CaseError, UsageError):
        return None  # why they can't be read is said where they are shown


def _asked_the_same(record: Response, answer: StoredAnswer) -> bool:
    """Whether a record that gives its prompt gives that of the answer; others have theirs from another file."""
    if not (record.prompt or "").strip():
        return True
    return sha256_text(normal_prompt(well_formed(record.prompt or "")[0])) == answer.prompt_sha256


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer beside the record it came from; `disagrees` says what the bytes at its place give in its stead."""

    answer: StoredAnswer
    raw: RawRecord
    disagrees: str

    @property
    def place(self) -> str:
        """Where it stands in its file, in words."""
        return place_of(self.answer)


def shown_answer(case: Case, number: int) -> ShownAnswer:
    """An answer by its number, secrets masked; raises UsageError when there is none."""
    found = case.words.answer(number)
    return ShownAnswer(found, raw_record(case, found), disagreement(case, found))
