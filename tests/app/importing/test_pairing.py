"""Answers are paired by the ids of their prompts where a mapping or a panel gives them, and what that is is said."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ticking
from workbench.app.desk.corpora import read_corpora
from workbench.app.replay import replay
from workbench.app.requests import ImportReport, ImportRequest, RunRequest
from workbench.app.session import Session
from workbench.app.verify import rescue_case
from workbench.core.errors import BadInputError, RefusedError
from workbench.core.pairing import PAIRING, SetCounts
from workbench.core.surroundings import Conditions
from workbench.evidence.check.check import check_pack

MAPPING = {"prompt": "prompt", "prompt_key": "id", "response": "response"}
PIECES, STEPS, MODELS = 6, 7, 7
WORDS = [f"{a}{b}{c}ing" for a in "bdfglmprst" for b in "aeiou" for c in "bdklmnrst"]

Asking = Callable[[int, int, int, str], str]
"""From model, piece, step and the turns before, the prompt as that model's records have it."""


def last_turn(model: int, piece: int, step: int, before: str) -> str:
    return f"Go on with part {step}." if step else f"Write about {WORDS[piece]} and {WORDS[99 - piece]}."


def all_turns(model: int, piece: int, step: int, before: str) -> str:
    return f"You are model {model}.\n{before}{last_turn(model, piece, step, '')}"


def records(model: int, asking: Asking, samples: int = 1) -> list[dict[str, str]]:
    draw = random.Random(model)
    found = []
    for piece in range(PIECES):
        before = ""
        for step in range(STEPS):
            asked = asking(model, piece, step, before)
            for sample in range(samples):
                said = f"Part {step} of {WORDS[piece]}: " + " ".join(draw.choices(WORDS, k=30)) + "."
                found.append({"id": f"p{piece}/s{step}", "prompt": asked, "response": said, "n": str(sample)})
            before += f"{last_turn(model, piece, step, '')}\n{said}\n"
    draw.shuffle(found)
    return found


