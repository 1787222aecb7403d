"""Reading a file without taking it in: its first records as they would be read, and what an import would count."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.importing.facts_in_records import Encodings, Provenance
from workbench.app.importing.packed_folders import LOOKED_AT, folder_name, is_folder
from workbench.app.importing.reading_again import set_aside_training, words_of_strays
from workbench.app.requests import CorpusImport, ImportRequest
from workbench.core.errors import CaseError, UsageError
from workbench.core.hashing import sha256_file
from workbench.core.model import CorpusFacts, Json, Rejected, Response
from workbench.core.place_words import listed, place_words
from workbench.core.prepared_answers import UNKNOWN_PROMPT, Batch, ModelRows, batches, record_digest
from workbench.core.progress import Progress, part, silent
from workbench.core.secrets.find import masked
from workbench.core.text import counted, one_line, well_formed
from workbench.importers.archive import words_of_archive
from workbench.importers.base import Importer, Opened, Options, Record
from workbench.importers.choose import by_key, choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of
from workbench.importers.mapping.mapped import PLACE, WHERE, checked_mapping, conditions_of
from workbench.importers.mapping.masking import shown
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.preview import Preview as Preview
from workbench.importers.preview import preview
from workbench.importers.reading.paths import MISSING
from workbench.importers.reading.paths import Path as DottedPath
from workbench.importers.recognise import Recognised

if TYPE_CHECKING:
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
    paths = {key: DottedPath(path) for key, path in mapping.items() if key not in (PLACE, WHERE)}
    paths |= {f"{WHERE} {path.text}": path for path, _ in conditions_of(mapping)}
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


def complete_request(case: Case, recognised: Recognised, request: ImportRequest) -> tuple[ImportRequest, str]:
    """The request with what follows from the file's form and from earlier ones of its kind; and words for both."""
    request, again = mapped_again(case, recognised, request)
    request, aside = set_aside_training(case, recognised, request)
    return request, " ".join(filter(None, [again, aside, *words_of_archive(recognised, options_of(request))]))


def mapped_again(case: Case, recognised: Recognised, request: ImportRequest) -> tuple[ImportRequest, str]:
    """The request, with the mapping of an earlier file of this kind where no importer knows the format.

    With it come words that say so.
    """
    if request.mapping or request.format or recognised.known.claims:
        return request, ""
    saved = saved_mapping(case, preview(recognised))
    return (request, "") if saved is None else (replace(request, mapping=saved.mapping), saved.words())


def options_of(request: ImportRequest, prompts: Opened | None = None) -> Options:
    """The request as importers get it; `prompts` is the file of prompts where it was opened already."""
    file = prompts or request.prompts
    return Options(request.mapping, PromptFile(file) if file else None, request.model, request.encoding)


def reader_of(recognised: Recognised, request: ImportRequest, prompts: Opened | None) -> tuple[Importer, Options]:
    """Who reads a file, and how. Raises BadInputError when no importer does, UsageError for prompts without a use."""
    options = options_of(request, prompts)
    importer = choose(recognised, options, request.format)
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
        return first_of(recognise(opened, encoding=request.encoding), request, count)


def first_of(recognised: Recognised, request: ImportRequest, count: int = FIRST) -> list[FirstRecord]:
    """The same of a file that was opened already."""
    importer, options = reader_of(recognised, request, _prompts(request))
    with closing(records_in(importer, recognised.opened, options)) as records:
        found = (record for record in records if not isinstance(record, CorpusFacts))
        return [_shown(record) for record in islice(found, count)]


def dry_run(path: Path, request: ImportRequest, progress: Progress = silent, *, case: Case | None = None) -> DryRun:
    """Read a whole file and count as an import would; nothing is kept.

    With a case it also says what the case holds already. Raises as `first_records`, and Cancelled.
    """
    checks(request)
    with _opened(path, request.encoding, part(progress, 0, 0.3)) as opened:
        recognised = recognise(opened, encoding=request.encoding)
        importer, options = reader_of(recognised, request, _prompts(request))
        encodings, observed = Encodings(opened), Provenance(request.model)
        prompts = words_of_archive(recognised, options)
        tally = _Tally(request, Path(folder_name(path) if is_folder(path) else path.name).stem)
        read = records_in(importer, opened, options, part(progress, 0.3 if is_folder(path) else 0, 1))
        with closing(read) as records:
            for batch in batches(observed.through(encodings.through(records))):
                tally.see(batch)
    said = (*encodings.notices(), *observed.notices(), *filter(None, [importer.note]), *prompts, *tally.notices())
    notices = said if case is None else (*said, *_in_the_case(case, path, tally))
    return DryRun(importer.key, tally.corpora(), tuple(tally.rejections), notices, tally.reasons())


