"""The contents of a redacted copy: those of the full pack, with codes where the rules take something out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from workbench.core.disguises import folded
from workbench.core.errors import UsageError
from workbench.core.hashing import canonical
from workbench.core.model import Facts, Json
from workbench.core.plan import plans_in
from workbench.core.progress import Progress
from workbench.core.redactions import COPY_MADE, Kind, Redactions, Rule
from workbench.core.text import normal_prompt
from workbench.evidence.exhibits.said import why
from workbench.evidence.exhibits.shown import ExhibitSet, Shown, ShownExhibit, exhibits_of, spans_in
from workbench.evidence.pack.contents import PackContents, PackCorpus, PackFinding, PackSource
from workbench.evidence.redacted.codes import Codes
from workbench.evidence.redacted.quotes import LEAST, RUN, word_count
from workbench.evidence.redacted.redactor import TELLING, Gone, Named, Place, Redacting, Redactor, place_of

_PROMPT, _CALIBRATION = "prompt", "calibration"
_STAYS = frozenset({"methods", "method", "tool", "begun", "head", "case_id", "ledger_lines", "include_originals"})
"""Fields of a pack's contents that hold no word of the case, and those that are changed in ways of their own."""


@dataclass(frozen=True, slots=True)
class RedactedContents:
    """What a redacted copy is made from; `prompts` and `answers` count those that are taken out whole."""

    contents: PackContents
    exhibits: ExhibitSet
    redactor: Redactor
    prompts: int
    answers: int
    lines: int
    """Lines of the log that have something else in them than in the full pack, beside hashes."""


def redacted(full: PackContents, by: Redacting, codes: Codes, progress: Progress) -> RedactedContents:
    """The contents of a copy. Raises UsageError for a rule that names what is not in the pack."""
    redactions = by.redactions
    exhibits = exhibits_of(full)
    gone = _Gone(full, redactions, exhibits, by.numbered)
    redactor = Redactor(redactions, codes, gone.names())
    _look_through(full, exhibits, gone, redactor, progress)
    _learn_looks(full, gone, redactor)
    out = _redacted(full, gone, redactor)
    shown = ExhibitSet(
        tuple(_exhibit(one, out, gone, redactor) for one in exhibits.exhibits),
        exhibits.of_case,
        redactor.text(exhibits.protected),
        tuple(redactor.record(one) for one in exhibits.counts),
    )
    lines = sum(_bare(old) != _bare(new) for old, new in zip(full.ledger_lines, out.ledger_lines, strict=True))
    return RedactedContents(out, shown, redactor, len(gone.asked), len(redactor.gone), lines)


class _Gone:
    """What is taken out whole, by the rules."""

    def __init__(
        self, full: PackContents, redactions: Redactions, exhibits: ExhibitSet, numbered: Mapping[int, Place]
    ) -> None:
        self._redactions = redactions
        self._full = full
        by_name = {item.corpus.name: item for item in full.corpora}
        self.corpora = {rule.what: rule for rule in redactions.of(Kind.CORPUS)}
        for name in self.corpora:
            if name not in by_name:
                raise UsageError(
                    f"There is no corpus “{name}” in this pack.", hint="`workbench corpora CASE` lists them."
                )
        self.prompts = {folded(normal_prompt(rule.what)): rule for rule in redactions.of(Kind.PROMPT)}
        self.asked: set[str] = set()
        """The prompts that were met, by their letters."""
        self.answers: dict[Place, Rule] = {}
        for rule in redactions.of(Kind.ANSWER):
            number = int(rule.what) if rule.what.isdecimal() else 0
            if number not in numbered:
                raise UsageError(
                    f"There is no answer {rule.what} in this pack.", hint="`workbench search` gives numbers."
                )
            self.answers[numbered[number]] = rule
        self.exhibits = {rule.what.upper(): rule for rule in redactions.of(Kind.EXHIBIT)}
        known = {one.name: one for one in exhibits.exhibits}
        for name, rule in self.exhibits.items():
            if name not in known:
                raise UsageError(
                    f"There is no exhibit {rule.what} in this pack.", hint="`workbench exhibits CASE` lists them."
                )
            for column in known[name].columns:
                place = place_of(column.model, column.answer)
                if place is not None:
                    self.answers.setdefault(place, rule)

    def names(self) -> Iterator[Named]:
        """Every word that is taken out wherever it stands: typed ones, and what tells who a removed corpus is."""
        yield from (Named(rule.kind, rule.what, rule.reason) for rule in self._redactions.of(Kind.NAME))
        others = {
            text for item in self._full.corpora if item.corpus.name not in self.corpora for text in _telling(item)
        }
        for item in self._full.corpora:
            rule = self.corpora.get(item.corpus.name)
            if rule is not None:
                yield Named(Kind.CORPUS, item.corpus.name, rule.reason)
                for text in _telling(item):
                    if text not in others and len(folded(text)) > 2:
                        yield Named(TELLING, text, rule.reason)
        for rule in self._redactions.of(Kind.PROMPT):
            if LEAST <= word_count(rule.what) < RUN:
                yield Named(_PROMPT, rule.what, rule.reason)

    def rule_of(self, model: str, answer: Mapping[str, Json]) -> Rule | None:
        """The rule by which an answer is taken out; None where it stays."""
        if model in self.corpora:
            return self.corpora[model]
        if self.prompts and answer["prompt"] is not None:
            asked = folded(normal_prompt(str(answer["prompt"])))
            rule = self.prompts.get(asked)
            if rule is not None:
                self.asked.add(asked)
                return rule
        place = place_of(model, answer) if self.answers else None
        return self.answers.get(place) if place is not None else None

    def check(self) -> None:
        """Raise UsageError where a prompt was asked of no model: it may be mistyped, and would stay in the copy."""
        for asked, rule in self.prompts.items():
            if asked not in self.asked and not self.corpora:
                raise UsageError(
                    f"No answer in this pack is to the prompt “{rule.what[:60]}”.",
                    hint="Type the whole prompt, or take its words out with --redact name=… or pattern=….",
                )


