"""Reading a file without taking it in: its first records as they would be read, and what an import would count."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.importing.folders import LOOKED_AT, folder_name, is_folder
from workbench.app.importing.provenance import Encodings, Observed
from workbench.app.importing.rules import by_form, of_no_corpus
from workbench.app.requests import CorpusImport, ImportRequest
from workbench.core.batches import UNKNOWN_PROMPT, mended, prompt_digest, record_digest
from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import sha256_file
from workbench.core.locations import listed, place_words
from workbench.core.model import CorpusFacts, Json, Rejected, Response
from workbench.core.progress import Progress, part, silent
from workbench.core.secrets.find import masked
from workbench.core.text import counted, one_line, well_formed
from workbench.importers import Importer, Opened, Options, Record, by_key, choose, claim, open_file
from workbench.importers.archive import words_of_archive
from workbench.importers.locate import records_of
from workbench.importers.mapping.mapped import PLACE, checked_mapping
from workbench.importers.mapping.masking import shown
from workbench.importers.reading.paths import MISSING
from workbench.importers.reading.paths import Path as DottedPath

if TYPE_CHECKING:
    from workbench.importers.preview import Preview as Preview
    from workbench.store import Case

FIRST = 20
"""Records that a live preview shows."""

_LISTED = 100
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class FirstRecord:
    """A record as it would be read, cut for showing and with secrets masked; `reason` says why it would be rejected."""

    place: int
    text: str = ""
    prompt: str | None = None
    prompt_key: str | None = None
    model: str | None = None
    sample: str | None = None
    time: str | None = None
    flags: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import into an empty case would count; `rejections` are the first hundred, as (place, reason).

    `reasons` are the first hundred reasons, as (reason, how many records, place of the first one).
    Each corpus has records = accepted + rejected + duplicate, as in the report of the import.
    """

    importer: str
    corpora: tuple[CorpusImport, ...]
    rejections: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    reasons: tuple[tuple[str, int, str], ...] = ()

    def listed(self) -> list[tuple[str, str]]:
        """The rejected records for a list, as (place, reason); a reason that many share stands once."""
        return listed(self.rejections, self.reasons)

    def total(self, what: str) -> int:
        """The sum over the corpora of `records`, `accepted`, `rejected` or `duplicate`."""
        return sum(int(getattr(corpus, what)) for corpus in self.corpora)


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A mapping that an earlier import of this case was read with."""

    mapping: dict[str, str]
    source: str
    time: str

    def words(self) -> str:
        """Which mapping it is, for a report."""
        paths = ", ".join(f"{key}={path}" for key, path in self.mapping.items())
        return f"Read with the mapping of {one_line(self.source, 80)}, which fits: {paths}."


def saved_mapping(case: Case, seen: Preview) -> SavedMapping | None:
    """The mapping of the newest import of a file of this kind, where it fits this one.

    It fits where every path leads somewhere, those of prompt and answer to texts in most of the first records, and
    the records are in the same place. Columns that only their numbers name must be what a look at them would guess.
    """
    records = [record for record in seen.records if isinstance(record, dict)]
    if seen.mapped_by is None or not records:
        return None
    for row in reversed(case.import_log()):
        mapping = row.options.get("mapping")
        if row.state != "done" or not mapping or row.importer != seen.mapped_by:
            continue
        if _fits(mapping, seen, records):
            return SavedMapping(dict(mapping), row.source.name, row.ended)
    return None


def _fits(mapping: Mapping[str, str], seen: Preview, records: Sequence[Json]) -> bool:
    paths = {key: DottedPath(path) for key, path in mapping.items() if key != PLACE}
    if mapping.get(PLACE, "") != seen.guesses.get(PLACE, ""):
        return False
    if not all(any(path.find(record) is not MISSING for record in records) for path in paths.values()):
        return False
    texts = [path for key, path in paths.items() if key in ("prompt", "response")]
    if not all(2 * sum(_is_text(path.find(record)) for record in records) > len(records) for path in texts):
        return False
    numbered = [key for key in ("prompt", "response") if re.fullmatch(r"column_\d+", mapping.get(key, ""))]
    return all(mapping[key] == seen.guesses.get(key) for key in numbered)


def _is_text(value: Json) -> bool:
    return isinstance(value, str | list)


def recalled(case: Case, opened: Opened, request: ImportRequest) -> tuple[ImportRequest, str]:
    """The request with what follows from the file's form and from earlier ones of its kind; and words for both."""
    request, again = _mapped_again(case, opened, request)
    request, aside = by_form(case, opened, request)
    return request, " ".join(filter(None, [again, aside, *words_of_archive(opened, _options(request))]))


