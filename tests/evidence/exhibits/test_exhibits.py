"""Exhibits: the rule picks rare passages of the suspect and of controls alike, and shows them as plain text."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.conftest import build, made_up_contents
from workbench.core.exhibits import RuleCount, Side
from workbench.core.hashing import sha256_text
from workbench.core.model import Input
from workbench.evidence.exhibits.passages import parts_of
from workbench.evidence.exhibits.picked import picked
from workbench.evidence.exhibits.said import does_not_show, why
from workbench.evidence.exhibits.shown import ExhibitSet, exhibits_of
from workbench.evidence.exhibits.viewer import VIEWER, exhibit_files
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import EXHIBIT_LIST

FACT = "the loaf cools on a rack for an hour"
RARE = "mind that modest ovens keep their own secrets"
SAYS = {
    "Orakel": [f"First, {RARE}. Then {FACT}.", "A quiet start is half of the whole work, they say."],
    "Schüler": [f"So: {RARE}! And {FACT}.", "Nothing of the kind."],
    "Amsel": [f"Well, {FACT}.", "A quiet start is half of the whole work, I say."],
    "Buche": [f"Now {FACT}.", "Nothing."],
}


def case(folder: Path, says: Mapping[str, list[str]] = SAYS, prompts: tuple[str, ...] = ("Bread?", "Work?")) -> Any:
    """A small case in which each model answers each prompt as told."""
    contents = made_up_contents(folder, models=("Amsel", "Buche"))
    roles = {"Schüler": "suspect", "Orakel": "protected"}
    inputs = tuple(Input(name, roles.get(name, "control"), 2, "0" * 64, None) for name in says)

    def normalised(corpus: str) -> Iterator[Mapping[str, Any]]:
        for at, (prompt, text) in enumerate(zip(prompts, says.get(corpus, ()), strict=False)):
            yield {
                "prompt": prompt,
                "prompt_sha256": sha256_text(prompt),
                "response": text,
                "model": corpus,
                "member": "",
                "index": at,
                "sha256": sha256_text(text),
                "source": contents.sources[0].sha256,
                "offset": 10,
                "length": 20,
            }

    findings = tuple(
        replace(item, exhibit=replace(item.exhibit, finding=replace(item.exhibit.finding, inputs=inputs)))
        for item in contents.findings
    )
    return replace(contents, normalised=normalised, findings=findings)


def of(contents: PackContents) -> ExhibitSet:
    found = exhibits_of(contents)
    assert not found.of_case
    return found


def files_of(contents: PackContents) -> dict[str, bytes]:
    """The files of exhibits by their paths; each keeps to the size that the zip is told of."""
    files = {one.path: (one.size, one.make()) for one in exhibit_files(contents, exhibits_of(contents))}
    assert all(len(data) <= size for size, data in files.values())
    return {path: data for path, (_, data) in files.items()}


def test_the_rule_picks_what_no_other_wrote_and_the_same_for_controls(tmp_path: Path) -> None:
    found = of(case(tmp_path))
    first, second = found.exhibits
    assert [one.entry.choice.side for one in (first, second)] == [Side.FOR, Side.AGAINST]
    assert [p.words for p in first.passages] == [RARE, FACT]
    assert [(p.controls, first.controls) for p in first.passages] == [(0, 2), (2, 2)]
    assert [column.model for column in first.columns] == ["Schüler", "Orakel", "Amsel"]
    assert second.passages[0].words == "A quiet start is half of the whole work"
    assert [column.model for column in second.columns] == ["Amsel", "Orakel", "Schüler"]
    assert found.counts == (RuleCount("Schüler", 1, 2), RuleCount("Amsel", 1, 2), RuleCount("Buche", 0, 2))
    assert "8 words" in why(first)
    assert "none of the 2 controls" in why(first)
    assert "neither the suspect nor any of the 1 other controls" in why(second)
    assert "controls share rare passages too" in does_not_show(second)


def test_marks_are_where_the_passages_stand(tmp_path: Path) -> None:
    for column in of(case(tmp_path)).exhibits[0].columns[:2]:
        assert [column.text[begin:end] for begin, end, _ in column.spans] == [RARE, FACT]


def test_no_run_goes_over_the_end_of_a_clause() -> None:
    assert parts_of("one two three. four five six") == [None, None]
    assert None not in parts_of("one two three four 'five' six")
    assert parts_of("One Two three four five") == parts_of("one two THREE four five")


def test_where_nothing_compares_or_nothing_is_shared_there_are_none(tmp_path: Path) -> None:
    assert of(case(tmp_path, {name: ["Nothing.", "At all."] for name in SAYS})).exhibits == ()
    contents = case(tmp_path)
    assert picked(replace(contents, findings=())) is None
    assert exhibits_of(replace(contents, findings=())).exhibits == ()


class Seen(HTMLParser):
    """The elements of a page, and the words that a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


HOSTILE = '<script>alert(1)</script> </main> {{7*7}} =cmd|x ]]> <img src=x onerror="alert(2)"> \u202e\u0000 保护'


def test_hostile_answers_stay_visible_text(tmp_path: Path) -> None:
    says = {name: [f"{HOSTILE} {text}" for text in texts] for name, texts in SAYS.items()}
    contents = case(tmp_path, says, (f"{HOSTILE} Bread?", "Work?"))
    files = files_of(contents)
    page = files[VIEWER].decode()
    calm = case(tmp_path)
    assert set(Seen(page).tags) == set(Seen(files_of(calm)[VIEWER].decode()).tags)
    assert Seen(page).tags.count("script") == 1
    assert "<script>alert(1)</script>" in "".join(Seen(page).words)
    for data in files.values():
        assert "\u202e" not in data.decode("utf-8-sig")
        assert "\0" not in data.decode("utf-8-sig")
    assert "⟦U+202E⟧" in page


def test_the_page_allows_its_own_style_and_script_alone(tmp_path: Path) -> None:
    contents = case(tmp_path)
    page = files_of(contents)[VIEWER].decode()
    allowed = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert allowed
    for kind in ("style", "script"):
        inside = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert inside
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in allowed[1]
    assert allowed[1].startswith("default-src 'none'")


@pytest.mark.parametrize("originals", [True, False])
def test_a_pack_has_them_with_the_bytes_that_they_came_from(tmp_path: Path, originals: bool) -> None:
    contents = replace(case(tmp_path), include_originals=originals)
    rows = list(csv.DictReader(io.StringIO(files_of(contents)[EXHIBIT_LIST].decode("utf-8-sig"))))
    assert len(rows) == 6
    assert {row["file"].startswith("source-0001") for row in rows} == {originals}
    assert {row["sha256"] for row in rows} <= {sha256_text(text) for texts in SAYS.values() for text in texts}


def test_the_start_page_leads_to_them(tmp_path: Path) -> None:
    target = tmp_path / "pack.zip"
    build(case(tmp_path), target)
    with zipfile.ZipFile(target) as archive:
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        start = archive.read(names["START_HERE.html"]).decode()
    assert {VIEWER, EXHIBIT_LIST, "data/02_exhibits/EX/EX-0001.txt", "data/01_report/summary_1page.pdf"} <= names.keys()
    links = re.findall(r'href="([^"]+)"', start)
    assert VIEWER in links
    assert set(links) <= names.keys(), "a link that leads to no file"
