"""Exhibits are made again from the log when a pack is verified: what was forged, invented or lost shows."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.check.test_log_agreement import LOG, named, rewritten
from tests.evidence.conftest import build, ledger, made_up_contents
from workbench.core.exhibits import (
    EXHIBIT_COMMENTED,
    EXHIBITS_ADDED,
    AnswerPlace,
    Choice,
    Kind,
    Picker,
    added_options,
)
from workbench.core.hashing import sha256_text
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import EXHIBIT_LIST


def with_exhibits(contents: PackContents) -> PackContents:
    """The same case with two exhibits, of which one has a comment."""
    source, model = contents.sources[0].sha256, contents.corpora[0].corpus.name

    def placed(corpus: str) -> Iterator[Mapping[str, Any]]:
        for answer in contents.normalised(corpus):
            yield {**answer, "source": source, "member": "", "offset": 10 * int(answer["index"]), "length": 5}

    choices = [
        Choice(Kind.ANSWERS, Picker.HAND, f"Answer {at}", answers=(
            AnswerPlace(at + 1, model, "suspect", sha256_text(f"{model} says = {at}"),
                        sha256_text(f"Question {at}?"), source, "", at, 10 * at, 5),))
        for at in (0, 2)
    ]  # fmt: skip
    names = ["GS-0001", "GS-0002"]
    acts = [json.loads(line) for line in contents.ledger_lines]
    acts += [
        {"action": EXHIBITS_ADDED, "object": {"exhibits": names}, "options": added_options(names, choices)},
        {"action": EXHIBIT_COMMENTED, "object": {"exhibit": "GS-0002"}, "options": {"comment": "See the first."}},
    ]
    acts = [{name: value for name, value in act.items() if name != "sequence"} for act in acts]
    lines = ledger(acts)
    return replace(contents, normalised=placed, ledger_lines=lines, head=json.loads(lines[-1])["hash"])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The pack of that case."""
    folder = tmp_path_factory.mktemp("whole")
    target = folder / "pack.zip"
    build(with_exhibits(made_up_contents(folder)), target)
    return target.read_bytes()


@pytest.fixture
def exhibited(whole: bytes, tmp_path: Path) -> Path:
    """The same, unpacked."""
    (tmp_path / "pack.zip").write_bytes(whole)
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        archive.extractall(tmp_path)
    return next(path for path in tmp_path.iterdir() if path.is_dir())


def forged(folder: Path, old: str, new: str) -> None:
    """Another log, with all that follows from it and the lists written again, but for the list of exhibits."""
    text = (folder / LOG).read_text("utf-8")
    assert old in text
    rewritten(folder, [json.loads(line) for line in text.replace(old, new).splitlines()])


def test_a_pack_with_exhibits_is_whole(exhibited: Path) -> None:
    assert named(exhibited) == set()


def test_a_list_that_the_log_does_not_make_is_named_though_the_log_seals_it(exhibited: Path) -> None:
    forged(exhibited, "See the first.", "See the other.")
    assert named(exhibited) == {(EXHIBIT_LIST, "changed")}


def test_an_answer_that_is_not_in_the_pack_is_named(exhibited: Path) -> None:
    digest, other = sha256_text("Schüler says = 0"), "f" * 64
    path = exhibited / EXHIBIT_LIST
    path.write_bytes(path.read_bytes().replace(digest.encode(), other.encode()))
    forged(exhibited, f'"sha256":"{digest}"', f'"sha256":"{other}"')
    assert named(exhibited) == {(EXHIBIT_LIST, "changed")}


def test_nonsense_about_exhibits_in_the_log_is_a_problem_and_no_exception(exhibited: Path) -> None:
    forged(exhibited, '"comment":"See the first."', '"commend":"See the first."')
    assert (LOG, "ledger") in named(exhibited)


def test_exhibits_of_no_case_are_named(unpacked: Path) -> None:
    (unpacked / EXHIBIT_LIST).parent.mkdir(exist_ok=True)
    (unpacked / EXHIBIT_LIST).write_text("exhibit,kind\r\nMA-0001,for\r\n", "utf-8")
    forged(unpacked, "CASE-2026-014", "CASE-2026-014")
    assert named(unpacked) == {(EXHIBIT_LIST, "changed")}