def _mapped_again(case: Case, opened: Opened, request: ImportRequest) -> tuple[ImportRequest, str]:
    """The request, with the mapping of an earlier file of this kind where nobody knows the format; and words for it."""
    from workbench.importers.preview import preview

    if request.mapping or request.format or claim(opened):
        return request, ""
    saved = saved_mapping(case, preview(opened))
    return (request, "") if saved is None else (replace(request, mapping=saved.mapping), saved.words())


def _options(request: ImportRequest) -> Options:
    """The request as importers get it, but for the bytes of the file of prompts."""
    return Options(request.mapping, request.prompts, request.model, request.encoding)


def reader_of(opened: Opened, request: ImportRequest, prompts: Opened | None) -> tuple[Importer, Options]:
    """Who reads a file, and how. Raises BadInputError when nobody does, UsageError for prompts without a use."""
    options = Options(mapping=request.mapping, prompts=prompts, model=request.model, encoding=request.encoding)
    importer = choose(opened, options, request.format)
    if prompts and not importer.joins(options):
        raise UsageError(
            f"--prompts has no use here: {importer.title} carries its prompts.",
            hint="Leave it out; for a mapping, --map prompt_key=PATH says which id joins the two files.",
        )
    return importer, options


def first_records(path: Path, request: ImportRequest, count: int = FIRST) -> list[FirstRecord]:
    """The first records of a file as an import would read them.

    Raises BadInputError for a file that can't be read so, UsageError for a mapping that doesn't say enough.
    """
    checks(request)
    with _opened(path, request.encoding, silent, most=LOOKED_AT) as opened:
        importer, options = reader_of(opened, request, _prompts(request))
        with closing(_records(importer, opened, options, silent)) as records:
            found = (record for record in records if not isinstance(record, CorpusFacts))
            return [_shown(record) for record in islice(found, count)]


def dry_run(path: Path, request: ImportRequest, progress: Progress = silent, *, case: Case | None = None) -> DryRun:
    """Read a whole file and count as an import would; nothing is kept.

    With a case it also says what the case holds already. Raises as `first_records`, and Cancelled.
    """
    checks(request)
    with _opened(path, request.encoding, part(progress, 0, 0.3)) as opened:
        importer, options = reader_of(opened, request, _prompts(request))
        encodings, observed = Encodings(opened), Observed(request.model)
        prompts = words_of_archive(opened, options)
        tally = _Tally(request, Path(folder_name(path) if is_folder(path) else path.name).stem)
        read = _records(importer, opened, options, part(progress, 0.3 if is_folder(path) else 0, 1))
        with closing(read) as records:
            for record in observed.through(encodings.through(records)):
                tally.see(record)
    told = (*encodings.notices(), *observed.notices(), *filter(None, [importer.note]), *prompts, *tally.notices())
    notices = told if case is None else (*told, *_in_the_case(case, path, tally))
    return DryRun(importer.key, tally.corpora(), tuple(tally.rejections), notices, tally.reasons())


def checks(request: ImportRequest) -> None:
    """Raise UsageError for a mapping that doesn't say enough, or a format that is not known."""
    if request.mapping:
        checked_mapping(request.mapping)
    if request.format is not None:
        by_key(request.format)


def _records(importer: Importer, opened: Opened, options: Options, progress: Progress) -> Generator[Record, None, None]:
    yield from records_of(importer, opened, options, progress)


def _prompts(request: ImportRequest) -> Opened | None:
    return open_file(request.prompts) if request.prompts else None


@contextmanager
def _opened(path: Path, encoding: str, progress: Progress, most: int | None = None) -> Iterator[Opened]:
    """A file, or a folder (at `most` so many of its files) as the archive that it would be kept as."""
    if not is_folder(path):
        yield open_file(path, path.name, encoding)
        return
    from workbench.importers.containers.folder_archive import pack_folder

    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as place:
        archive = Path(place) / folder_name(path)
        try:
            with archive.open("w+b") as target:
                pack_folder(path, target, progress, most=most)
        except OSError as error:
            raise CaseError(f"The folder can't be read for a trial: {error.strerror or error}.") from error
        yield open_file(archive, archive.name, encoding)


