"""Traces of saving in suspect and protected side of unrelated models: named, and no rung before they are settled.

The models are invented: each draws its words in its own way, and none has anything to do with another.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.planted_artefacts import PLANTED
from workbench.analyses import ANALYSES
from workbench.app.artefacts import VALUES, Traces, capped
from workbench.app.catalogue import page_of
from workbench.app.requests import ImportRequest, RunRequest
from workbench.app.session import Session
from workbench.core.artefacts import FOR_ALL, KEPT, NORMALISED, ArtefactKind, Settlement, find_artefacts, normaliser
from workbench.core.errors import UsageError
from workbench.core.model import Corpus, Facts, Finding, Input, Narrative, Role
from workbench.core.surroundings import Conditions

MODELS = ("suspect", "protected", *(f"control-{n}" for n in range(10)))
PROMPTS = 60
WORDS = [
    "river",
    "stone",
    "window",
    "morning",
    "letter",
    "garden",
    "quiet",
    "under",
    "bridge",
    "winter",
    "lamp",
    "paper",
    "kettle",
    "orchard",
    "harbour",
    "ladder",
    "meadow",
    "copper",
    "thread",
    "candle",
    "basket",
    "corner",
    "market",
    "shadow",
    "signal",
    "timber",
    "velvet",
    "whistle",
    "anchor",
    "barley",
]


def answer(model: str, prompt: int) -> str:
    """What an invented model says: its favourite words in its own order, with signs that saving may change."""
    habits = random.Random(f"habits of {model}")
    weights = [habits.random() ** 3 for _ in WORDS]
    stop = habits.choice([9, 12, 15])
    source = random.Random(f"{model} on {prompt}")
    lines = []
    for _ in range(source.randint(3, 5)):
        words = source.choices(WORDS, weights, k=source.randint(stop - 4, stop))
        half = len(words) // 2
        lines.append(f'{" ".join(words[:half]).capitalize()} & it\'s a caf\u00e9 or "so" {" ".join(words[half:])}.')
    return "\n\n".join([lines[0], "\n".join(lines[1:])])


def written(folder: Path, name: str, change: Callable[[str], str] | None) -> Path:
    path = folder / f"{name}.jsonl"
    lines = []
    for prompt in range(PROMPTS):
        text = answer(name, prompt)
        text = change(text) if change else text
        lines.append(json.dumps({"prompt": f"Question {prompt}?", "response": text, "model": name}))
    path.write_text("\n".join(lines), "utf-8")
    return path


@contextmanager
def case(folder: Path, conditions: Conditions, change: Callable[[str], str] | None) -> Iterator[Session]:
    """A case of unrelated models, of which the suspect and the protected one were saved otherwise than the rest."""
    folder.mkdir()
    mapping = {"prompt": "prompt", "response": "response", "model": "model"}
    with Session.create(folder / "case", title="Case", conditions=conditions, cache=folder / "cache") as session:
        for name in MODELS:
            role = {"suspect": Role.SUSPECT, "protected": Role.PROTECTED}.get(name, Role.CONTROL)
            own = change if name in ("suspect", "protected") else None
            session.import_file(written(folder, name, own), ImportRequest(mapping=mapping, role=role))
        yield session


def compared(session: Session) -> tuple[float, int, int, tuple[str, ...]]:
    """Closeness, rank, rung and warnings of a comparison."""
    stored = session.run("closest_source", RunRequest(parameters={"replicates": 200}))
    values = stored.finding.values
    return values["statistic"], values["rank"], stored.narrative.rung, stored.finding.warnings


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[float, int]:
    """Closeness and rank as they are where nothing was planted."""
    from tests.conftest import ticking

    folder = tmp_path_factory.mktemp("innocent")
    with case(folder / "plain", ticking(), None) as session:
        assert session.artefacts() == []
        statistic, rank, rung, warnings = compared(session)
    assert rung == 0
    assert not any("trace" in said for said in warnings)
    return statistic, rank


QUICK = (ArtefactKind.ESCAPES, ArtefactKind.BEGINNING)


@pytest.mark.parametrize(
    "kind", [pytest.param(k, id=str(k), marks=[] if k in QUICK else pytest.mark.slow) for k in ArtefactKind]
)
def test_no_artefact_accuses(
    kind: ArtefactKind, before: tuple[float, int], tmp_path: Path, conditions: Conditions
) -> None:
    with case(tmp_path / "planted", conditions, PLANTED[kind]) as session:
        found = session.artefacts()
        assert {(one.artefact.corpus, one.artefact.kind) for one in found} == {("suspect", kind), ("protected", kind)}
        _, rank, rung, warnings = compared(session)
        assert rung == 0
        assert sum("trace of saving" in said for said in warnings) == 2
        for name in ("suspect",) if kind in FOR_ALL else ("suspect", "protected"):
            session.settle_artefact(name, str(kind), NORMALISED)
        statistic, rank, rung, warnings = compared(session)
        assert not any("trace of saving" in said for said in warnings)
        assert rung == 0
        if kind not in FOR_ALL:  # what was lost is not to be had again
            assert (statistic, rank) == (pytest.approx(before[0], abs=1e-6), before[1])
        assert rank > 1


RUNG = Narrative(1, "Closer than all controls.", ("This reaches rung 1.",), ("A limit.",))


def narrated(finding: Finding, traces: dict[str, str]) -> Narrative:
    """What is said of a finding where these corpora have a trailing blank, each with what was decided about it."""
    listed = [{"corpus": name, "kind": str(ArtefactKind.TRAILING), "settled": how} for name, how in traces.items()]
    return capped(RUNG, replace(finding, values={**finding.values, VALUES: listed}))


def test_no_rung_is_reached_where_a_trace_sets_suspect_and_protected_apart() -> None:
    roles = dict.fromkeys(MODELS, Role.CONTROL) | {"suspect": Role.SUSPECT, "protected": Role.PROTECTED}
    inputs = tuple(Input(name, str(role), 60, "0" * 64) for name, role in roles.items())
    finding = Finding("closest_source", 1, "", {}, "1", inputs, (), {}, {}, (), {})
    controls = MODELS[2:]
    assert narrated(finding, {}) == RUNG
    assert narrated(finding, {"suspect": "", "control-1": ""}) == RUNG
    assert narrated(finding, dict.fromkeys(controls[:4], "")) == RUNG
    assert narrated(finding, {"suspect": "normalised", "protected": "kept"}) == RUNG
    both = narrated(finding, {"suspect": "", "protected": ""})
    assert (both.rung, both.limits) == (0, RUNG.limits)
    assert "protected and suspect carry a trace" in both.headline
    without = narrated(finding, dict.fromkeys(controls[:5], ""))
    assert without.rung == 0
    assert "suspect and protected do not" in without.headline


def test_comparisons_and_fitness_name_traces_and_direct_evidence_does_not() -> None:
    naming = {analysis.key for analysis in ANALYSES if analysis.names_traces}
    assert naming == {"fitness"} | {analysis.key for analysis in ANALYSES if analysis.needs_similarities}
    assert "canaries" not in naming


def test_a_trace_that_only_suspect_and_protected_lack_is_named_in_the_others() -> None:
    texts = {name: [answer(name, prompt) for prompt in range(20)] for name in MODELS}
    planted = {n: [f"{t}\n" for t in given] if n.startswith("control") else given for n, given in texts.items()}
    assert {one.corpus for one in find_artefacts(planted)} == set(MODELS[2:])


def test_a_trace_is_kept_for_a_reason_alone(tmp_path: Path, conditions: Conditions) -> None:
    kind = ArtefactKind.TRAILING
    with case(tmp_path / "planted", conditions, PLANTED[kind]) as session:
        with pytest.raises(UsageError, match="needs a reason"):
            session.settle_artefact("suspect", str(kind), KEPT)
        with pytest.raises(UsageError, match="was found in control-1"):
            session.settle_artefact("control-1", str(kind), NORMALISED)
        session.settle_artefact("suspect", str(kind), KEPT, "the model itself writes it")
        (own,) = [one for one in session.artefacts() if one.artefact.corpus == "suspect"]
        assert (own.how, own.reason) == (KEPT, "the model itself writes it")
        line = list(session.ledger())[-1]
        assert (line.action, line.object, line.options["how"]) == ("artefact settled", {"corpus": "suspect"}, KEPT)
        assert line.reason == "the model itself writes it"


def test_what_is_done_to_all_is_said_first(tmp_path: Path, conditions: Conditions) -> None:
    kind = ArtefactKind.CUT
    with case(tmp_path / "planted", conditions, PLANTED[kind]) as session:
        session.settle_artefact("suspect", str(kind), NORMALISED)
        stored = session.run("closest_source", RunRequest())
        (said,) = stored.finding.values["done_to_all"]
        assert re.fullmatch(
            r"Every answer of every model is compared after it was cut to \d+ characters, because those of suspect "
            r"were saved so\.",
            said,
        )
        assert stored.narrative.headline.startswith(said)
        assert page_of(stored.finding, {}).caution == "On changed answers:"


@pytest.mark.parametrize(("role", "cut"), [(Role.CONTROL, True), (Role.ASIDE, False)])
def test_a_corpus_that_is_not_compared_decides_nothing_about_the_others(role: Role, cut: bool) -> None:
    case = Mock()
    case.corpora.return_value = [Corpus(1, "junk", role, Facts(), 25, "0" * 64)]
    case.settlements.return_value = [Settlement("junk", ArtefactKind.CUT, "60", NORMALISED, "")]
    assert (Traces(case).change("control-1") is not None) is cut


@pytest.mark.parametrize("kind", [k for k in ArtefactKind if k not in FOR_ALL], ids=str)
def test_what_is_taken_out_is_what_was_put_in(kind: ArtefactKind) -> None:
    texts = [answer("suspect", prompt) for prompt in range(20)]
    samples = {"a": [PLANTED[kind](text) for text in texts], **{f"b{n}": texts for n in range(4)}}
    (found,) = find_artefacts(samples)
    change = normaliser(found.kind, found.detail)
    assert [change(text) for text in samples["a"]] == texts


def test_what_all_have_is_no_trace_of_one() -> None:
    texts = [f"Answer: {answer('suspect', prompt)}" for prompt in range(20)]
    assert find_artefacts(dict.fromkeys("abcd", texts)) == []


def test_a_habit_of_words_is_none() -> None:
    others = {f"b{n}": [answer(f"b{n}", p) for p in range(20)] for n in range(4)}
    assert find_artefacts({"a": [f"Let me see. {answer('a', p)}" for p in range(20)], **others}) == []


def test_what_the_prompts_ask_for_is_none() -> None:
    """Models obey more or less where a prompt asks for a last line; saving would leave it in all answers or in none."""
    obeying = {"a": 20, "b": 20, "c": 14, "d": 9, "e": 5, "f": 0}
    given = {
        name: [answer(name, p) + ("\n<ANSWER>3</ANSWER>" if p < count else "") for p in range(20)]
        for name, count in obeying.items()
    }
    assert find_artefacts(given) == []
    saved = {**given, **{n: [answer(n, p) for p in range(20)] for n in "cde"}}
    assert [one.corpus for one in find_artefacts(saved)] == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "saved", "text"),
    [
        (ArtefactKind.LINE_ENDS, "one\r\r\ntwo\rthree\r\n", "one\ntwo\nthree\n"),
        (ArtefactKind.BACKSLASHES, json.dumps('He said: "So."\n'), 'He said: "So."\n'),
        (ArtefactKind.BREAKS, "<p>One<br/>two</p>\n<p>three</p>", "One\ntwo\n\nthree"),
        (ArtefactKind.GARBLED, "\u00e3\u0081\u201a", "\u3042"),
        (ArtefactKind.MARKDOWN, r"1\. a\_b \(x\)", r"1. a_b \(x\)"),
    ],
)
def test_what_programs_write_is_read_back(kind: ArtefactKind, saved: str, text: str) -> None:
    assert normaliser(kind)(saved) == text
