"""What the records of a file say about how its answers came to be, gathered while they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Generic, TypeVar

import orjson

from workbench.core.claimed_model import NAMED, other_models
from workbench.core.model import Facts, Json, Rejected, Response
from workbench.core.secrets.find import masked, masked_name
from workbench.core.text import counted, one_line
from workbench.importers.base import Opened, Record
from workbench.importers.containers.encoding import NAMES
from workbench.importers.reading.fields import EMPTY
from workbench.importers.reading.tolerant_parse import INVALID_UTF8

_MANY = 1_000
"""So many different values of one kind are kept apart; further ones are counted together."""

_NAMED = 5

_Key = TypeVar("_Key", bound=Hashable)


class _Values(Generic[_Key]):
    """How often each of the values of one kind was seen; beyond a limit new ones are counted together."""

    def __init__(self) -> None:
        self.counts: Counter[_Key] = Counter()
        self.others = 0

    def see(self, value: _Key, times: int = 1) -> None:
        """Count a value."""
        if value in self.counts or len(self.counts) < _MANY:
            self.counts[value] += times
        else:
            self.others += times

    def add(self, more: _Values[_Key]) -> None:
        """Count what was seen elsewhere too."""
        for value, times in more.counts.items():
            self.see(value, times)
        self.others += more.others

    def listed(self, words: Callable[[_Key], str]) -> str:
        """The commonest values, each as `words` says it; those that it says nothing of are left out."""
        named = Counter[str]()
        for value, times in self.counts.items():
            if said := words(value):
                named[said] += times
        if self.others:
            named["others"] = self.others
        first = ", ".join(f"{one_line(name, 120)} ({n})" for name, n in named.most_common(_NAMED))
        return f"{first} and {len(named) - _NAMED} more" if len(named) > _NAMED else first


class Provenance:
    """Counts what stands beside the answers: models asked for and named, settings, system prompts, endpoints."""

    def __init__(self, model: str | None) -> None:
        self._model = model
        self._named = _Values[str]()
        self._requested = _Values[tuple[str, str]]()
        self._settings = _Values[bytes]()
        self._systems = _Values[str]()
        self._endpoints = _Values[str]()
        self._apart = self._damaged = self._empty = 0

    def through(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records, all under the model that the user named, if any; what they say is counted."""
        for record in records:
            if isinstance(record, Response):
                yield self._seen(record)
            else:
                yield self._refused(record) if isinstance(record, Rejected) else record

    def add(self, other: Provenance) -> None:
        """Count what another reader of the same file saw with what this one did."""
        self._named.add(other._named)
        self._requested.add(other._requested)
        self._settings.add(other._settings)
        self._systems.add(other._systems)
        self._endpoints.add(other._endpoints)
        self._apart += other._apart
        self._damaged += other._damaged
        self._empty += other._empty

    def notices(self) -> tuple[str, ...]:
        """What the examiner should know of it, in sentences."""
        found = []
        if self._damaged:
            found.append(
                f"{counted(self._damaged, 'answer holds', 'answers hold')} bytes that are not UTF-8; in the text a "
                "mark stands for each. --encoding names the encoding where the file is in another."
            )
        if self._empty:
            words = counted(self._empty, "answer is empty; it carries", "answers are empty; they carry")
            found.append(f"{words} the flag “{EMPTY}”.")
        if named := self._named.listed(str):
            found.append(f"Imported as {self._model}; the records name {named}.")
        if others := self._requested.listed(_another):
            found.append(f"Another model was asked for than the one that the records name: {others}.")
        if settings := self._settings.listed(_words):
            found.append(f"Decoding settings that the records state: {settings}.")
        if different := len(self._systems.counts):
            several = f"{different} different system prompts" if different > 1 else "a system prompt"
            answers = self._systems.counts.total() + self._systems.others
            found.append(
                f"{counted(answers, 'answer was', 'answers were')} given under {several}; "
                "prompts are matched without it, and the answers carry the flag “system prompt”."
            )
        if endpoints := self._endpoints.listed(str):
            found.append(f"Endpoints that the records name: {endpoints}.")
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

    def _seen(self, record: Response) -> Response:
        """The record under the model that it comes in under; what it states is counted."""
        if record.flags:
            self._damaged += INVALID_UTF8 in record.flags
            self._empty += EMPTY in record.flags
        model, extra = record.model, record.extra
        if model is not None:
            model = masked_name(model)  # it may hold a key
            if model.strip() not in ("", model):
                model, extra = model.strip(), _naming(extra, model)
        # Records that name no model go to the corpus of the import as they are.
        own = model
        if self._model is not None and model is not None and model != self._model:
            self._named.see(model)
            own, extra = self._model, _naming(extra, model)
        if extra:
            self._count_stated(model, extra)
        if own == record.model and extra is record.extra:
            return record
        # `_replace` takes three times as long, some 7 % of an import that names its model.
        return Response._make((*record[:3], own, *record[4:-1], extra))

    def _count_stated(self, model: str | None, extra: Mapping[str, Json]) -> None:
        get = extra.get
        if (requested := get("requested_model")) and model and isinstance(requested, str):
            self._requested.see((requested, model))
        if settings := get("settings"):
            self._settings.see(_written(settings))
        if system := get("system"):
            self._systems.see(str(system))
        if endpoint := get("endpoint"):
            self._endpoints.see(str(endpoint))
        if get("reasoning"):
            self._apart += 1


def _naming(extra: Mapping[str, Json] | None, model: str) -> Mapping[str, Json]:
    """What stands beside an answer with the model that its record names, where it is kept under another."""
    return {**extra, NAMED: model} if extra else {NAMED: model}


def _written(settings: Json) -> bytes:
    try:
        return orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return b'"?"'  # numbers of any size and lone surrogates


def _words(stated: bytes) -> str:
    settings = orjson.loads(stated)
    if not isinstance(settings, dict):
        return one_line(str(settings), 80)
    return ", ".join(f"{name} {_plain(value)}" for name, value in settings.items())


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _another(names: tuple[str, str]) -> str:
    """The model asked for and the one named, where they are not the same."""
    requested, model = names
    return f"{requested} → {model}" if other_models(requested, Facts(named=(model,))) else ""


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