def _shown(record: Response | Rejected) -> FirstRecord:
    if isinstance(record, Rejected):
        return FirstRecord(record.number + 1, reason=masked(well_formed(record.reason)[0]))
    return FirstRecord(
        place=record.number + 1,
        text=_cut(record.text) or "",
        prompt=_cut(record.prompt),
        prompt_key=_cut(record.prompt_key),
        model=_cut(record.model),
        sample=_cut(record.sample),
        time=_cut(record.time),
        flags=record.flags,
    )


def _cut(text: str | None) -> str | None:
    return None if text is None else shown(text, _LONGEST)


class _Tally:
    """Counts records as the store does: an answer is a duplicate where nothing tells it from an earlier one."""

    def __init__(self, request: ImportRequest, name: str) -> None:
        self._default = request.model or name
        self._role = str(request.role or "")
        self._seen: dict[str, set[bytes]] = {}
        self._duplicates: dict[str, int] = {}
        self._unjoined: dict[str, int] = {}
        self._rejected: Counter[str | None] = Counter()
        self._reasons: dict[str, tuple[int, str]] = {}
        self.rejections: list[tuple[str, str]] = []

    def see(self, record: Record) -> None:
        """Count one record."""
        if isinstance(record, Response):
            self._answer(record)
        elif isinstance(record, Rejected):
            self._rejected[mended(record.model)] += 1
            if len(self.rejections) < _LISTED or record.reason in self._reasons:
                self._list(record)

    def _list(self, record: Rejected) -> None:
        place = place_words(record.member, record.number, record.offset, record.length)
        count, first = self._reasons.get(record.reason, (0, place))
        self._reasons[record.reason] = count + 1, first
        if len(self.rejections) < _LISTED:
            self.rejections.append((place, _told(record.reason)))

    def reasons(self) -> tuple[tuple[str, int, str], ...]:
        """Why records would be rejected, with how many and the first."""
        return tuple((_told(reason), count, place) for reason, (count, place) in self._reasons.items())

    def _answer(self, record: Response) -> None:
        name = mended(record.model) or self._default
        seen = self._seen.setdefault(name, set())
        digest = _digest(record)
        if digest in seen:
            self._duplicates[name] = self._duplicates.get(name, 0) + 1
        else:
            seen.add(digest)
            if record.prompt is None:
                self._unjoined[name] = self._unjoined.get(name, 0) + 1

    def corpora(self) -> tuple[CorpusImport, ...]:
        """The counts of each corpus; rejected records of no model among them with the default one or the first."""
        names = list(self._seen) or [self._default]
        charged = self._default if self._default in names else names[0]
        rejected = Counter[str]()
        for model, count in self._rejected.items():
            rejected[model if model in names else charged] += count
        return tuple(self._counts(name, rejected[name]) for name in names)

    def _counts(self, name: str, rejected: int) -> CorpusImport:
        accepted, duplicate = len(self._seen.get(name, ())), self._duplicates.get(name, 0)
        return CorpusImport(name, self._role, accepted + rejected + duplicate, accepted, rejected, duplicate)

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know before importing."""
        said = [
            f"{name}: {counted(count, 'answer', 'answers')} would have no prompt yet."
            for name, count in self._unjoined.items()
        ]
        strays = {model: count for model, count in self._rejected.items() if model and model not in self._seen}
        said += filter(None, [of_no_corpus(strays) if self._seen else ""])
        return tuple(said) if self._seen else (*said, "Not one record could be taken in: the import would be refused.")


def _told(reason: str) -> str:
    return masked(well_formed(reason)[0])


def _digest(record: Response) -> bytes:
    text = hashlib.sha256(well_formed(record.text)[0].encode()).digest()
    prompt = UNKNOWN_PROMPT if record.prompt is None else prompt_digest(well_formed(record.prompt)[0])
    return record_digest(prompt, text, mended(record.prompt_key), mended(record.record_id), mended(record.sample))


def _in_the_case(case: Case, path: Path, tally: _Tally) -> tuple[str, ...]:
    held = {corpus.name for corpus in case.corpora()}
    said = [
        f"{corpus.name} has answers in the case already; the same record counts once."
        for corpus in tally.corpora()
        if corpus.name in held
    ]
    if not is_folder(path):
        size = path.stat().st_size
        alike = [source for source in case.sources() if source.size == size]
        if alike and sha256_file(path) in {source.sha256 for source in alike}:
            said.insert(0, "This file is in the case already: importing it again would take in nothing.")
    return tuple(said)


def only_prompts(seen: Preview) -> bool:
    """Whether a file holds prompts and no answers: it is given beside the file of answers."""
    return seen.importer is None and seen.kind.startswith(("FastChat question", "requests of a batch"))
