"""What the records of a file say about how its answers came to be, gathered while they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import orjson

from workbench.core.claims import NAMED, other_models
from workbench.core.model import Facts, Json, Rejected, Response
from workbench.core.secrets.find import masked, masked_name
from workbench.core.text import counted, one_line
from workbench.importers import Opened, Record
from workbench.importers.containers.encoding import NAMES
from workbench.importers.reading.fields import EMPTY
from workbench.importers.reading.parse import INVALID_UTF8

_MANY = 1_000
"""So many different values of one kind are told apart; further ones are counted together."""

_OTHERS = "others"


_Extra = Mapping[str, Json] | None


class Observed:
    """Counts what stands beside the answers: models asked for and named, settings, system prompts, endpoints."""

    def __init__(self, model: str | None) -> None:
        self._model = model
        self._named: Counter[str] = Counter()
        self._requested: Counter[str] = Counter()
        self._settings: Counter[str] = Counter()
        self._systems: Counter[str] = Counter()
        self._endpoints: Counter[str] = Counter()
        self._apart = 0
        self._damaged = self._empty = 0
        self._stated: tuple[Json, ...] = (None,) * 5
        self._times = 0
        self._given: tuple[str | None, object] = (None, None)
        self._kept: tuple[str | None, _Extra] = (None, None)
        self._as_is = True
        self._named_by: str | None = None
        self._run = 0

    def through(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records, all under the model that the user named, if any; what they say is counted."""
        for record in records:
            if not isinstance(record, Response):
                yield self._refused(record) if isinstance(record, Rejected) else record
                continue
            if record.flags:
                self._damaged += INVALID_UTF8 in record.flags
                self._empty += EMPTY in record.flags
            given = (record.model, _written(record.extra))
            if given != self._given:
                self._begin_run(record)
                self._given = given
            self._run += 1
            if self._as_is:
                yield record
            else:
                # One object for all that state the same is compared and written out quickly.
                yield Response._make((*record[:3], self._kept[0], *record[4:-1], self._kept[1]))

    def add(self, other: Observed) -> None:
        """Count what another reader of the same file saw with what this one did."""
        self._conclude()
        other._conclude()
        for name in ("_named", "_requested", "_settings", "_systems", "_endpoints"):
            own: Counter[str] = getattr(self, name)
            for value, times in getattr(other, name).items():
                _count(own, value, times)
        self._apart += other._apart
        self._damaged += other._damaged
        self._empty += other._empty

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, in sentences."""
        self._conclude()
        found = []
        if self._damaged:
            found.append(
                f"{counted(self._damaged, 'answer holds', 'answers hold')} bytes that are not UTF-8; in the text a "
                "mark stands for each. --encoding names the encoding where the file is in another."
            )
        if self._empty:
            words = counted(self._empty, "answer is empty; it carries", "answers are empty; they carry")
            found.append(f"{words} the flag “{EMPTY}”.")
        if self._named:
            found.append(f"Imported as {self._model}; the records name {_listed(self._named)}.")
        if self._requested:
            found.append(f"Another model was asked for than the one that the records name: {_listed(self._requested)}.")
        if self._settings:
            found.append(f"Decoding settings that the records state: {_listed(self._settings)}.")
        if self._systems:
            several = f"{len(self._systems)} different system prompts" if len(self._systems) > 1 else "a system prompt"
            found.append(
                f"{counted(self._systems.total(), 'answer was', 'answers were')} given under {several}; "
                "prompts are matched without it, and the answers carry the flag “system prompt”."
            )
        if self._endpoints:
            found.append(f"Endpoints that the records name: {_listed(self._endpoints)}.")
        if self._apart:
            found.append(
                f"{counted(self._apart, 'answer', 'answers')} came with reasoning, which is kept apart from the answer."
            )
        return tuple(found)

    def _refused(self, record: Rejected) -> Rejected:
        """The record under the model that its answers would have come in under."""
        model = record.model
        if model is not None:
            model = self._model or masked_name(model).strip() or None
        # What a service says of a failed call may quote a key.
        return record._replace(reason=masked(record.reason), model=model)

    def _conclude(self) -> None:
        """Count what was not counted yet."""
        self._end_run()
        self._settle()

    def _begin_run(self, record: Response) -> None:
        """Begin anew: as a rule one record states what the one before it did."""
        self._end_run()
        model, extra = record.model, record.extra
        if model is not None:
            model = masked_name(model)  # it may hold a key
            if model.strip() not in ("", model):
                model, extra = model.strip(), _naming(extra, model)
        self._named_by = model
        # Records that name no model go to the corpus of the import as they are.
        if self._model is not None and model is not None and model != self._model:
            model, extra = self._model, _naming(extra, model)
        self._kept = (model, extra)
        self._as_is = model == record.model and extra is None

    def _end_run(self) -> None:
        """Count what the records of a run stated, which all stated the same."""
        times, self._run = self._run, 0
        if not times:
            return
        model, (kept, extra) = self._named_by, self._kept
        if model is not None and model != kept:
            _count(self._named, model, times)
        if extra:
            self._see(model, extra, times)

    def _see(self, model: str | None, extra: Mapping[str, Json], times: int) -> None:
        get = extra.get
        stated = (get("requested_model"), model, get("settings"), get("system"), get("endpoint"))
        if stated == self._stated:
            self._times += times
        else:
            self._settle()
            self._stated, self._times = stated, times
        if get("reasoning"):
            self._apart += times

    def _settle(self) -> None:
        """Count what the last records stated."""
        (requested, model, settings, system, endpoint), times = self._stated, self._times
        self._times = 0
        if not times:
            return
        if isinstance(requested, str) and model and other_models(requested, Facts(named=(model,))):
            _count(self._requested, f"{requested} → {model}", times)
        if settings:
            _count(self._settings, _words(settings), times)
        if system:
            _count(self._systems, str(system), times)
        if endpoint:
            _count(self._endpoints, str(endpoint), times)


def _naming(extra: _Extra, model: str) -> Mapping[str, Json]:
    """What stands beside an answer with the model that its record names, where it is kept under another."""
    return {**extra, NAMED: model} if extra else {NAMED: model}


def _written(extra: _Extra) -> object:
    """What tells apart what stands beside answers: 1, 1.0 and true are equal, and not the same."""
    if not extra:
        return None
    try:
        return orjson.dumps(extra)
    except TypeError:
        return object()  # large numbers and lone surrogates; like nothing else


def _count(counter: Counter[str], value: str, times: int = 1) -> None:
    counter[value if value in counter or len(counter) < _MANY else _OTHERS] += times


def _words(settings: Json) -> str:
    if not isinstance(settings, dict):
        return one_line(str(settings), 80)
    return ", ".join(f"{name} {_plain(value)}" for name, value in sorted(settings.items()))


def _plain(value: Json) -> str:
    try:
        return value if isinstance(value, str) else orjson.dumps(value).decode()
    except TypeError:
        return "?"


def _listed(counter: Counter[str]) -> str:
    words = ", ".join(f"{one_line(name, 120)} ({n})" for name, n in counter.most_common(5))
    return f"{words} and {len(counter) - 5} more" if len(counter) > 5 else words


_HOW = {
    "mark": "by its mark",
    "guessed": "guessed from its bytes (--encoding names another; `preview` shows the text beforehand)",
    "given": "as named by --encoding",
}


def stated(opened: Opened, given: str) -> Json:
    """The encoding as an import keeps it: its name, and how it is known."""
    if opened.container:
        return {"name": given, "how": "given"} if given else {"name": "", "how": "file by file"}
    return {"name": opened.encoding or "utf-8", "how": opened.encoded or "valid"}


class Encodings:
    """Counts the answers that were in another encoding than UTF-8."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._counts: Counter[str] = Counter()

    def through(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records as they are."""
        # The text of one file has one encoding; the files in an archive have each their own.
        return self._counted(records) if self._opened.container else records

    def _counted(self, records: Iterator[Record]) -> Iterator[Record]:
        for record in records:
            if isinstance(record, Response) and record.flags:
                self._counts.update(flag for flag in record.flags if flag in NAMES)
            yield record

    def notices(self) -> tuple[str, ...]:
        """The encodings in sentences; nothing where all was UTF-8."""
        if self._opened.encoding:
            how = _HOW[self._opened.encoded]
            return (f"The text was read as {self._opened.encoding}, {how}.",)
        return tuple(
            f"{counted(count, 'answer was', 'answers were')} in {name}." for name, count in sorted(self._counts.items())
        )
