"""Replay: every finding of a pack computed again from the pack alone, and each number and chart compared."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from workbench.app.pack import contents_of
from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.app.verify import prompts_in, read_again
from workbench.core.csv_lists import records_in, rows_in
from workbench.core.errors import RefusedError, VerificationError, WorkbenchError
from workbench.core.hashing import canonical
from workbench.core.model import (
    CorpusFacts,
    Finding,
    Json,
    Narrative,
    Rejected,
    Response,
    finding_from_json,
    table_from_json,
)
from workbench.core.progress import Progress, part, silent
from workbench.core.surroundings import Conditions
from workbench.evidence.check.check import check_pack, opened
from workbench.evidence.check.pack_files import Members
from workbench.evidence.pack.names import CALIBRATIONS, CHARTS, DATA, NORMALISED, ORIGINALS, finding_stem
from workbench.evidence.pack.sealed import AUDIT_LOG
from workbench.evidence.report.charts import Chart, charts_of
from workbench.store import Case, LedgerLine, rescue

RESULTS = "data/05_analysis/results.json"
NEAR = 1e-9
"""Numbers that differ by less, relative to the larger, are the same but for another machine's rounding."""

NOTHING = 1e-12
"""What one machine's rounding leaves of a difference that is 0 on another."""

EXAMINATION = "examination"

_SHOWN = 5
"""Differences of a finding that are named one by one."""

SAME, NEARLY, DIFFERENT, NOT_COMPUTED = "same", "within 1e-9", "DIFFERENT", "NOT COMPUTED"


class Replayed(NamedTuple):
    """One finding: what came of it, how many numbers were compared, where it differs, and its chart."""

    number: int
    analysis: str
    state: str
    numbers: int
    differing: tuple[str, ...]
    chart: str


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay came to: its findings, what of the pack could not be had again, and other versions of libraries."""

    findings: tuple[Replayed, ...]
    lost: tuple[str, ...]
    software: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every finding and every chart came out again."""
        return all({one.state, one.chart} <= {SAME, NEARLY} for one in self.findings)


def replay(pack: Path, conditions: Conditions, progress: Progress = silent) -> ReplayReport:
    """Do again what the log of a pack tells, in a folder of its own that is deleted afterwards.

    Raises VerificationError for a pack that does not agree with its seals, RefusedError for one without a log of
    runs, CaseError and BadInputError.
    """
    checked = check_pack(pack, part(progress, 0, 0.1))
    problems = checked.problems
    if checked.notes:
        raise RefusedError(
            "This is a redacted copy: what was taken out of it is missing in every number that would be computed.",
            hint="Ask for the full pack, and replay that.",
        )
    if problems:
        raise VerificationError(
            f"The pack does not agree with its seals, so that nothing was computed. {problems[0].path}: "
            f"{problems[0].detail}",
            hint="`workbench verify PACK.zip` names all that is wrong.",
        )
    with tempfile.TemporaryDirectory(prefix="workbench-replay-") as work, opened(pack) as members:
        material = _Material(members, Path(work))
        material.unpack(part(progress, 0.1, 0.2))
        if not material.results:
            raise RefusedError("The pack holds no finding, so that there is nothing to compute again.")
        return _done_again(material, conditions, part(progress, 0.2, 1))


def _done_again(material: _Material, conditions: Conditions, progress: Progress) -> ReplayReport:
    runs = _Runs(material, part(progress, 0, 0.85))
    target = material.folder / "again.case"
    made = rescue(
        material.old,
        target,
        conditions,
        runs.advance,
        read=material.read,
        read_prompts=prompts_in,
        again=runs.do,
        stand_ins=material.stand_ins,
    )
    with Case.open(target, conditions=conditions, writing=False) as case:
        charts = _charts(case, part(progress, 0.85, 1))
        findings = {stored.number: stored.finding for stored in case.findings()}
    compared = tuple(
        _compared(material, item, findings.get(item["number"]), runs.failed, _chart(material.members, item, charts))
        for item in material.results
    )
    lost = [words for words in made.lost if not words.startswith("pack ")]
    if material.stand_ins:
        lost.append(
            f"{len(material.stand_ins)} files that this copy leaves out: their answers were taken as it has them"
        )
    return ReplayReport(compared, tuple(lost), _software(material.results, findings))


