"""Panel manifests: every field, every format, and every way to be wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.core.errors import BadInputError
from workbench.core.model import Facts, Response, SourceModel
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.json_files import MappedJsonLines
from workbench.importers.panel_manifest import looks_like_manifest, read_manifest, reading

CORPUS = {"corpus": "a", "file": "corpora/a.json"}


def manifest(folder: Path, value: object) -> Path:
    """A manifest file."""
    file = folder / "panel.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value))
    return file


def test_every_field_is_read(tmp_path: Path) -> None:
    entry = {
        **CORPUS,
        "developer": "D",
        "released": "2024-03",
        "base": "B",
        "family": "F",
        "group": ["g", "h"],
        "sources": [{"corpus": "s", "relation": "distilled", "minor": True}, {"corpus": "t", "relation": "relay"}],
        "teacherless": True,
        "control_only": True,
        "basis": "because",
        "unknown": 1,
    }
    found = read_manifest(manifest(tmp_path, {"dataset": "set", "format": "alpaca_eval", "corpora": [entry]}))
    assert (found.dataset, found.format, found.prompts, found.mapping) == ("set", "alpaca_eval", None, {})
    assert found.entries[0].path == tmp_path / "corpora" / "a.json"
    assert found.entries[0].facts == Facts(
        developer="D",
        released="2024-03",
        base="B",
        family="F",
        group=("g", "h"),
        sources=(SourceModel("s", "distilled", True), SourceModel("t", "relay")),
        teacherless=True,
        control_only=True,
        basis="because",
    )


def test_fastchat_and_mapped_panels_say_how_their_files_are_read(tmp_path: Path) -> None:
    chat = read_manifest(manifest(tmp_path, {"format": "fastchat", "prompts": "q.jsonl", "corpora": [CORPUS]}))
    assert chat.prompts == tmp_path / "q.jsonl"
    mapped = {
        "format": "mapped",
        "prompt_key": "id",
        "response": "r.0.text",
        "corpora": [{**CORPUS, "file": "a.jsonl"}],
    }
    (tmp_path / "a.jsonl").write_text('{"id": 1, "r": [{"text": "x"}]}\n')
    found = read_manifest(manifest(tmp_path, mapped))
    assert found.mapping == {"prompt_key": "id", "response": "r.0.text"}
    assert choose(recognise(open_file(found.entries[0].path)), Options(mapping=found.mapping)).key == "mapped_jsonl"


@pytest.mark.parametrize(
    "file",
    [
        "../a.json",
        "x/../../a.json",
        "/etc/passwd",
        "..\\a.json",
        "C:\\a.json",
        "\\\\host\\share\\a",
        "a\0b",
    ],
)
def test_files_outside_the_folder_are_refused(file: str, tmp_path: Path) -> None:
    inside = tmp_path / "panel"
    inside.mkdir()
    for value in ({"corpora": [{"corpus": "a", "file": file}]}, {"prompts": file, "corpora": [CORPUS]}):
        with pytest.raises(BadInputError, match=r"outside the manifest's folder|no usable path"):
            read_manifest(manifest(inside, value))


def test_a_link_in_the_folder_is_followed(tmp_path: Path) -> None:
    inside = tmp_path / "panel"
    inside.mkdir()
    (inside / "linked").symlink_to(tmp_path)
    value = {"corpora": [{"corpus": "a", "file": "linked/a.json"}]}
    assert read_manifest(manifest(inside, value)).entries[0].path == inside / "linked" / "a.json"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("nothing", "not valid JSON"),
        ([], "a list, not an object"),
        ({}, "`corpora`"),
        ({"corpora": []}, "`corpora`"),
        ({"corpora": {}}, "`corpora`"),
        ({"format": "word", "corpora": [CORPUS]}, "“word” is not one of"),
        ({"format": "fastchat", "corpora": [CORPUS]}, "needs `prompts`"),
        ({"format": "mapped", "corpora": [CORPUS]}, "where the answer is"),
        ({"format": 5, "corpora": [CORPUS]}, "`format` is a number"),
        ({"corpora": [5]}, "corpus 1, it is a number"),
        ({"corpora": [{"corpus": "a"}]}, "needs both"),
        ({"corpora": [CORPUS, CORPUS]}, "“a” twice"),
        ({"corpora": [{**CORPUS, "released": "soon"}]}, "not a release date"),
        ({"corpora": [{**CORPUS, "teacherless": "yes"}]}, "neither true nor false"),
        ({"corpora": [{**CORPUS, "sources": "x"}]}, "not a list"),
        ({"corpora": [{**CORPUS, "sources": [{"corpus": "x", "relation": "cousin"}]}]}, "a source needs"),
        ({"corpora": [{**CORPUS, "group": [1]}]}, "no name"),
    ],
)
def test_what_the_form_does_not_allow_is_refused_in_words(value: object, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=words):
        read_manifest(manifest(tmp_path, value))


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="can't be read"):
        read_manifest(tmp_path / "none.json")


@pytest.mark.panel
def test_the_shared_panel_is_read(shared: Path) -> None:
    file = shared / "panel" / "panel.json"
    assert looks_like_manifest(file)
    assert not looks_like_manifest(b'[{"corpus": 1}]')
    found = read_manifest(file)
    expected = json.loads(file.read_text())["corpora"]
    assert [e.name for e in found.entries] == [c["corpus"] for c in expected]
    assert all(e.path.is_file() for e in found.entries)
    assert sum(e.facts.teacherless for e in found.entries) == sum(c.get("teacherless", False) for c in expected)


def test_where_no_text_of_the_prompts_is_given_their_ids_stand_for_them(tmp_path: Path) -> None:
    keyed = {"format": "mapped", "prompt_key": "id", "response": "reply.text", "corpora": [CORPUS]}
    found = read_manifest(manifest(tmp_path, keyed))
    assert reading(found) == {"prompt": "id", "prompt_key": "id", "response": "reply.text"}
    for value, prompt in ((7, "7"), ("q-7", "q-7")):
        record = json.dumps({"id": value, "reply": {"text": "an answer"}}).encode() + b"\n"
        opened = open_file(written(tmp_path / "one.jsonl", record))
        (answer,) = list(MappedJsonLines().read(opened, Options(mapping=reading(found)), silent))
        assert isinstance(answer, Response)
        assert (answer.prompt, answer.prompt_key, answer.text) == (prompt, prompt, "an answer")


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
