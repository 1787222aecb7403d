"""Duplicates on the command line and in a pack: which, where, and the same as what."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import DONE, USAGE, Command

MAPPED = ("--map", "prompt=q", "--map", "response=r", "--model", "ada")
KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"
OLD = Path(__file__).resolve().parents[1] / "store" / "schema_3.zip"


def invented(path: Path, seed: int, count: int) -> Path:
    """A file of lines drawn from few, some of which are no records."""
    chance = random.Random(seed)
    lines = []
    for _ in range(count):
        record = {"q": f"What is {chance.randrange(12)}?", "r": f"It is {chance.choice(('so', 'not', 'große', '多'))}."}
        lines.append("{broken\n" if chance.random() < 0.05 else json.dumps(record, ensure_ascii=False) + "\r\n")
    path.write_bytes("".join(lines).encode())
    return path


def met_before(files: list[Path]) -> list[tuple[int, str, str]]:
    """By plain Python: each line that was met before as number of file, bytes, and bytes of the line it repeats."""
    first: dict[bytes, tuple[int, str]] = {}
    found = []
    for number, path in enumerate(files, 1):
        at = 0
        for record in path.read_bytes().removesuffix(b"\n").split(b"\n"):
            place = f"bytes {at} to {at + len(record)}"
            at += len(record) + 1
            if record == b"{broken":
                continue
            if record in first:
                found.append((number, place, f"{first[record][0]}: {first[record][1]}"))
            first.setdefault(record, (number, place))
    return found


def said(row: dict[str, Any], names: list[str]) -> tuple[int, str, str]:
    place, twin = (row[key].split(", ", 1)[1] for key in ("place", "twin_place"))
    return row["import"], place, f"{names.index(row['twin_file']) + 1}: {twin}"


def text(command: Command, *words: str | Path) -> str:
    """What a person reads."""
    code, out, err = command.raw(words)
    assert code == DONE, err
    return out.decode()


def test_every_duplicate_is_listed_as_plain_python_finds_it(command: Command, empty_case: Path, tmp_path: Path) -> None:
    files = [invented(tmp_path / f"{name}.jsonl", seed, 150) for seed, name in enumerate("abc")]
    reports = [command("import", empty_case, path, *MAPPED) for path in files]
    wanted, names = met_before(files), [path.name for path in files]
    counts = [report["corpora"][0]["duplicate"] for report in reports]
    assert counts == [sum(number == at for number, *_ in wanted) for at in (1, 2, 3)]
    assert sum(counts) > 300
    assert [said(row, names) for report in reports for row in report["duplicates"]] == [
        row for at in (1, 2, 3) for row in [one for one in wanted if one[0] == at][:100]
    ]
    whole = command("duplicates", empty_case, "--limit", "1000")
    assert [said(row, names) for row in whole["duplicates"]] == wanted
    assert whole["next"] is None
    raw = {path.name: path.read_bytes() for path in files}
    for row in whole["duplicates"]:
        own = raw[row["file"]][row["offset"] : row["offset"] + row["length"]]
        assert own == raw[row["twin_file"]][row["twin_offset"] : row["twin_offset"] + row["twin_length"]] != b""
    assert [(one["duplicate"], one["listed"]) for one in whole["imports"]] == [(n, n) for n in counts]
    pages, after = [], 0
    while after is not None:
        page = command("duplicates", empty_case, "--limit", "70", "--after", str(after))
        pages += page["duplicates"]
        after = page["next"]
    assert pages == whole["duplicates"]
    only = command("duplicates", empty_case, "--import", "2", "--limit", "1000")
    assert [said(row, names) for row in only["duplicates"]] == [row for row in wanted if row[0] == 2]
    assert [one["import"] for one in only["imports"]] == [2]
    assert command("verify", empty_case)["ok"] is True


def test_in_words(command: Command, empty_case: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"q": "Why?", "r": "Because."}\n' * 8)
    told = text(command, "import", empty_case, path, *MAPPED)
    assert told.count("duplicate: record") == 5
    assert "duplicate: record 2, bytes 31 to 61: the same record as answer 1 (record 1, bytes 0 to 30)" in told
    assert "2 more duplicates: `duplicates CASE` lists all." in told
    again = tmp_path / "b.jsonl"
    again.write_text('{"q": "Why?", "r": "Because."}\n\n')
    command("import", empty_case, again, *MAPPED)
    told = text(command, "duplicates", empty_case, "--after", "6")
    assert "import 1, a.jsonl, record 8, bytes 217 to 247: the same record as answer 1 (record 1," in told
    assert "import 2, b.jsonl, record 1, bytes 0 to 30: the same record as answer 1 (a.jsonl, record 1," in told
    assert "More: --after 2" in text(command, "duplicates", empty_case, "--limit", "2")
    assert "no finished import 9" in command.refused("duplicates", empty_case, "--import", "9", code=USAGE)
    assert "at least one" in command.refused("duplicates", empty_case, "--limit", "0", code=USAGE)


def test_a_case_without_any(command: Command, empty_case: Path) -> None:
    assert command("duplicates", empty_case) == {"imports": [], "duplicates": [], "next": None}
    assert "No record was left out" in text(command, "duplicates", empty_case)


def listed(pack: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(pack) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/duplicates.csv")]
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def test_a_pack_lists_them_without_the_secrets_in_their_places(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    path = invented(tmp_path / "a.jsonl", 5, 120)
    command("import", empty_case, path, *MAPPED)
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.write(path, f"of {KEY}.jsonl")
    told = command("import", empty_case, tmp_path / "z.zip", *MAPPED)
    assert KEY not in json.dumps(told)
    assert KEY not in json.dumps(command("duplicates", empty_case, "--limit", "1000"))
    command("export", empty_case, tmp_path / "p.zip")
    assert command("verify", tmp_path / "p.zip")["ok"] is True
    rows = listed(tmp_path / "p.zip")
    wanted = met_before([path])
    assert [row["place"].split(", ", 1)[1] for row in rows if row["import"] == "1"] == [place for _, place, _ in wanted]
    raw = path.read_bytes()
    for row in rows:
        # In both files a duplicate has the very bytes of its twin.
        begin, twin = int(row["offset"]), int(row["twin_offset"])
        assert raw[begin : begin + int(row["length"])] == raw[twin : twin + int(row["twin_length"])]
        assert KEY not in str(row)
    # By the recipe of the manual the rows give what the ledger seals.
    sealed = [[*(int(row[n]) for n in ("index", "offset", "length")), row["member"], int(row["twin"])] for row in rows]
    some = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in sealed[: len(wanted)])
    line = next(line for line in command("log", empty_case)["lines"] if line["action"] == "file imported")
    assert line["options"]["corpora"][0]["listed"] == [hashlib.sha256(some.encode()).hexdigest()]
    assert len([row for row in rows if row["import"] == "2"]) == told["corpora"][0]["duplicate"] > 100
    again = command("export", empty_case, tmp_path / "again.zip", "--number", "1")
    assert (tmp_path / "again.zip").read_bytes() == (tmp_path / "p.zip").read_bytes(), again


def test_an_old_case_says_that_its_duplicates_were_counted_alone(command: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(OLD) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "a.case" / "originals" / ".incoming").mkdir(parents=True, exist_ok=True)
    case = tmp_path / "a.case"
    before = (case / "case.db").read_bytes()
    told = command("duplicates", case)
    assert [(one["duplicate"], one["listed"]) for one in told["imports"]] == [(4, 0), (6, 0)]
    assert told["duplicates"] == []
    words = text(command, "duplicates", case)
    assert "6 of the 6 duplicates that import 2 (two.json) has for ada were counted by an earlier version" in words
    assert (case / "case.db").read_bytes() == before
    command("import", case, "--discard", "3")
    assert [(one["duplicate"], one["listed"]) for one in command("duplicates", case)["imports"]] == [(4, 0), (6, 0)]
    command("export", case, tmp_path / "p.zip")
    rows = listed(tmp_path / "p.zip")
    assert [(row["import"], row["corpus"], row["twin"]) for row in rows] == [("1", "ada", ""), ("2", "ada", "")]
    assert all("did not list them" in row["place"] for row in rows)
    assert command("verify", case)["ok"] is True


@pytest.mark.parametrize("again", [False, True])
def test_a_file_that_is_known_lists_nothing_anew(
    command: Command, empty_case: Path, tmp_path: Path, again: bool
) -> None:
    path = invented(tmp_path / "a.jsonl", 5, 60)
    first = command("import", empty_case, path, *MAPPED)
    assert first["duplicates"]
    if again:
        second = command("import", empty_case, path, *MAPPED)
        assert (second["duplicates"], second["sources"][0]["known"]) == ([], True)
        assert "duplicate:" not in text(command, "import", empty_case, path, *MAPPED)
    listing = command("duplicates", empty_case, "--limit", "1000")["duplicates"]
    assert len(listing) == first["corpora"][0]["duplicate"]