class _Material:
    """What a replay takes from a pack: the log, the files as received, and the calibrations."""

    def __init__(self, members: Members, folder: Path) -> None:
        self.members = members
        self.folder = folder
        self.old = folder / "old"
        self.results: list[Json] = json.loads(self._bytes(RESULTS))["findings"]
        self.stand_ins: dict[str, Path] = {}

    def _bytes(self, path: str) -> bytes:
        return b"".join(self.members.chunks(path))

    def unpack(self, progress: Progress) -> None:
        """Lay out the log and the originals as those of a case; what was left out is stood in for by its answers."""
        (self.old / "originals").mkdir(parents=True)
        self._write(AUDIT_LOG, self.old / "ledger.jsonl")
        rows = records_in(self._bytes(f"{DATA}names.csv"))
        there = {row["sha256"]: row["file"] for row in rows if row["kind"] == "source"}
        for at, (digest, path) in enumerate(there.items()):
            progress(at / len(there), f"unpacking {at + 1:,} of {len(there):,} files")
            if path.startswith(ORIGINALS) and path in self.members.sizes:
                self._write(path, self.old / "originals" / digest)
        left_out = {digest for digest in there if not (self.old / "originals" / digest).exists()}
        for digest in sorted(left_out & self._sources_of_answers()):
            stand_in = self.folder / f"stand-in-{digest}"
            stand_in.write_text(digest, encoding="ascii")
            self.stand_ins[digest] = stand_in
        for path in self.members.sizes:
            if path.startswith(CALIBRATIONS):
                self._write(path, self.folder / path.removeprefix(CALIBRATIONS))

    def _write(self, path: str, target: Path) -> None:
        with target.open("wb") as out:
            for chunk in self.members.chunks(path):
                out.write(chunk)

    def _sources_of_answers(self) -> set[str]:
        return {str(record["source"]) for path in self._corpora() for record in self._records(path)}

    def _corpora(self) -> list[str]:
        return sorted(path for path in self.members.sizes if path.startswith(NORMALISED))

    def _records(self, path: str) -> Iterator[Json]:
        rest = b""
        for chunk in self.members.chunks(path):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from map(json.loads, lines)

    def tables(self, item: Json) -> dict[str, Json]:
        """The tables of a finding."""
        return {name: json.loads(self._bytes(f"{path}.json")) for name, path in item["tables"].items()}

    def calibration(self, digest: str) -> str:
        """The file of a calibration that the pack holds; the digest itself where it holds none."""
        held = self.folder / f"{digest[:12]}.json"
        return str(held) if held.exists() else digest

    def read(
        self, original: Path, name: str, importer: str, options: Json
    ) -> Iterator[Response | Rejected | CorpusFacts]:
        """Read a file as it was read before; of one that was left out, its answers as the pack has them."""
        if original.stat().st_size == 64:
            digest = original.read_bytes().decode("ascii", "replace")
            if digest in self.stand_ins:
                return self._answers(digest)
        return read_again(self.old)(original, name, importer, options)

    def _answers(self, source: str) -> Iterator[Response]:
        for path in self._corpora():
            for one in self._records(path):
                if one["source"] == source:
                    yield Response(
                        one["response"], one["prompt"], one["prompt_key"], one["model"], one["record_id"],
                        one["sample"], one["time"], one["index"], one["offset"], one["length"], one["member"],
                        tuple(one["flags"]),
                    )  # fmt: skip


@dataclass(slots=True)
class _Runs:
    """The runs, withdrawals and examinations of a log, done again at their places in it."""

    material: _Material
    progress: Progress
    failed: dict[int, str] = field(default_factory=dict)
    share: float = 0.0

    def advance(self, fraction: float, note: str = "") -> None:
        """How far the log has been gone through."""
        self.share = fraction
        self.progress(fraction, note)

    def do(self, case: Case, line: LedgerLine) -> bool:
        """Do what a line tells; False for what a rescue does by itself."""
        if line.action == "analysis run":
            self._run(case, line)
        elif line.action == "finding withdrawn":
            case.withdraw(int(line.object["finding"]), line.reason or "")
        elif line.action == "case examined":
            from workbench.app.examination.run import examine

            examine(case, 1, lambda _, words="": self.progress(self.share, words))
        else:
            return False
        return True

    def _run(self, case: Case, line: LedgerLine) -> None:
        number = int(line.object["finding"])
        item = next(one for one in self.material.results if one["number"] == number)
        session = Session(case, cache=self.material.folder / "cache", workers=1)
        words = f"finding {number}, {item['finding']['analysis']}"
        try:
            session.run(
                item["finding"]["analysis"],
                self._request(item["options"]),
                lambda _, said="": self.progress(self.share, f"{words}: {said}"),
            )
        except WorkbenchError as error:
            self.failed[number] = error.message
            # Later findings may name it: it takes its number as the pack has it.
            case.record_finding(
                _finding(item, self.material), narrative=_narrative(item), svg=b"", options=item["options"]
            )

    def _request(self, options: Json) -> RunRequest:
        parameters = dict(options["parameters"])
        if "calibration" in parameters:
            parameters["calibration"] = self.material.calibration(str(parameters["calibration"]))
        controls = options["controls"]
        return RunRequest(
            suspect=options["suspect"],
            protected=options["protected"] or None,
            controls=None if controls is None else tuple(controls),
            exclude=dict(options["exclude"]),
            despite_date=options["despite_date"],
            fewer_prompts=options.get("fewer_prompts"),
            parameters=parameters,
            seed=int(options["seed"]),
        )


