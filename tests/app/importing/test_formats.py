"""Files of the JSON formats taken into a case: the three counts, the prompts that come later, what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.importers.made_records import RECORDS, call_records, file_of, lm_eval, openai_batch, openai_tuning
from workbench.app.requests import ImportReport, ImportRequest
from workbench.app.session import Session
from workbench.core.errors import BadInputError, UsageError
from workbench.core.progress import silent
from workbench.core.surroundings import Conditions

Counts = tuple[int, int, int]


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    """A new case."""
    with Session.create(tmp_path / "x", conditions=conditions) as opened:
        yield opened


def counts(report: ImportReport) -> Counts:
    """Accepted, rejected, duplicate; and that they make up the records."""
    for c in report.corpora:
        assert c.records == c.accepted + c.rejected + c.duplicate
    parts = [(c.accepted, c.rejected, c.duplicate) for c in report.corpora]
    accepted, rejected, duplicate = map(sum, zip(*parts, strict=True))
    return accepted, rejected, duplicate


def written(folder: Path, key: str, *records: Any, name: str = "file") -> Path:
    """A file of these records."""
    file = folder / name
    file.write_bytes(file_of(key, list(records)))
    return file


def plainly(file: Path) -> Counts:
    """The three counts of a real file, by a few lines of plain Python."""
    text = file.read_text(encoding="utf-8")
    records = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.split("\n") if line]
    seen: list[object] = []
    for r in records:
        if "conversations" in r:
            seen += [(r["id"], at, t["value"]) for at, t in enumerate(r["conversations"]) if t["from"] == "gpt"]
        elif "returned_model" in r:
            seen += [(r["id"], c["index"], c["message"]["content"]) for c in r["response"]["choices"]]
        elif "question_id" in r:
            for c in r["choices"]:
                seen += [(r["question_id"], r["answer_id"], c["index"], at, str(t)) for at, t in enumerate(c["turns"])]
        else:
            seen.append((" ".join(r["instruction"].split()), r["output"], r["generator"]))
    return len(set(seen)), 0, len(seen) - len(set(seen))


@pytest.mark.panel
def test_real_files_come_in_with_the_counts_that_plain_python_finds(shared: Path, session: Session) -> None:
    folder = shared / "formats"
    files = [*folder.glob("fastchat/*.jsonl"), *folder.glob("raw-api/*.jsonl"), *folder.glob("sharegpt/*.json")]
    files += sorted((shared / "panel" / "corpora").glob("*.json"))[:6]
    files = [file for file in sorted(files) if file.name != "question.jsonl"]
    assert len(files) == 14
    for file in files:
        report = session.import_file(file, ImportRequest(model=f"model {file.stem}"), silent)
        assert counts(report) == plainly(file), file.name


@pytest.mark.parametrize("key", sorted(RECORDS))
def test_a_file_of_each_format_comes_in_whole(key: str, session: Session, tmp_path: Path) -> None:
    file = written(tmp_path, key, *(RECORDS[key](n, f"answer {n}") for n in range(20)), RECORDS[key](3, "answer 3"))
    report = session.import_file(file, ImportRequest(), silent)
    assert report.importer == key
    assert counts(report) == (20, 0, 1)


def test_rows_of_another_filter_are_duplicates(session: Session, tmp_path: Path) -> None:
    rows = [lm_eval(n, f"a{n}") | {"filter": f} for n in range(5) for f in ("strict", "flexible")]
    assert counts(session.import_file(written(tmp_path, "lm_eval", *rows), ImportRequest(), silent)) == (5, 0, 5)


def test_the_prompts_of_a_batch_may_come_later(session: Session, tmp_path: Path) -> None:
    report = session.import_file(written(tmp_path, "openai_batch", *(openai_batch(n, "a") for n in range(3))),
                                 ImportRequest(), silent)  # fmt: skip
    assert "3 answers have no prompt yet" in report.notices[-1]
    asked = tmp_path / "input.jsonl"
    lines = [{"custom_id": f"r-{n}", "body": {"messages": [{"role": "user", "content": f"q{n}"}]}} for n in range(9)]
    asked.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert session.join_prompts(asked, "model-x", silent).joined == 3


def test_a_wrong_file_of_prompts_is_named_by_its_own_name(session: Session, tmp_path: Path) -> None:
    session.import_file(written(tmp_path, "openai_batch", openai_batch(1, "a")), ImportRequest(), silent)
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text('{"a": 1}\n')
    with pytest.raises(BadInputError, match=r"“wrong\.jsonl” is no file of prompts"):
        session.join_prompts(wrong, "model-x", silent)
    other = written(tmp_path, "openai_batch", openai_batch(2, "a"), name="other")
    with pytest.raises(BadInputError, match=r"“wrong\.jsonl” is no file of prompts"):
        session.import_file(other, ImportRequest(prompts=wrong), silent)


def test_prompts_for_a_file_that_carries_them_are_refused(session: Session, tmp_path: Path) -> None:
    asked = tmp_path / "q.jsonl"
    asked.write_text('{"id": 1, "prompt": "q"}\n')
    file = written(tmp_path, "openai_tuning", openai_tuning(1, "a"))
    with pytest.raises(UsageError, match="carries its prompts"):
        session.import_file(file, ImportRequest(prompts=asked), silent)
    assert session.import_file(file, ImportRequest(), silent).importer == "openai_tuning"


def test_what_the_records_say_of_the_collection_is_told(session: Session, tmp_path: Path) -> None:
    records = [call_records(n, "a") for n in range(3)]
    report = session.import_file(written(tmp_path, "call_records", *records), ImportRequest(), silent)
    told = "\n".join(report.notices)
    assert "Another model was asked for than the one that the records name: model → model-x (3)." in told
    assert "Decoding settings that the records state: temperature 1.0 (3)." in told


def test_a_format_that_is_named_reads_the_file_even_if_another_claims_it(session: Session, tmp_path: Path) -> None:
    file = written(tmp_path, "openai_tuning", openai_tuning(1, "a"))
    with pytest.raises(BadInputError, match="`conversations` is missing"):
        session.import_file(file, ImportRequest(format="sharegpt"), silent)
