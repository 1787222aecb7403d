"""A made-up case: invented speakers, two findings, one of them withdrawn."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from workbench.core.drawing import Drawing, Text, fitting
from workbench.core.finding_page import FindingPage, Part, Placed, Says
from workbench.core.hashing import canonical, sha256, sha256_text
from workbench.core.model import (
    Column,
    Corpus,
    Exhibit,
    Facts,
    Finding,
    Input,
    LeftOut,
    LeftOutKind,
    Narrative,
    Role,
    Table,
)
from workbench.core.progress import Progress, silent
from workbench.evidence.pack.build import Built, Sign, unsigned
from workbench.evidence.pack.build import build as build_with
from workbench.evidence.pack.contents import (
    PackContents,
    PackCorpus,
    PackFinding,
    PackImport,
    PackMethod,
    PackSource,
)
from workbench.evidence.seal.state import declared_as

BEGUN = "2026-03-01T12:00:07.000Z"
SPEAKERS = ("Amsel", "Birke", "Celesta", "Distel", "Erle", "Fichte", "Ginster", "Hasel")


def ledger(acts: Sequence[str | Mapping[str, Any]]) -> tuple[str, ...]:
    """Lines chained as a case chains them, from their actions or from all that is told of each."""
    lines: list[str] = []
    previous = "0" * 64
    for sequence, act in enumerate(acts, 1):
        told = {"action": act} if isinstance(act, str) else act
        line: dict[str, Any] = {
            "sequence": sequence,
            "time": BEGUN,
            "examiner": "A. Examiner",
            "account": "tester@machine",
            "tool": "distillation-workbench 0.1.0",
            "action": "",
            "object": {"name": f"thing {sequence}"},
            "options": {},
            "before": None,
            "after": None,
            "reason": "",
            "previous": previous,
            **{name: value for name, value in told.items() if name not in ("previous", "hash")},
        }
        previous = sha256(canonical(line))
        lines.append(canonical(line | {"hash": previous}).decode())
    return tuple(lines)


def draw(finding: Finding, figure: Figure) -> None:
    """A line through the statistics: as cheap to draw as a chart can be."""
    figure.set_size_inches(3, 2)
    axes = figure.subplots()
    axes.set_axis_off()
    axes.plot(finding.tables["models"].column("statistic"))


def forest(finding: Finding, figure: Figure) -> None:
    """A forest plot: every model on one scale, with its name."""
    table = finding.tables["models"]
    names, values = table.column("model"), table.column("statistic")
    figure.set_size_inches(7.2, 1.6 + 0.2 * len(names))
    axes = figure.subplots()
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        suspect = name == names[0]
        axes.errorbar(value, at, xerr=0.3, fmt="s" if suspect else "o", color="black" if suspect else "grey")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("closeness to the protected model, in points")


def whole(number: float) -> int | float:
    """The number as an integer where it is one."""
    return int(number) if number == int(number) else number


def made_up_finding(suspect: str, models: tuple[str, ...]) -> Finding:
    """A result with one table, as an analysis would hand it over."""
    # Whole numbers come back from a case as integers, as its tables are stored in canonical JSON.
    rows = tuple(
        (name, whole(4.25 - at * 0.375), whole(-0.5 * at), at == 0) for at, name in enumerate((suspect, *models))
    )
    inputs = tuple(
        Input(name, "suspect" if name == suspect else "control", 3, sha256_text(name), None if at % 2 else "2024-03")
        for at, name in enumerate((suspect, *models))
    )
    return Finding(
        analysis="closest_source",
        version=1,
        question=f"Is {suspect} closer to Orakel than unrelated models are?",
        parameters={"rounds": 999, "trim": 0.1},
        seed="20260301",
        inputs=inputs,
        left_out=(LeftOut("Zeder", LeftOutKind.OTHER, "documented to come from the protected family"),),
        values={"statistic": 4.25, "interval": [3.5, 5.0], "p_model": 1 / (1 + len(models))},
        tables={
            "models": Table(
                (
                    Column("model", "text", "Model"),
                    Column("statistic", "number", "Statistic"),
                    Column("shift", "number", "Shift"),
                    Column("suspect", "flag", "Suspect"),
                ),
                rows,
            )
        },
        warnings=("Fewer than 19 controls: p_model cannot reach 0.05.",),
        software={"distillation-workbench": "0.1.0", "python": "3.11.9", "numpy": "2.4.6"},
    )


def made_up_narrative(suspect: str, count: int) -> Narrative:
    """Sentences as an analysis would say them."""
    return Narrative(
        2,
        f"{suspect} is closer to Orakel than each of the {count} controls: rank 1 of {count + 1}.",
        (
            "On 3 prompts that all answered, its closeness is 4.25 points (95 % interval 3.5 to 5.0).",
            f"Put in the suspect’s place, none of the {count} controls comes as close.",
        ),
        (
            "The controls stand for unrelated models; a control of the suspect’s own base is missing.",
            "Text cannot tell who learned from whom.",
            "Three prompts are few.",
        ),
    )


def exhibit(number: int, suspect: str, models: tuple[str, ...], withdrawn: str = "") -> Exhibit:
    """A finding made readable."""
    return Exhibit(
        number,
        "Closest source",
        made_up_finding(suspect, models),
        made_up_narrative(suspect, len(models)),
        f"A forest plot of {1 + len(models)} models; {suspect} lies to the right of all others.",
        "models",
        "exploratory",
        "2026-03-01T12:00:05.000Z",
        withdrawn,
    )


def normalised(corpus: str) -> Iterator[Mapping[str, Any]]:
    """Three answers with their lineage: to a prompt, to one known by its key alone, and one told by its sample."""
    for at in range(3):
        text, prompt = f"{corpus} says = {at}", f"Question  {at}?"
        yield {
            "prompt": None if at == 1 else prompt,
            "prompt_sha256": None if at == 1 else sha256_text(f"Question {at}?"),
            "prompt_key": "q1" if at == 1 else None,
            "record_id": None,
            "sample": "0" if at == 2 else None,
            "response": text,
            "model": corpus,
            "index": at,
            "sha256": sha256_text(text),
        }


def digest_of_answers(corpus: str) -> str:
    """The digest that a case has for the three answers, by the recipe that HOW_TO_CHECK.txt gives."""
    digests = []
    for at, answer in enumerate(normalised(corpus)):
        prompt = bytes.fromhex(answer["prompt_sha256"] or "00" * 32)
        told = (b"", b'["q1",null,null]', b'[null,null,"0"]')[at]
        digests.append(sha256(prompt + bytes.fromhex(answer["sha256"]) + told))
    return sha256("".join(f"{digest}\n" for digest in sorted(digests)).encode())


def corpus(number: int, name: str, role: Role, source: str) -> PackCorpus:
    """A corpus with counts that add up."""
    facts = Facts(developer="Garten GmbH" if number % 2 else None, released="2024-03" if number % 3 else None)
    digest = digest_of_answers(name)
    return PackCorpus(Corpus(number, name, role, facts, 3, digest), 5, 3, 1, 1, 3, 0, (source,))


def told(sources: tuple[PackSource, ...], corpora: tuple[PackCorpus, ...], findings: tuple[PackFinding, ...]) -> Any:
    """The acts that a case would have in its log when this pack is begun."""
    files = [{"sha256": s.sha256, "name": s.name, "size": s.size} for s in sources]
    states = [{"name": c.corpus.name, "answers": c.accepted, "sha256": c.corpus.sha256} for c in corpora]
    imported = {"source": files[0], "corpora": [{"corpus": state} for state in states]}
    acts: list[dict[str, Any]] = [
        {
            "action": "case created",
            "object": {"case": "CASE-2026-014"},
            "options": {"title": "Garten GmbH against Schüler AG", "examiner": "A. Examiner"},
        },
        {"action": "file imported", "options": imported},
    ]
    for f in findings:
        options = {"options": f.options, "narrative": sha256(canonical(asdict(f.exhibit.narrative)))}
        acts.append(
            {
                "action": "analysis run",
                "object": {"finding": f.exhibit.number},
                "options": {**options, "svg": sha256(b"")},
                "after": f.sha256,
                "time": f.exhibit.made,
            }
        )
    acts += [
        {"action": "finding withdrawn", "object": {"finding": f.exhibit.number}, "reason": f.exhibit.withdrawn}
        for f in findings
        if f.exhibit.withdrawn
    ]
    return acts


def sealing(contents: PackContents) -> Callable[[Any], str]:
    """What writes the line of a pack, as a case would."""

    def seal(files: Any) -> str:
        known = [
            {"number": f.exhibit.number, "sha256": f.sha256, "withdrawn": bool(f.exhibit.withdrawn)}
            for f in contents.findings
        ]
        named = [{"sha256": s.sha256, "name": s.name, "size": s.size} for s in contents.sources]
        act = {
            "action": "export begun",
            "object": {"export": contents.number},
            "options": {
                "findings": known,
                "withheld": named[1:],
                "choices": ({} if contents.include_originals else {"originals": False})
                | ({"signers": declared_as(contents.signers)} if contents.signers else {}),
                "contents": files,
            },
            "tool": contents.tool,
        }
        return ledger([*map(json.loads, contents.ledger_lines), act])[-1]

    return seal


def made_up_page(suspect: str, models: tuple[str, ...]) -> FindingPage:
    """A page as an analysis would make it."""
    values = [(name, 4.25 - at * 0.375) for at, name in enumerate((suspect, *models))]
    picture = Drawing(
        300,
        40,
        "Closeness",
        f"A forest plot of {1 + len(models)} models; {suspect} lies to the right of all others.",
        tuple(Text(10, 12 + 12 * at, fitting(name, 200)) for at, (name, _) in enumerate(values)),
    )
    return FindingPage(
        part=Part.CLOSENESS,
        says=Says.FOR,
        suspect=suspect,
        protected="Orakel",
        question=f"Is {suspect} closer to Orakel than unrelated models are?",
        short="closer than unrelated models?",
        brief=f"Yes. It is closer than all {len(models)} controls.",
        answer=f"on 3 matched prompts, {suspect} is closer to Orakel than all {len(models)} controls are.",
        not_said=f"This is not the probability that {suspect} was trained on Orakel.",
        seen="One model stands apart.",
        picture=picture,
        steady=("Each control left out in turn: first each time.",),
        against=("Three prompts are few.",),
        change=("A control that comes as close.",),
        placed=tuple(Placed(name, value, value - 0.5, value + 0.5, name == suspect) for name, value in values),
    )


def build(contents: PackContents, target: Path, progress: Progress = silent, sign: Sign = unsigned) -> Built:
    """Write the pack with a line of its own, as a case would."""
    return build_with(contents, target, sealing(contents), progress, sign)


@pytest.fixture
def contents(tmp_path: Path) -> PackContents:
    """Everything that goes into pack 3 of a small case."""
    return made_up_contents(tmp_path)


def made_up_contents(folder: Path, suspect: str = "Schüler", models: tuple[str, ...] = SPEAKERS) -> PackContents:
    """The small case, with the names of its models as given."""
    original = folder / "vault-file"
    original.write_bytes(b'{"speaker": "Amsel"}\n' * 40)
    digest = hashlib.sha256(original.read_bytes()).hexdigest()
    names = ((suspect, Role.SUSPECT), ("Orakel", Role.PROTECTED), *((m, Role.CONTROL) for m in models))
    finding = made_up_finding(suspect, models)
    shown = exhibit(1, suspect, models)
    options = {"suspect": suspect, "seed": "20260301"}
    sources = (
        PackSource(1, digest, "answers of March.jsonl", original.stat().st_size, "2026-03-01T12:00:02.000Z", original),
        PackSource(2, "ab" * 32, "cookies.har", 77, "2026-03-01T12:00:03.000Z", None, "it holds session cookies"),
    )
    corpora = tuple(corpus(at, name, role, digest) for at, (name, role) in enumerate(names, 1))
    own = sha256(canonical(finding.as_json()))
    page = made_up_page(suspect, models)
    findings = (
        PackFinding(shown, own, 3, page, options),
        PackFinding(exhibit(2, suspect, models, "the wrong controls were chosen"), own, 4, page, options),
    )
    lines = ledger(told(sources, corpora, findings))
    return PackContents(
        case_id="CASE-2026-014",
        title="Garten GmbH against Schüler AG",
        examiner="A. Examiner",
        number=3,
        supersedes=2,
        begun=BEGUN,
        head=json.loads(lines[-1])["hash"],
        ledger_lines=lines,
        tool="distillation-workbench 0.1.0",
        sources=sources,
        corpora=corpora,
        imports=(PackImport(1, digest, "mapped", {"response": "text"}, BEGUN, BEGUN, 50, 30, 10, 10, 2, (suspect,)),),
        methods=(
            PackMethod(
                "closest_source",
                "Closest source",
                "Is the suspect closer to the protected model than unrelated models are?",
                ("Text cannot tell who learned from whom.",),
                ("A. Author (2020), A paper, doi:10.0000/none",),
            ),
        ),
        findings=findings,
        normalised=normalised,
        method="# How the scores are computed\n",
        redraw=draw,
        rejections=lambda _number: iter([("record 7", "no answer"), ("record 9", "=HYPERLINK()")]),
        duplicates=lambda _number: iter(
            [(suspect, "record 8", 7, 80, 9, "=x", 1, digest, "record 2", 1, 10, 9, "=x") for _ in range(10)]
        ),
    )


@pytest.fixture(scope="session")
def made_up() -> Callable[..., PackContents]:
    """Makes the small case in a folder, with the names of its models as given."""
    return made_up_contents


@pytest.fixture
def drawn(contents: PackContents) -> PackContents:
    """The small case with charts as an analysis draws them."""
    return replace(contents, redraw=forest)


@pytest.fixture(scope="session")
def chained() -> Callable[[Sequence[str | Mapping[str, Any]]], tuple[str, ...]]:
    """Makes the lines of an audit log from actions."""
    return ledger


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small case's pack, built once; tests copy it before they change it."""
    folder = tmp_path_factory.mktemp("pack")
    target = folder / "pack.zip"
    build(made_up_contents(folder), target)
    return target


@pytest.fixture
def unpacked(pack: Path, tmp_path: Path) -> Path:
    """The folder that the small case's pack unpacks into."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "CASE-2026-014_pack-03"