def checks(request: ImportRequest) -> None:
    """Raise UsageError for a mapping that doesn't say enough, or a format that is not known."""
    if request.mapping:
        checked_mapping(request.mapping)
    if request.format is not None:
        by_key(request.format)


def records_in(
    importer: Importer, opened: Opened, options: Options, progress: Progress = silent
) -> Generator[Record, None, None]:
    """The records of a file, one by one; to be closed where not all are wanted."""
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


class _Counted:
    """The answers of one model: their digests, and what tells those with a prompt from those that wait for theirs."""

    def __init__(self) -> None:
        self.records = 0
        self.with_prompt: set[bytes] = set()
        self.without: set[bytes] = set()
        self.bare: set[bytes] = set()

    def see(self, rows: ModelRows) -> None:
        """Count some answers. One is a duplicate where an earlier record has its digest."""
        self.records += len(rows.asked)
        none = [None] * len(rows.asked)
        labels = [rows.columns.get(name, none) for name in ("prompt_key", "record_id", "sample")]
        for asked, digest, text, *own in zip(
            rows.asked, rows.columns["digest"], rows.columns["sha256"], *labels, strict=True
        ):
            if asked is None:
                self.without.add(bytes(digest))
                continue
            self.with_prompt.add(bytes(digest))
            if own[0] is not None:
                self.bare.add(record_digest(UNKNOWN_PROMPT, bytes(text), *own))

    @property
    def unjoined(self) -> int:
        """The answers without a prompt; one that is there with its prompt too is a duplicate."""
        return len(self.without - self.bare)

    @property
    def accepted(self) -> int:
        """The answers that are no duplicates."""
        return len(self.with_prompt) + self.unjoined


class _Tally:
    """Counts records as the store does."""

    def __init__(self, request: ImportRequest, name: str) -> None:
        self._default = request.model or name
        self._role = str(request.role or "")
        self._seen: dict[str, _Counted] = {}
        self._rejected: Counter[str | None] = Counter()
        self._reasons: dict[str, tuple[int, str]] = {}
        self.rejections: list[tuple[str, str]] = []

    def see(self, batch: Batch) -> None:
        """Count some records."""
        for rows in batch.rows:
            self._seen.setdefault(rows.model or self._default, _Counted()).see(rows)
        for number, offset, length, member, reason, model in batch.rejected:
            self._rejected[model] += 1
            if len(self.rejections) < _LISTED or reason in self._reasons:
                self._list(reason, place_words(member, number, offset, length))

    def _list(self, reason: str, place: str) -> None:
        count, first = self._reasons.get(reason, (0, place))
        self._reasons[reason] = count + 1, first
        if len(self.rejections) < _LISTED:
            self.rejections.append((place, masked(reason)))

    def reasons(self) -> tuple[tuple[str, int, str], ...]:
        """Why records would be rejected, with how many and the first."""
        return tuple((masked(reason), count, place) for reason, (count, place) in self._reasons.items())

    def corpora(self) -> tuple[CorpusImport, ...]:
        """The counts of each corpus; rejected records of no model among them with the default one or the first."""
        names = list(self._seen) or [self._default]
        charged = self._default if self._default in names else names[0]
        rejected = Counter[str]()
        for model, count in self._rejected.items():
            rejected[model if model in names else charged] += count
        return tuple(self._counts(name, rejected[name]) for name in names)

    def _counts(self, name: str, rejected: int) -> CorpusImport:
        counted = self._seen.get(name, _Counted())
        duplicate = counted.records - counted.accepted
        return CorpusImport(name, self._role, counted.records + rejected, counted.accepted, rejected, duplicate)

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know before importing."""
        said = [
            f"{name}: {counted(seen.unjoined, 'answer', 'answers')} would have no prompt yet."
            for name, seen in self._seen.items()
            if seen.unjoined
        ]
        strays = {model: count for model, count in self._rejected.items() if model and model not in self._seen}
        said += filter(None, [words_of_strays(strays) if self._seen else ""])
        return tuple(said) if self._seen else (*said, "Not one record could be taken in: the import would be refused.")


def _in_the_case(case: Case, path: Path, tally: _Tally) -> tuple[str, ...]:
    held = {corpus.name for corpus in case.corpora()}
    said = [
        f"{corpus.name} has answers in the case already; the same record counts once."
        for corpus in tally.corpora()
        if corpus.name in held
    ]
    if not is_folder(path):
        size = path.stat().st_size
        equal = {source.sha256 for source in case.sources() if source.size == size}
        if equal and sha256_file(path) in equal:
            said.insert(0, "This file is in the case already: importing it again would take in nothing.")
    return tuple(said)