def write(folder: Path, of_models: Sequence[Sequence[Mapping[str, str]]], **more: str) -> Path:
    """A panel of mapped files."""
    folder.mkdir(exist_ok=True)
    corpora = []
    for number, rows in enumerate(of_models):
        (folder / f"m{number}.json").write_text(json.dumps(rows), encoding="utf-8")
        corpora.append({"corpus": f"m{number}", "file": f"m{number}.json", "family": f"f{number}"})
    manifest = {"dataset": "pieces", "format": "mapped", **MAPPING, "sample": "n", "corpora": corpora, **more}
    (folder / "panel.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder / "panel.json"


def session_of(tmp_path: Path, conditions: Conditions) -> Session:
    return Session.create(tmp_path / "case", title="Case", conditions=conditions)


def said(reports: Sequence[ImportReport]) -> str:
    return " ".join(notice for report in reports for notice in report.notices)


def whole(counts: SetCounts) -> tuple[int, int, int, int, int]:
    return counts.ids, counts.texts, counts.several_texts, counts.several_ids, counts.prompts


@pytest.mark.parametrize(
    ("asking", "texts", "several_texts", "several_ids"),
    [(last_turn, PIECES + STEPS - 1, 0, STEPS - 1), (all_turns, MODELS * PIECES * STEPS, PIECES * STEPS, 0)],
)
def test_every_id_of_a_panel_counts_with_all_its_samples(
    asking: Asking, texts: int, several_texts: int, several_ids: int, tmp_path: Path, conditions: Conditions
) -> None:
    manifest = write(tmp_path / "panel", [records(m, asking, 1 + m % 2) for m in range(MODELS)])
    with session_of(tmp_path, conditions) as session:
        notices = said(session.import_panel(manifest, "m0", "m1"))
        ids = PIECES * STEPS
        (counts,) = session.pairing()
        assert whole(counts) == (ids, texts, several_texts, several_ids, ids)
        assert f"{ids} ids, {texts} texts of prompts, {ids} prompts that are compared" in notices
        found = session.similarities()
        assert found.present.shape == (ids, MODELS)
        assert found.present.all()
        assert all(corpus.facts.paired_by == "pieces" for corpus in session.corpora())
        fitness = session.run("fitness", RunRequest())
        assert fitness.finding.values["n_prompts_both"] == ids
        assert counts.words() in fitness.narrative.sentences
        assert fitness.finding.resources[PAIRING] == session.pairing_digest()
        # The window shows the same prompts, and leads to every answer to each of them.
        corpora = read_corpora(session)
        assert len(corpora.coverage.prompts) == ids
        assert all(all(row.states) for row in corpora.coverage.rows)
        held = session.browse.answers_to(corpora.coverage.prompts[-1])
        assert {name: len(numbers) for name, numbers in held.items()} == {f"m{m}": 1 + m % 2 for m in range(MODELS)}
        asked = session.browse.prompts(corpora.coverage.prompts)
        assert all(asked[prompt] for prompt in corpora.coverage.prompts)
        assert session.verify().ok


def test_each_sample_of_an_id_has_its_share(tmp_path: Path, conditions: Conditions) -> None:
    """Replacing the second sample by the first one changes what is compared; swapping the two does not."""
    whole, swapped, once = ([records(m, last_turn, 2) for m in range(MODELS)] for _ in range(3))
    of = {(r["id"], r["n"]): r["response"] for r in whole[2]}
    swapped[2] = [r | {"response": of[r["id"], "1" if r["n"] == "0" else "0"]} for r in swapped[2]]
    once[2] = [r | {"response": of[r["id"], "0"]} for r in once[2]]
    found = []
    for number, panel in enumerate((whole, swapped, once)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with session_of(folder, conditions) as session:
            session.import_panel(write(folder / "panel", panel), "m0", "m1")
            found.append(session.similarities().values["words"])
    assert np.allclose(found[0], found[1], atol=1e-6)
    assert not np.allclose(found[0][:, 0, 2], found[2][:, 0, 2], atol=1e-3)


def test_numbered_samples_give_the_same_numbers_as_by_the_text(tmp_path: Path, conditions: Conditions) -> None:
    rows = [
        [
            {"id": f"{WORDS[p]}#{n}", "prompt": f"Explain {WORDS[p]} to {WORDS[p + 30]}.", "response": text, "n": ""}
            for p in range(12)
            for n in range(3)
            if (text := " ".join(random.Random(f"{model} {p} {n}").choices(WORDS, k=25)))
        ]
        for model in range(MODELS)
    ]
    found = []
    for how in ("key", "text"):
        folder = tmp_path / how
        folder.mkdir()
        with session_of(folder, conditions) as session:
            session.import_panel(write(folder / "panel", rows, pair_by=how), "m0", "m1")
            found.append((session.similarities(), session.pairing()))
    (by_id, (counts,)), (by_text, nothing) = found
    assert nothing == ()
    assert counts.samples
    assert whole(counts) == (36, 12, 0, 12, 12)
    assert by_id.prompts == by_text.prompts
    assert all(np.array_equal(by_id.values[view], by_text.values[view]) for view in by_id.values)


def _two_sources(folder: Path) -> tuple[Path, Path]:
    paths = []
    for name in ("one", "other"):
        draw = random.Random(name)
        rows = [
            {
                "id": str(n),
                "prompt": f"Tell me of {' '.join(draw.choices(WORDS, k=6))}.",
                "response": f"{name} says {n}.",
            }
            for n in range(1, 31)
        ]
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(rows), encoding="utf-8")
    return paths[0], paths[1]


def test_unrelated_numbers_are_not_paired_and_asking_for_it_is_refused(tmp_path: Path, conditions: Conditions) -> None:
    one, other = _two_sources(tmp_path)
    with session_of(tmp_path, conditions) as session:
        session.import_file(one, ImportRequest(mapping=MAPPING))
        with pytest.raises(RefusedError, match="mostly other prompts stand: of 30 ids") as refused:
            session.import_file(other, ImportRequest(mapping=MAPPING, pair_by="key"))
        assert "--pair-by text" in refused.value.hint
        assert [corpus.name for corpus in session.corpora()] == ["one"]
        notices = said([session.import_file(other, ImportRequest(mapping=MAPPING))])
        assert "mostly other prompts stand" in notices
        assert {corpus.facts.paired_by for corpus in session.corpora()} == {"one", "other"}
        assert len(list(session.browse.answers_to(session.browse.listed([1])[0].prompt))) == 1
        # By hand it is believed, and warned of; the reason stands in the ledger.
        session.set_corpus("other", facts={"paired_by": "one"}, reason="the same list, translated")
        assert len(list(session.browse.answers_to(session.browse.listed([1])[0].prompt))) == 2
        assert session.pairing()[0].several_texts == 30
        session.set_corpus("other", facts={"paired_by": None}, reason="it was another list")
        assert len(list(session.browse.answers_to(session.browse.listed([1])[0].prompt))) == 1


def test_a_named_set_is_believed_and_warned_of(tmp_path: Path, conditions: Conditions) -> None:
    one, other = _two_sources(tmp_path)
    with session_of(tmp_path, conditions) as session:
        session.import_file(one, ImportRequest(mapping=MAPPING, pair_by="key:lists"))
        notices = said([session.import_file(other, ImportRequest(mapping=MAPPING, pair_by="key:lists"))])
        assert "mostly other prompts stand" in notices
        assert "Under 30 ids stand several texts" in notices
        assert session.pairing()[0].prompts == 30


def test_a_source_whose_texts_agree_joins_the_set_and_text_is_kept_where_asked(
    tmp_path: Path, conditions: Conditions
) -> None:
    files = []
    for model in range(3):
        files.append(tmp_path / f"m{model}.json")
        files[-1].write_text(json.dumps(records(model, all_turns)), encoding="utf-8")
    with session_of(tmp_path, conditions) as session:
        for file in files[:2]:
            session.import_file(file, ImportRequest(mapping=MAPPING))
        session.import_file(files[2], ImportRequest(mapping=MAPPING, pair_by="text"))
        assert [corpus.facts.paired_by for corpus in session.corpora()] == ["m0", "m0", None]
        assert [session.pairing()[0].prompts, session.pairing()[0].alone] == [PIECES * STEPS, 0]
        bare = tmp_path / "bare.json"
        bare.write_text(json.dumps([{"prompt": "a", "response": "b"}]), encoding="utf-8")
        request = ImportRequest(mapping={"prompt": "prompt", "response": "response"}, pair_by="key")
        with pytest.raises(BadInputError, match="has an id of its prompt"):
            session.import_file(bare, request)


def test_a_further_file_of_a_corpus_stays_in_its_set(tmp_path: Path, conditions: Conditions) -> None:
    with session_of(tmp_path, conditions) as session:
        for model, half in ((0, 0), (1, 0), (1, 1), (0, 1)):
            rows = sorted(records(model, last_turn), key=lambda row: row["id"])
            file = tmp_path / f"m{model}-{half}.json"
            file.write_text(json.dumps(rows[half::2]), encoding="utf-8")
            session.import_file(file, ImportRequest(mapping=MAPPING, model=f"m{model}"))
        assert [corpus.facts.paired_by for corpus in session.corpora()] == ["m0", "m0"]
        assert session.pairing()[0].prompts == PIECES * STEPS


def test_a_corpus_without_ids_is_paired_by_the_text_that_one_id_has(tmp_path: Path, conditions: Conditions) -> None:
    manifest = write(tmp_path / "panel", [records(m, last_turn) for m in range(2)])
    bare = tmp_path / "bare.json"
    bare.write_text(
        json.dumps([{"prompt": r["prompt"], "response": "x " + r["response"]} for r in records(5, last_turn)]),
        encoding="utf-8",
    )
    with session_of(tmp_path, conditions) as session:
        session.import_panel(manifest, "m0", "m1")
        session.import_file(bare, ImportRequest(mapping={"prompt": "prompt", "response": "response"}))
        found = session.similarities()
        at = [found.models.index(name) for name in ("m0", "bare")]
        # The first parts have texts of their own; which piece a later part belongs to no text says.
        assert int(found.present[:, at].all(axis=1).sum()) == PIECES


def test_ids_that_no_other_corpus_has_leave_answers_paired_by_text(tmp_path: Path, conditions: Conditions) -> None:
    with session_of(tmp_path, conditions) as session:
        for model in range(2):
            rows = [r | {"id": f"{model}-{n:08x}"} for n, r in enumerate(records(model, last_turn))]
            file = tmp_path / f"m{model}.json"
            file.write_text(json.dumps(rows), encoding="utf-8")
            notices = said([session.import_file(file, ImportRequest(mapping=MAPPING))])
            assert "No other corpus has these ids" in notices
        assert session.similarities().present.all()
        assert session.similarities().present.shape[0] == PIECES + STEPS - 1


def test_a_rescued_case_is_paired_as_it_was(tmp_path: Path, conditions: Conditions) -> None:
    manifest = write(tmp_path / "panel", [records(m, all_turns) for m in range(3)])
    with session_of(tmp_path, conditions) as session:
        session.import_panel(manifest, "m0", "m1")
        before = session.pairing_digest()
        folder = session.facts.folder
    (folder / "case.db").write_bytes(b"")
    rescue_case(folder, tmp_path / "again", conditions)
    with Session.open(tmp_path / "again.case", conditions=conditions) as session:
        assert session.pairing_digest() == before


def _with_shared_words(of_models: list[list[dict[str, str]]]) -> list[list[dict[str, str]]]:
    """The same answers, those of the first two models to some ids with a passage that only they have."""
    for rows in of_models[:2]:
        for row in rows:
            if row["id"].endswith("s3"):
                row["response"] += " A copper kettle by the quiet harbour sang of winter till the lamp went out."
    return of_models


def test_a_pack_of_answers_paired_by_ids_verifies_and_is_computed_again(tmp_path: Path, conditions: Conditions) -> None:
    panel = write(tmp_path / "panel", _with_shared_words([records(m, last_turn) for m in range(MODELS)]))
    pack = tmp_path / "pack.zip"
    with session_of(tmp_path, conditions) as session:
        session.import_panel(panel, "m0", "m1")
        session.run("fitness", RunRequest())
        session.run("closest_source", RunRequest(parameters={"replicates": 100}))
        numbers = session.browse.numbers(["m0"])
        kettle = next(one.number for one in session.browse.listed(numbers) if "kettle" in one.text)
        # The prompt that the two share by id is the one under which the rule finds them.
        picks = session.exhibits.propose().choices
        assert {place.model for place in picks[0].answers} >= {"m0", "m1"}
        assert "kettle" in picks[0].passage
        beside = session.browse.answers_to(session.browse.listed([kettle])[0].prompt)
        session.exhibits.add_answers([kettle, beside["m1"][0]])
        session.export(pack, originals=False)
    assert not check_pack(pack).problems
    with zipfile.ZipFile(pack) as members:
        (name,) = (name for name in members.namelist() if name.endswith("normalised/corpus-0001.jsonl"))
        lines = [json.loads(line) for line in members.read(name).splitlines()]
    moved = [one for one in lines if "paired_as" in one]
    assert len(moved) == PIECES * (STEPS - 1)
    assert len({one["paired_as"] for one in moved}) == len(moved)
    report = replay(pack, ticking())
    assert report.ok, [one.differing for one in report.findings]
