"""Traces of saving in suspect and protected model of innocent pairs: named or not, and whether the findings move.

    python tests/benchmarks/artefacts.py [--panels sample,arena,...] [--kinds NAME,...] [--prompts 80] [--controls 12]
                                         [--pairs 1] [--write FOLDER] [--texts-only]

For each panel of known truth (the sample case, and those of `../shared` where they are) some pairs are taken of which
the suspect does not come from the protected family: the first of each suspect, suspects in order of their names. The
answers of the suspect, of one member of the family and of some controls go into a case as JSON lines, as they are and
then with a trace planted in suspect and protected model. `workbench artefacts` is asked, each trace that it names is
taken out before comparing, and `closest_source` and `weigh` are run before, with the trace, and after. Beside that the
detector looks at all corpora of all panels as they are: each trace that it names there is listed. With `--texts-only`
no case is made: how many answers are what they were, once what was named is taken out, says whether findings can move.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.planted_artefacts import OTHERS, PLANTED
from workbench.app.requests import ImportRequest, RunRequest
from workbench.app.session import Session
from workbench.core.artefacts import FOR_ALL, NORMALISED, Artefact, find_artefacts, normaliser
from workbench.core.errors import RefusedError
from workbench.core.hashing import sha256_text
from workbench.core.model import Facts, Role, SourceModel
from workbench.core.panel import Pair, Panel
from workbench.core.surroundings import of_this_machine
from workbench.core.text import normal_prompt

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
LOOKED_AT = 150
MAPPING = {"prompt": "prompt", "response": "response", "model": "model"}
REPLICATES = 200

Texts = dict[str, dict[str, str]]
"""For each model its first answer to each prompt, prompts by digest."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one trace in one pair: numbers as they were, as they are with it, and when it is settled.

    `named` counts the corpora (of two) in which it was named; `wrongly` those of others in which a trace was named that
    was not named before.
    """

    panel: str
    suspect: str
    protected: str
    controls: int
    prompts: int
    planted: str
    changed: float
    named: int
    wrongly: int
    closeness: float
    closeness_with: float
    closeness_after: float
    rank: int
    rank_with: int
    rank_after: int
    rung_with: int
    log10_lr: float
    log10_lr_with: float
    log10_lr_after: float


def texts_of(panel: Path) -> tuple[dict[str, Facts], Texts]:
    """What a manifest says of its models, and their first answers by digest of the prompt."""
    stated = json.loads(panel.read_bytes())
    prompts: dict[str, str] = {}
    if "prompts" in stated:
        asked = map(json.loads, (panel.parent / stated["prompts"]).read_text("utf-8").splitlines())
        prompts = {str(one["question_id"]): one["turns"][0] for one in asked}
    facts: dict[str, Facts] = {}
    texts: Texts = {}
    for entry in stated["corpora"]:
        name = entry["corpus"]
        known = {key: entry[key] for key in ("developer", "released", "base", "family", "teacherless") if key in entry}
        sources = tuple(SourceModel(**source) for source in entry.get("sources", ()))
        facts[name] = Facts(**known, group=tuple(entry.get("group", ())), sources=sources)
        given: dict[str, str] = {}
        for asked_of, answer in _answers(panel.parent / entry["file"], stated, prompts):
            given.setdefault(asked_of, answer)
        texts[name] = dict(sorted(given.items(), key=lambda one: sha256_text(normal_prompt(one[0]))))
    return facts, texts


def _answers(file: Path, stated: Mapping[str, str], prompts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    data = file.read_text("utf-8")
    records = json.loads(data) if data.lstrip().startswith("[") else list(map(json.loads, data.splitlines()))
    for one in records:
        if stated.get("format") == "fastchat":
            yield prompts[str(one["question_id"])], one["choices"][0]["turns"][0]
        elif stated.get("format") == "mapped":
            yield one[stated["prompt"]], one[stated["response"]]
        else:
            yield one["instruction"], one["output"]


def innocent(panel: Panel, count: int) -> list[Pair]:
    """Pairs of which the suspect does not come from the family, one for each suspect and at least eight controls."""
    found: list[Pair] = []
    for suspect in sorted(panel.suspects()):
        own = [p for p in panel.pairs(suspect) if not p.positive and not p.excluded]
        own = [p for p in own if len(panel.controls(suspect, p.family)) >= 8]
        found += own[len(found) % len(own) :][:1] if own else []
    return found[:count]


class Bench:
    """One pair with its controls, in a case that is filled once and copied for each trace."""

    def __init__(self, folder: Path, name: str, facts: dict[str, Facts], texts: Texts, pair: Pair, most: int) -> None:
        panel = Panel(facts)
        self.folder, self.name, self.texts = folder, name, texts
        self.suspect = pair.suspect
        self.protected = panel.eligible(pair.suspect, pair.family)[0]
        self.controls = panel.controls(pair.suspect, pair.family)[:most]
        self.facts = facts
        self.roles = {self.suspect: Role.SUSPECT, self.protected: Role.PROTECTED}
        self.before: tuple[float, int, int, float] | None = None
        with self._session(folder / "others.case", new=True) as session:
            for control in self.controls:
                self._take(session, control, Role.CONTROL, lambda text: text)

    def _session(self, case: Path, *, new: bool = False) -> Session:
        cache = case.with_suffix(".cache")
        if new:
            return Session.create(case, title="Traces", conditions=of_this_machine(), cache=cache)
        return Session.open(case, conditions=of_this_machine(), cache=cache)

    def _take(self, session: Session, model: str, role: Role, change: Callable[[str], str]) -> None:
        file = self.folder / f"{model.replace('/', '_')}.jsonl"
        records = ({"prompt": p, "response": change(t), "model": model} for p, t in self.texts[model].items())
        file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        facts = Facts(developer=self.facts[model].developer, released=self.facts[model].released)
        session.import_file(file, ImportRequest(role=role, mapping=MAPPING, facts=facts, model=model))
        file.unlink()

    def row(self, planted: str, change: Callable[[str], str]) -> Row:
        """Plant a trace, and measure before, with it, and when it is settled."""
        if self.before is None:
            with self._filled(lambda text: text) as session:
                self.before, self.own = _compared(session), _named(session)
        with self._filled(change) as session:
            found = _named(session) - self.own
            mine = {(corpus, kind) for corpus, kind in found if corpus in self.roles}
            with_it = _compared(session)
            for corpus, kind in sorted(mine):
                if (corpus, kind) in _open(session):
                    session.settle_artefact(corpus, kind, NORMALISED)
            after = _compared(session)
        shutil.rmtree(self.folder / "pair.case")
        own = [text for name in self.roles for text in self.texts[name].values()]
        return Row(
            *(self.name, self.suspect, self.protected, len(self.controls), len(self.texts[self.suspect]), planted),
            changed=sum(change(text) != text for text in own) / len(own),
            named=len({corpus for corpus, _ in mine}),
            wrongly=len({corpus for corpus, _ in found - mine}),
            closeness=self.before[0], closeness_with=with_it[0], closeness_after=after[0],
            rank=self.before[1], rank_with=with_it[1], rank_after=after[1], rung_with=with_it[2],
            log10_lr=self.before[3], log10_lr_with=with_it[3], log10_lr_after=after[3],
        )  # fmt: skip

    def _filled(self, change: Callable[[str], str]) -> Session:
        case = self.folder / "pair.case"
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(self.folder / "others.case", case)
        session = self._session(case)
        for model, role in self.roles.items():
            self._take(session, model, role, change)
        return session


def _named(session: Session) -> set[tuple[str, str]]:
    return {(one.artefact.corpus, str(one.artefact.kind)) for one in session.artefacts()}


def _open(session: Session) -> set[tuple[str, str]]:
    return {(one.artefact.corpus, str(one.artefact.kind)) for one in session.artefacts() if not one.how}


def _compared(session: Session) -> tuple[float, int, int, float]:
    """Closeness, rank and rung of `closest_source`, and the log10 LR of `weigh` before its cap."""
    asked = RunRequest(parameters={"replicates": REPLICATES})
    near = session.run("closest_source", asked)
    try:
        weighed = session.run("weigh", asked)
    except RefusedError as refused:
        print(f"  weigh refuses: {refused.message}", file=sys.stderr)
        lr, rung = float("nan"), near.narrative.rung
    else:
        lr, rung = weighed.finding.values["log10_lr_uncapped"], max(near.narrative.rung, weighed.narrative.rung)
    return near.finding.values["statistic"], near.finding.values["rank"], rung, lr


def restored(facts: dict[str, Facts], texts: Texts, pair: Pair, most: int, change: Callable[[str], str]) -> str:
    """How many answers a trace changes, in how many corpora it is named, and how many answers are as before then."""
    panel = Panel(facts)
    two = (pair.suspect, panel.eligible(pair.suspect, pair.family)[0])
    before = {n: list(texts[n].values()) for n in (*two, *panel.controls(pair.suspect, pair.family)[:most])}
    planted = {n: [change(text) for text in given] if n in two else given for n, given in before.items()}
    known = {(one.corpus, one.kind) for one in find_artefacts(before)}
    named = [one for one in find_artefacts(planted) if one.corpus in two and (one.corpus, one.kind) not in known]
    after = dict(planted)
    for one in named:
        for name in planted if one.kind in FOR_ALL else (one.corpus,):
            after[name] = list(map(normaliser(one.kind, one.detail), after[name]))
    pairs = [tuple(zip(before[n], planted[n], after[n], strict=True)) for n in two]
    own = [one for some in pairs for one in some]
    changed, same = sum(a != b for a, b, _ in own), sum(a == c for a, _, c in own)
    return f"{changed}\t{len({one.corpus for one in named})}\t{same}\t{len(own)}"


def panels(wanted: Sequence[str], folder: Path) -> Iterator[tuple[str, Path]]:
    """The panels by name, the sample case made for this run."""
    if "sample" in wanted:
        made = folder / "sample"
        subprocess.run([sys.executable, str(ROOT / "installer" / "sample" / "make.py"), str(made)], check=True)
        yield "sample", made / "panel.json"
    known = {"panel": SHARED / "panel" / "panel.json"}
    known |= {
        name: SHARED / "panels" / name / "panel.json" for name in ("arena", "farel", "misguided", "oasst", "shaberi")
    }
    for name, path in known.items():
        if name in wanted and path.exists():
            yield name, path


def alarms(texts: Texts) -> list[Artefact]:
    """What the detector names in corpora as they are."""
    return find_artefacts({name: list(given.values())[:LOOKED_AT] for name, given in texts.items()})


def summary(rows: Sequence[Row]) -> Iterator[str]:
    """For each trace a line over all pairs."""
    yield "| planted | pairs | named in both | closer to the protected than all controls: before, with it, settled | "
    yield "median log10 LR: before, with it, settled | largest move of closeness once settled | rung above 0 with it |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for planted in dict.fromkeys(row.planted for row in rows):
        own = [row for row in rows if row.planted == planted and row.changed > 0]
        if not own:
            continue
        first = [sum(getattr(r, name) == 1 for r in own) for name in ("rank", "rank_with", "rank_after")]
        lrs = [median(getattr(r, n) for r in own) for n in ("log10_lr", "log10_lr_with", "log10_lr_after")]
        moved = max(abs(row.closeness_after - row.closeness) for row in own)
        yield (
            f"| {planted} | {len(own)} | {sum(row.named == 2 for row in own)} | {first[0]}, {first[1]}, {first[2]} | "
            f"{lrs[0]:.2f}, {lrs[1]:.2f}, {lrs[2]:.2f} | {moved:.4f} | {sum(row.rung_with > 0 for row in own)} |"
        )


def main() -> None:
    """Measure, print, and write the table where a folder is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panels", default="sample,panel,arena,farel,misguided,oasst,shaberi")
    parser.add_argument("--kinds", default="")
    parser.add_argument("--prompts", type=int, default=80)
    parser.add_argument("--controls", type=int, default=12)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--texts-only", action="store_true")
    options = parser.parse_args()
    plants = {str(kind): change for kind, change in PLANTED.items()} | OTHERS
    kinds = options.kinds.split(",") if options.kinds else list(plants)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        for panel, path in panels(options.panels.split(","), Path(name)):
            facts, texts = texts_of(path)
            found = alarms(texts)
            print(f"{panel}: {len(texts)} corpora, {len(found)} traces named as they are", flush=True)
            print("".join(f"  {one.words()}\n" for one in found), end="", flush=True)
            some = {model: dict(list(given.items())[: options.prompts]) for model, given in texts.items()}
            for number, pair in enumerate(innocent(Panel(facts), options.pairs)):
                if options.texts_only:
                    for kind in kinds:
                        told = restored(facts, some, pair, options.controls, plants[kind])
                        print(panel, kind, told, sep="\t", flush=True)
                    continue
                folder = Path(name) / f"{panel}-{number}"
                folder.mkdir()
                bench = Bench(folder, panel, facts, some, pair, options.controls)
                for kind in kinds:
                    rows.append(bench.row(kind, plants[kind]))
                    print(*astuple(rows[-1]), sep="\t", flush=True)
                shutil.rmtree(folder)
    print("\n".join(summary(rows)))
    if options.write:
        with (options.write / "artefacts.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[field.name for field in fields(Row)], *map(astuple, rows)])


if __name__ == "__main__":
    main()
