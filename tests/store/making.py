"""Small cases for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.core.model import (
    Column,
    CorpusFacts,
    Facts,
    Finding,
    Input,
    Json,
    LeftOut,
    LeftOutKind,
    Narrative,
    Rejected,
    Response,
    Role,
    Table,
)
from workbench.core.surroundings import Conditions
from workbench.store import Case, CorpusCounts, Export

Item = Response | Rejected | CorpusFacts


def answer(
    text: str,
    prompt: str | None = "Why?",
    *,
    index: int = 0,
    model: str | None = "ada",
    key: str | None = None,
    record: str | None = None,
    sample: str | None = None,
    time: str | None = None,
    flags: tuple[str, ...] = (),
) -> Response:
    """One answer with a place."""
    return Response(text, prompt, key, model, record, sample, time, index, index * 100, 90, "", flags)


def several(count: int, model: str | None = "ada", start: int = 0) -> list[Response]:
    """Different answers to different prompts."""
    return [
        answer(f"Answer {n} of {model}.", f"Question {n}?", index=n, model=model) for n in range(start, start + count)
    ]


def new_case(folder: Path, conditions: Conditions, title: str = "A matter") -> Case:
    """An empty case, open for writing."""
    return Case.create(folder / "a.case", title=title, conditions=conditions)


def bring(
    case: Case,
    folder: Path,
    items: Sequence[Item],
    name: str = "answers.json",
    *,
    role: Role | None = None,
    facts: Facts | None = None,
    default: str = "unnamed",
) -> list[CorpusCounts]:
    """Import some items as if they had been read from a file of that name."""
    path = folder / name
    path.write_text(f"{name}: {len(items)} items, {items[:3]!r}", encoding="utf-8", errors="replace")
    intake = case.begin_import(case.take(path), "test", {"n": len(items)})
    intake.add(items[intake.records :])
    return intake.finish(default_model=default, role=role, facts=facts)


def finding(number: int = 1) -> Finding:
    """A Finding with a table and awkward values."""
    table = Table((Column("model", "text"), Column("x", "number")), (("ada", 0.1 + number), ("bob", None)))
    return Finding(
        analysis="test",
        version=1,
        question="Is it?",
        parameters={"n": 3},
        seed="12345678901234567890",
        inputs=(Input("ada", "suspect", 2, "0" * 64),),
        left_out=(LeftOut("bob", LeftOutKind.OTHER, "late"),),
        values={"statistic": 1.5e-9, "reason": None},
        tables={"scores": table, "same": table},
        warnings=("thin",),
        software={"python": "3"},
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
NARRATIVE = Narrative(2, "It is closer.", ("One.", "Two."), ("A limit.",))


def record(case: Case, number: int = 1) -> int:
    """Store a Finding and return its number."""
    return case.record_finding(finding(number), narrative=NARRATIVE, svg=SVG, options={"k": 1}).number


def sealed_pack(case: Case, choices: Json) -> Export:
    """A pack with nothing in it: its line is written, and it is not done."""
    return case.seal_export(case.open_export(), choices, {"format": 2, "files": 0})