def _telling(item: PackCorpus) -> Iterator[str]:
    """What tells who a corpus is."""
    facts = item.corpus.facts
    several = (facts.named, facts.endpoints, facts.system_prompts)
    single = (facts.developer, facts.base, facts.family, facts.claimed, facts.collector)
    yield from (text for text in (*single, *(one for some in several for one in some)) if text)


def _look_through(
    full: PackContents, exhibits: ExhibitSet, gone: _Gone, redactor: Redactor, progress: Progress
) -> None:
    """Learn which answers go, which texts quote them, and which digests are of what stays as it is."""
    for text, whole in _texts(full, exhibits):
        redactor.quotes.ask(text, whole=whole)
    changed: set[str] = set()
    sound = {item.corpus.sha256 for item in full.corpora} | {source.sha256 for source in full.sources}
    codes = redactor.codes
    for at, item in enumerate(full.corpora):
        name = item.corpus.name
        progress(at / len(full.corpora), f"looking through {redactor.text(name)}")
        for answer in full.normalised(name):
            rule = gone.rule_of(name, answer)
            digests = [value for key, value in answer.items() if key.endswith("sha256") and isinstance(value, str)]
            if rule is not None:
                code = codes.of(rule.kind, rule.what, rule.reason)
                place = place_of(name, answer)
                if place is not None:
                    redactor.gone[place] = Gone(code, rule.kind in (Kind.PROMPT, Kind.CORPUS))
                redactor.quotes.hear(str(answer["response"]), code)
                if rule.kind in (Kind.PROMPT, Kind.CORPUS) and answer["prompt"]:
                    redactor.quotes.hear(str(answer["prompt"]), code)
            if rule is None and redactor.row(name, answer, digests=False) == dict(answer):
                redactor.kept.update(digests)
            else:
                changed.update((item.corpus.sha256, str(answer.get("source", "")), *digests))
    gone.check()
    redactor.kept |= sound - changed
    redactor.kept -= changed
    redactor.kept |= {digest for item in full.findings for digest in item.exhibit.finding.resources.values()}
    redactor.kept.add(full.head)


def _texts(full: PackContents, exhibits: ExhibitSet) -> Iterator[tuple[str, bool]]:
    """Every text that may quote an answer, and whether few words may be a quotation where they are all of it."""
    for line in full.ledger_lines:
        yield from ((text, True) for text in _in_json(json.loads(line)))
    for item in full.findings:
        for table in item.exhibit.finding.tables.values():
            yield from ((cell, True) for row in table.rows for cell in row if isinstance(cell, str))
        yield from ((text, False) for text in _in_record(item))
    for one in exhibits.exhibits:
        yield from ((passage.words, True) for passage in one.passages)
        yield from ((text, True) for text in _in_record(one.entry))
    yield from (
        (text, False) for some in (full.documents, full.instructions, full.imports) for text in _in_record(some)
    )


