"""On its way in each importer is asked about a file once, and about each file in an archive once."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.app.requests import ImportRequest
from workbench.app.session import Session, preview_file
from workbench.core.errors import BadInputError
from workbench.core.surroundings import Conditions
from workbench.importers.base import Opened
from workbench.importers.choose import IMPORTERS


def calls(prompt: str) -> str:
    lines = (
        {
            "request": {"model": "m", "messages": [{"role": "user", "content": f"{prompt} {n}"}]},
            "response": {"id": f"{prompt}{n}", "model": "m", "choices": [{"message": {"content": f"Answer {n}."}}]},
        }
        for n in range(5)
    )
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, text in members.items():
            target.writestr(name.replace("_", "."), text)
    return path


def one_file(folder: Path) -> Path:
    (folder / "a.jsonl").write_text(calls("Why"), "utf-8")
    return folder / "a.jsonl"


def unknown(folder: Path) -> Path:
    lines = (json.dumps({"question": f"What is {n}?", "reply_text": f"It is {n}, as all know."}) for n in range(5))
    (folder / "u.jsonl").write_text("\n".join(lines), "utf-8")
    return folder / "u.jsonl"


def logs(folder: Path) -> Path:
    return archive(folder / "z.zip", one_jsonl=calls("Why"), two_jsonl=calls("How"), three_txt=calls("Who"))


def texts(folder: Path) -> Path:
    return archive(folder / "t.zip", a_txt="An answer.", b_txt="Another answer.")


def nested(folder: Path) -> Path:
    inner = logs(folder).read_bytes()
    with zipfile.ZipFile(folder / "n.zip", "w") as target:
        target.writestr("inner.zip", inner)
        target.writestr("one.jsonl", calls("Where"))
    return folder / "n.zip"


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "case", title="Case", conditions=conditions) as opened:
        yield opened


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """How often each importer was asked about each file."""
    counts: Counter[tuple[str, str]] = Counter()

    def counting(key: str, sniff: Callable[[Opened], Any]) -> Callable[[Opened], Any]:
        def count(opened: Opened) -> Any:
            counts[key, opened.member or opened.name] += 1
            return sniff(opened)

        return count

    for importer in IMPORTERS:
        monkeypatch.setattr(importer, "sniff", counting(importer.key, importer.sniff))
    return counts


MADE = (one_file, logs, texts, nested)


@pytest.mark.parametrize("made", MADE)
def test_an_import_asks_once(
    asked: Counter[tuple[str, str]], session: Session, tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    session.import_file(made(tmp_path), ImportRequest())
    assert set(asked.values()) == {1}


def test_a_file_of_no_format_is_asked_about_once(
    asked: Counter[tuple[str, str]], session: Session, tmp_path: Path
) -> None:
    with pytest.raises(BadInputError, match="No importer knows"):
        session.import_file(unknown(tmp_path), ImportRequest())
    assert set(asked.values()) == {1}


@pytest.mark.parametrize("made", [*MADE, unknown])
def test_a_preview_asks_once(asked: Counter[tuple[str, str]], tmp_path: Path, made: Callable[[Path], Path]) -> None:
    preview_file(made(tmp_path))
    assert set(asked.values()) == {1}