def _narrative(item: Json) -> Narrative:
    said = item["narrative"]
    return Narrative(said["rung"], said["headline"], tuple(said["sentences"]), tuple(said["limits"]))


def _finding(item: Json, material: _Material) -> Finding:
    tables = {name: table_from_json(table) for name, table in material.tables(item).items()}
    return finding_from_json(item["finding"], tables)


def _charts(case: Case, progress: Progress) -> dict[int, Chart]:
    """The charts of all findings, drawn as a pack has them."""
    return charts_of(contents_of(case, replace(case.open_export(), choices={"originals": False})), progress)


def _chart(members: Members, item: Json, charts: Mapping[int, Chart]) -> str:
    """Whether a chart is the same drawing with the same description, of the same or nearly the same numbers.

    A drawing has no more digits than a printer shows. Its table has them all, the last ones being the processor's.
    """
    chart = charts.get(item["number"])
    if chart is None:
        return NOT_COMPUTED
    stem = CHARTS + finding_stem(item["number"], item["finding"]["analysis"])
    forms = {"svg": chart.svg, "txt": f"{chart.text}\n".encode()}
    if any(b"".join(members.chunks(f"{stem}.{kind}")) != data for kind, data in forms.items()):
        return DIFFERENT
    found = _Differences()
    found.walk(_cells(b"".join(members.chunks(f"{stem}.csv"))), _cells(chart.csv), "")
    return found.state


def _cells(table: bytes) -> list[list[float | str]]:
    """The rows of a chart's table, its numbers as numbers."""
    return [[_number_or_text(cell) for cell in row] for row in rows_in(table)]


def _number_or_text(cell: str) -> float | str:
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if math.isfinite(number) else cell


def _compared(material: _Material, item: Json, now: Finding | None, failed: Mapping[int, str], chart: str) -> Replayed:
    number, finding = item["number"], item["finding"]
    if now is None or number in failed:
        why = (failed.get(number, "The log holds no line of its run."),)
        return Replayed(number, finding["analysis"], NOT_COMPUTED, 0, why, chart)
    then = {name: value for name, value in finding.items() if name not in ("software", "tables")}
    again = {name: value for name, value in _plain(now.as_json()).items() if name not in ("software", "tables")}
    then["tables"] = {name: _without_digests(table) for name, table in material.tables(item).items()}
    again["tables"] = {name: _without_digests(_plain(table.as_json())) for name, table in now.tables.items()}
    if material.stand_ins:
        # The digest of an examination covers the files, of which this copy holds the answers alone.
        for one in (then, again):
            one["resources"] = {name: value for name, value in one["resources"].items() if name != EXAMINATION}
    found = _Differences()
    found.walk(then, again, "")
    return Replayed(number, finding["analysis"], found.state, found.numbers, tuple(found.paths[:_SHOWN]), chart)


def _plain(value: Json) -> Json:
    """As it comes back from a file."""
    return json.loads(canonical(value))


def _without_digests(table: Json) -> Json:
    """A table without the digests of other findings, which hold the versions of libraries; each is compared itself."""
    kept = [at for at, column in enumerate(table["columns"]) if column["name"] != "sha256"]
    return {
        "columns": [table["columns"][at] for at in kept],
        "rows": [[row[at] for at in kept] for row in table["rows"]],
    }


@dataclass(slots=True)
class _Differences:
    """Two values held against each other: the places where they differ, and how many numbers were looked at."""

    paths: list[str] = field(default_factory=list)
    numbers: int = 0
    near: int = 0

    @property
    def state(self) -> str:
        return DIFFERENT if self.paths else NEARLY if self.near else SAME

    def walk(self, then: Json, now: Json, at: str) -> None:
        """Compare all that is in two values."""
        if isinstance(then, dict) and isinstance(now, dict) and then.keys() == now.keys():
            for name in then:
                self.walk(then[name], now[name], f"{at}.{name}".strip("."))
        elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
            for place, (one, other) in enumerate(zip(then, now, strict=True)):
                self.walk(one, other, f"{at}[{place}]")
        elif _is_number(then) and _is_number(now):
            self.numbers += 1
            self._number(then, now, at)
        elif then != now:
            self.paths.append(at)

    def _number(self, then: float, now: float, at: str) -> None:
        if then == now:
            return
        if math.isclose(then, now, rel_tol=NEAR, abs_tol=NOTHING):
            self.near += 1
        else:
            self.paths.append(f"{at}: {then:.6g}, now {now:.6g}")


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _software(items: Sequence[Json], findings: Mapping[int, Finding]) -> tuple[str, ...]:
    """Which libraries are of another version here than those that the findings name."""
    said: dict[str, None] = {}
    for item in items:
        now = findings.get(item["number"])
        for name, version in item["finding"]["software"].items():
            here = now.software.get(name) if now else None
            if here not in (None, version):
                said[f"{name} {version} then, {here} now"] = None
    return tuple(said)
