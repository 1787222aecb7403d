"""97 kinds of secrets in every place of a case: none stands in its pack, nor in an answer's raw record."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.core.secrets.documented_keys import Sample, samples
from tests.core.secrets.test_places import PLACES
from workbench.core.secrets.layers import DEEPEST, layers

SAMPLES = samples()
MAPPED = ("--map", "prompt=q", "--map", "response=r")
KEY = SAMPLES[0].value


def _lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def _core(sample: Sample) -> str:
    value = sample.value.replace("\n", "")
    return value[len(value) // 3 : len(value) // 3 + 12] if "BEGIN" not in value else sample.value[60:90]


def _read(pack: Path, tmp_path: Path) -> dict[str, str]:
    """Every member of a pack by name, its text, that of its pages and of the members in it, and what they say."""
    found = {}
    with zipfile.ZipFile(pack) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            text = name + "\n" + data.decode("utf-8", "replace")
            if name.endswith(".pdf"):
                (tmp_path / "page.pdf").write_bytes(data)
                run = subprocess.run(["pdftotext", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True)
                text += run.stdout.decode()
            if name.endswith(".docx"):
                (tmp_path / "page.docx").write_bytes(data)
                with zipfile.ZipFile(tmp_path / "page.docx") as inner:
                    text += "".join(inner.read(one).decode("utf-8", "replace") for one in inner.namelist())
            new = [text]
            for _ in range(DEEPEST):
                new = [one.text for said in new for one in layers(said)]
                text += "\n".join(new)
            found[name] = text
    return found


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the pages of the report")
def test_no_kind_of_secret_leaves_the_case(command: Command, empty_case: Path, tmp_path: Path) -> None:
    records: list[dict[str, object]] = []
    for at, sample in enumerate(SAMPLES):
        place = list(PLACES.values())[at % len(PLACES)]
        records += [
            {"q": f"Question {at}?", "r": place(sample.text), "note": place(sample.text)},
            {"q": f"Is it {place(sample.text)}?", "r": f"Answer {at}.", "id": sample.text, "system": sample.text},
        ]
    command("import", empty_case, _lines(tmp_path / "one.jsonl", records), "--model", "one", *MAPPED)
    for sample in SAMPLES[::8]:
        name = f"{sample.text.replace('/', '')[:200]}.jsonl"
        own = _lines(tmp_path / name, [{"q": f"Named {sample.kind}?", "r": f"A file for {sample.kind}."}])
        command("import", empty_case, own, *MAPPED)
    archive = tmp_path / "members.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for sample in SAMPLES:
            said = json.dumps({"q": f"Member {sample.kind}?", "r": f"In a member for {sample.kind}."})
            out.writestr(f"{sample.text}/a%3D{sample.text}.jsonl", said + "\n")
    command("import", empty_case, archive, "--model", "members", *MAPPED)
    pack = tmp_path / "p.zip"
    command("export", empty_case, pack)
    for name, text in _read(pack, tmp_path).items():
        assert [sample.kind for sample in SAMPLES if _core(sample) in text] == [], name
    assert command("verify", pack)["ok"] is True
    # Every eighth answer, as it stands in its file.
    for number in range(1, 2 * len(SAMPLES), 8):
        code, out, err = command.raw(["answer", "--json", empty_case, str(number)])
        assert code == 0
        said = out.decode() + err.decode()
        assert [sample.kind for sample in SAMPLES if _core(sample) in said] == [], number


def test_what_is_typed_is_refused_or_masked(command: Command, empty_case: Path, tmp_path: Path) -> None:
    own = _lines(tmp_path / "one.jsonl", [{"q": "Which?", "r": "This one."}])
    facts = ("--collector", f"n%3D{KEY}", "--system-prompt", f"a\\n{KEY}", "--setting", f"user={KEY}")
    command("import", empty_case, own, "--model", "one", *facts, *MAPPED)
    for words in (
        ["new", tmp_path / "other", "--title", f"Marlin {KEY}", "--examiner", "A"],
        ["new", tmp_path / "other", "--title", "Marlin", "--examiner", KEY],
        ["set", empty_case, "one", "--collector", KEY, "--reason", "mended"],
        ["set", empty_case, "one", "--collector", "A. Person", "--reason", f"mended \\n{KEY}"],
    ):
        code, out, err = command.raw(list(map(str, words)))
        assert (code, b"has the form of a secret" in out + err, KEY.encode() in out + err) == (2, True, False), words
    kept = [path for path in empty_case.rglob("*") if path.is_file() and "originals" not in path.parts]
    assert kept
    assert [path for path in kept if KEY.encode() in path.read_bytes()] == []
    assert command("verify", empty_case)["ok"] is True