def _in_json(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield key
            yield from _in_json(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _in_json(item)


def _in_record(value: Any) -> Iterator[str]:
    if isinstance(value, Enum) or callable(value):
        return
    if is_dataclass(value):
        for one in fields(value):
            yield from _in_record(getattr(value, one.name))
    elif isinstance(value, Mapping):
        yield from _in_json(value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _in_record(item)
    elif isinstance(value, str):
        yield value


def _learn_looks(full: PackContents, gone: _Gone, redactor: Redactor) -> None:
    """Runs name what was planned by a digest of the plan's words: in the copy by that of the words that are there."""
    only = _files_of_gone(full, gone)
    for text in full.ledger_lines:
        planned = plans_in([json.loads(text)])
        if planned:
            (now,) = plans_in([json.loads(_line(text, gone, only, redactor))])
            pairs = zip(planned[0].looks(), now.looks(), strict=True)
            redactor.instead |= {before.digest: after.digest for before, after in pairs}


def _redacted(full: PackContents, gone: _Gone, redactor: Redactor) -> PackContents:
    changed = {
        one.name: redactor.record(getattr(full, one.name))
        for one in fields(full)
        if one.name
        not in (*_STAYS, "corpora", "sources", "findings", "normalised", "redraw", "rejections", "duplicates")
    }
    names = {redactor.text(item.corpus.name): item.corpus.name for item in full.corpora}
    if len(names) < len(full.corpora):
        raise UsageError(
            "After these redactions two corpora have the same name.",
            hint="Take their names out one by one: --redact corpus=NAME, or a name that is whole.",
        )
    only = _files_of_gone(full, gone)
    changed |= {
        "corpora": tuple(_corpus(item, gone, redactor) for item in full.corpora),
        "sources": tuple(_source(source, only, redactor) for source in full.sources),
        "findings": tuple(_finding(item, redactor) for item in full.findings),
        "normalised": lambda name: (redactor.row(names[name], answer) for answer in full.normalised(names[name])),
        "rejections": _told(full.rejections, redactor),
        "duplicates": _told(full.duplicates, redactor),
        "ledger_lines": tuple(_line(text, gone, only, redactor) for text in full.ledger_lines),
        "include_originals": False,
        "redactions": (),
        "included": {},
        "signers": (),
    }
    return replace(full, **changed)


def _told(rows: Callable[[int], Iterator[tuple[Any, ...]]], redactor: Redactor) -> Callable[[int], Iterator[Any]]:
    return lambda number: (tuple(redactor.json(list(row))) for row in rows(number))


def _files_of_gone(full: PackContents, gone: _Gone) -> dict[str, str]:
    """The files that only removed corpora came from, by digest: their names go too."""
    others = {digest for item in full.corpora if item.corpus.name not in gone.corpora for digest in item.sources}
    return {
        digest: item.corpus.name
        for item in full.corpora
        if item.corpus.name in gone.corpora
        for digest in item.sources
        if digest not in others
    }


def _source(source: PackSource, only: Mapping[str, str], redactor: Redactor) -> PackSource:
    made: PackSource = redactor.record(replace(source, path=None, document="", withheld=""))
    return replace(made, name=redactor.text(only[source.sha256])) if source.sha256 in only else made


def _corpus(item: PackCorpus, gone: _Gone, redactor: Redactor) -> PackCorpus:
    made: PackCorpus = redactor.record(item)
    if item.corpus.name not in gone.corpora:
        return made
    facts = item.corpus.facts
    rule = gone.corpora[item.corpus.name]
    left = Facts(
        developer=redactor.codes.of(rule.kind, rule.what, rule.reason) if facts.developer else None,
        released=facts.released,
        collected=facts.collected,
        teacherless=facts.teacherless,
        control_only=facts.control_only,
    )
    return replace(made, corpus=replace(made.corpus, facts=left, note=""))


def _finding(item: PackFinding, redactor: Redactor) -> PackFinding:
    """A finding with codes; a cell of a table that quotes a removed answer is one."""
    made: PackFinding = redactor.record(item)
    finding = made.exhibit.finding
    tables = {
        name: replace(
            table,
            rows=tuple(
                tuple(redactor.text(cell, whole=True) if isinstance(cell, str) else cell for cell in row)
                for row in table.rows
            ),
        )
        for name, table in finding.tables.items()
    }
    values = dict(finding.values)
    if _CALIBRATION in values:
        # It is named by its digest, and speaks of panels of known truth alone.
        values[_CALIBRATION] = item.exhibit.finding.values[_CALIBRATION]
    return replace(made, exhibit=replace(made.exhibit, finding=replace(finding, tables=tables, values=values)))


def _line(text: str, gone: _Gone, only: Mapping[str, str], redactor: Redactor) -> str:
    """A line of the log: what the rules take out of it, and the salted hashes of what is not here as it was."""
    line = json.loads(text)
    for key in ("examiner", "account", "object", "options", "reason"):
        line[key] = redactor.json(_without(line[key], gone, only), whole=True)
    for key in ("before", "after", "previous", "hash"):
        if isinstance(line[key], str):
            line[key] = redactor.text(line[key])
    named = line["object"].get("exhibit") if isinstance(line["object"], dict) else None
    # What an earlier copy left out is not told by a later one, which may leave out less.
    if named in gone.exhibits or line["action"] == COPY_MADE:
        line["options"], line["reason"] = {}, ""
    return canonical(line).decode()


def _without(value: Json, gone: _Gone, only: Mapping[str, str]) -> Json:
    """What a line says of removed corpora and exhibits, blank but for numbers and dates."""
    if isinstance(value, list):
        return [_without(item, gone, only) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _without(item, gone, only) for key, item in value.items()}
    if value.get("sha256") in only and "name" in value:
        made["name"] = only[value["sha256"]]
    names = (value.get(key) for key in ("name", "default_model", "corpus", "model"))
    if isinstance(value.get("facts"), dict) and any(isinstance(name, str) and name in gone.corpora for name in names):
        made["facts"] = {key: _blank(key, item) for key, item in value["facts"].items()}
        made |= {"note": ""} if "note" in value else {}
    if value.get("exhibit") in gone.exhibits and "choice" in value:
        made |= {"choice": _blank("", value["choice"]), "comment": "", "tags": []}
    return made


_SAID = frozenset({"released", "collected", "role", "kind", "picker", "side", "sha256", "source", "model"})


def _blank(key: str, value: Json) -> Json:
    """A value whose texts are empty, but for dates, digests and words that the program chose."""
    if isinstance(value, str):
        return value if key in _SAID else ""
    if isinstance(value, dict):
        return {name: _blank(name, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_blank(key, item) for item in value if isinstance(item, dict)]
    return value


def _bare(text: str) -> Json:
    """A line of the log without the hashes that each line has."""
    line = json.loads(text)
    return {key: value for key, value in line.items() if key not in ("before", "after", "previous", "hash")}


def _exhibit(one: ShownExhibit, out: PackContents, gone: _Gone, redactor: Redactor) -> ShownExhibit:
    """An exhibit with codes in its answers; of a removed one its number and its answers' places are left."""
    entry = redactor.record(one.entry)
    choice = entry.choice
    choice = replace(
        choice, title=redactor.text(one.entry.choice.title, whole=True),
        passage=redactor.text(one.entry.choice.passage, whole=True),
        # What the program says of an exhibit counts words of passages, which may be codes now.
        why=redactor.text(why(one)) if one.standing else choice.why,
    )  # fmt: skip
    if one.name in gone.exhibits:
        rule = gone.exhibits[one.name]
        code = redactor.codes.of(rule.kind, rule.what, rule.reason)
        choice = replace(choice, title=code, passage="", why="", not_shown="")
        entry = replace(entry, tags=(), comment="", commented_by="", reviews=())
    entry = replace(entry, choice=choice)
    passages = tuple(replace(p, words=redactor.text(p.words, whole=True)) for p in one.passages)
    columns = []
    for column in one.columns:
        answer = redactor.row(column.model, column.answer)
        left = spans_in(str(answer["response"]), passages) if column.spans else ()
        removed = place_of(column.model, column.answer) in redactor.gone
        columns.append(Shown(column.role, redactor.text(column.model), answer, () if removed else left))
    prompt = "\n".join(dict.fromkeys(str(column.answer.get("prompt") or "") for column in columns))
    finding = None
    if one.finding is not None:
        finding = next(item for item in out.findings if item.exhibit.number == one.finding.exhibit.number)
    return replace(one, entry=entry, prompt=prompt, columns=tuple(columns), passages=passages, finding=finding)
