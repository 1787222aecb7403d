"""Logs taken in: every line is accounted for, names are gone, and work that stops goes on where it was."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.core.errors import Cancelled, CaseError
from workbench.core.logs import LogCounts, LogFormat
from workbench.core.pseudonyms import Pseudonyms
from workbench.core.text import normal_prompt
from workbench.importers.logs.lines import json_lines
from workbench.store.logs.engine import Engine
from workbench.store.logs.intake import Intake

FORM = LogFormat(
    "mapped",
    "mapped",
    {
        "ts": ("t", "time"),
        "account": ("a",),
        "prompt": ("messages", "body>messages"),
        "system": ("messages",),
        "response": ("response", "out"),
        "address": ("ip",),
        "email": ("mail",),
        "request": ("id",),
        "pt": ("usage.prompt_tokens",),
        "status": ("status",),
    },
)
KEY = bytes(range(32))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "temporary") as made:
        yield made


def taken(engine: Engine, folder: Path, data: bytes, zone: str = "UTC", batch: int = 1 << 20) -> LogCounts:
    """Take a log of JSON lines in."""
    intake = Intake(engine, folder, 7, FORM, Pseudonyms(KEY), zone)
    row, offset = intake.place
    return intake.take(json_lines(io.BytesIO(data[offset:]), row, offset, batch))


def stored(engine: Engine, folder: Path, columns: str) -> list[tuple[Any, ...]]:
    """Columns of all exchanges in order of rows."""
    files = f"'{folder}/part-*.parquet'"
    return engine.connection.execute(f"SELECT {columns} FROM read_parquet({files}) ORDER BY row").fetchall()


def lines(*records: Any) -> bytes:
    """Records as JSON lines; texts stand as they are."""
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in records)


def test_every_line_is_accepted_or_rejected_with_its_place_and_reason(engine: Engine, tmp_path: Path) -> None:
    good = {"t": "2026-01-02T03:04:05Z", "a": "k", "messages": [{"role": "user", "content": "Hi"}]}
    data = lines(
        good,
        b"{broken",
        b"",
        b"[1, 2]",
        b"\xff\xfe{}",
        {"a": "k"},
        {"t": "soon", "a": "k"},
        {"t": 5, "a": "k"},
        {"t": 1767323045},
        b'"text"',
        {"t": 1767323045, "a": None},
        good | {"t": 1767323045123},
    )
    counts = taken(engine, tmp_path / "log", data + b'{"t": 1767323045, "a": "last"}')
    assert counts.rejected == {
        "blank line": 1,
        "no JSON": 1,
        "no JSON object": 2,
        "no UTF-8": 1,
        "no account": 2,
        "no time": 1,
        "time out of range": 1,
        "unreadable time": 1,
    }
    assert (counts.lines, counts.accepted) == (13, 3)
    places = stored(engine, tmp_path / "log", 'row, "offset", length')
    assert [data[o : o + n] for _, o, n in places[:2]] == [lines(good), lines(good | {"t": 1767323045123})]
    assert [row for row, _, _ in places] == [0, 11, 12]
    note = json.loads((tmp_path / "log/part-000001.json").read_text())
    assert [(row, why) for row, _, _, why in note["examples"]][:4] == [
        (1, "no JSON"),
        (2, "blank line"),
        (3, "no JSON object"),
        (4, "no UTF-8"),
    ]


def test_a_line_that_is_too_long_is_passed_over(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.importers.logs.lines.LONGEST", 1000)
    good = {"t": 1767323045, "a": "k"}
    long = b'{"t": 1767323045, "a": "' + b"x" * 5000 + b'"}'
    for batch in (100, 700, 1 << 20):
        folder = tmp_path / str(batch)
        data = lines(good, long, good, long)
        counts = taken(engine, folder, data, batch=batch)
        assert (counts.lines, counts.accepted, counts.rejected) == (4, 2, {"longer than 16 MB": 2})
        assert [data[o : o + n] for o, n in stored(engine, folder, '"offset", length')] == [lines(good)] * 2


def test_texts_of_many_shapes(engine: Engine, tmp_path: Path) -> None:
    base = {"t": 1767323045, "a": "k"}
    parts = [{"type": "text", "text": "A"}, {"type": "image"}, {"type": "text", "text": "B"}]
    conversation = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "first"},
        {"role": "assistant", "content": "no"},
        {"role": "user", "content": parts},
        {"role": "tool", "content": "42"},
    ]
    shapes: list[tuple[dict[str, Any], tuple[str | None, str | None, str | None]]] = [
        ({"messages": conversation, "out": "plain"}, ("A\nB", "Be brief.", "plain")),
        ({"messages": "just text"}, ("just text", None, None)),
        ({"body": json.dumps({"messages": [{"role": "human", "content": "h"}]})}, ("h", None, None)),
        ({"response": {"choices": [{"message": {"content": "c"}}]}}, (None, None, "c")),
        ({"response": json.dumps({"choices": [{"text": "t"}]})}, (None, None, "t")),
        ({"response": {"content": parts}}, (None, None, "A\nB")),
        ({"response": {"output": {"message": {"content": [{"text": "o"}]}}}}, (None, None, "o")),
        ({"response": {"candidates": [{"content": {"parts": [{"text": "g"}]}}]}}, (None, None, "g")),
        ({"response": {"choices": [{"message": {"content": None}}]}}, (None, None, None)),
        ({"messages": [{"role": "user", "parts": [{"type": "text", "content": "p"}]}]}, ("p", None, None)),
        ({"messages": {"system": "S", "messages": [{"content": "m"}]}}, ("m", "S", None)),
        ({"messages": {"inputText": "i"}}, ("i", None, None)),
        ({"messages": 5, "out": True}, (None, None, None)),
    ]
    counts = taken(engine, tmp_path / "log", lines(*(base | more for more, _ in shapes)))
    assert counts.accepted == len(shapes)
    assert stored(engine, tmp_path / "log", 'prompt, "system", response') == [expected for _, expected in shapes]


@pytest.mark.parametrize(
    ("time", "zone", "expected"),
    [
        ("2026-01-02T03:04:05+02:00", "UTC", "2026-01-02 01:04:05"),
        ("2026-01-02T03:04:05Z", "Asia/Tokyo", "2026-01-02 03:04:05"),
        ("2026-07-02 03:04:05.25", "Europe/Berlin", "2026-07-02 01:04:05.250000"),
        ("2026-01-02 03:04:05", "Asia/Tokyo", "2026-01-01 18:04:05"),
        (1767323045, "Asia/Tokyo", "2026-01-02 03:04:05"),
        (1767323045123, "UTC", "2026-01-02 03:04:05.123000"),
        ("1767323045123456", "UTC", "2026-01-02 03:04:05.123456"),
        (1767323045123456789, "UTC", "2026-01-02 03:04:05.123456"),
    ],
)
def test_times_are_read_in_their_zone(engine: Engine, tmp_path: Path, time: object, zone: str, expected: str) -> None:
    taken(engine, tmp_path / "log", lines({"t": time, "a": "k"}), zone)
    assert [str(row[0]) for row in stored(engine, tmp_path / "log", "ts")] == [expected]


def test_digests_agree_with_those_of_answers_and_heads_are_masked(engine: Engine, tmp_path: Path) -> None:
    texts = [
        "  Plain  text\n\n\twith\u00a0odd\u3000 white \u2028 space ",
        "e\u0301 composed \u1e9b\u0323",
        "Write to Jo@Example.org or https://example.org/x?y=1 by 2026-01-02, order 77 of 10",
        "one two three " * 40,
        "a \n b",
    ]
    base = {"t": 1767323045, "a": "k"}
    taken(engine, tmp_path / "log", lines(*(base | {"messages": t, "out": t} for t in texts)))
    rows = stored(engine, tmp_path / "log", "prompt_sha, answer_sha, head, tail")
    for text, (prompt, answer, _, _) in zip(texts, rows, strict=True):
        assert prompt == answer == hashlib.sha256(normal_prompt(text).encode()).hexdigest()
    heads = engine.connection.execute(
        f"SELECT hash, text FROM read_parquet('{tmp_path}/log/texts-*.parquet')"
    ).fetchall()
    by_head = dict(heads)
    assert by_head[rows[2][2]] == "write to or by 0-0-0, order 0 of 0"
    assert by_head[rows[3][2]] == " ".join(["one two three"] * 11)[: -len(" three")]
    assert rows[4][2] == rows[4][3]
    assert all(0 <= head < 2**63 for _, _, head, _ in rows)


def test_names_addresses_and_keys_leave_no_trace(engine: Engine, tmp_path: Path) -> None:
    secrets = {"a": "acme-industries", "ip": "203.0.113.77", "mail": "jane.doe@corp-mail.example"}
    taken(engine, tmp_path / "log", lines({"t": 1767323045, "id": "r", **secrets}, {"t": 1767323045, "a": "b"}))
    engine.connection.execute("CHECKPOINT")
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            for value in (*secrets.values(), "203.0.113", "jane", KEY.hex()):
                assert value.encode() not in data, path
    names = Pseudonyms(KEY)
    (first, second) = stored(engine, tmp_path / "log", "account, address, network, email, email_class")
    address, network = names.address("203.0.113.77")
    assert first == (names.of("account", secrets["a"]), address, network, names.email(secrets["mail"])[0], "company")
    assert second[1:] == (None, None, None, None)
    assert names.address("203.0.113.9")[1] == network != address
    assert names.of("account", "203.0.113.77") != address


def test_work_that_was_stopped_goes_on_at_the_last_part(engine: Engine, tmp_path: Path) -> None:
    data = lines(*({"t": 1767323045 + n, "a": f"k{n % 7}", "messages": f"prompt {n}"} for n in range(500)))
    whole = taken(engine, tmp_path / "whole", data, batch=2_000)
    assert len(list((tmp_path / "whole").glob("*.parquet"))) > 8
    calls = 0

    def stop(fraction: float, note: str = "") -> None:
        nonlocal calls
        calls += 1
        if calls == 40:
            raise Cancelled

    intake = Intake(engine, tmp_path / "log", 7, FORM, Pseudonyms(KEY))
    with pytest.raises(Cancelled):
        intake.take(json_lines(io.BytesIO(data), 0, 0, 2_000), stop)
    (tmp_path / "log/part-000099.new").write_bytes(b"half")
    assert 0 < Intake(engine, tmp_path / "log", 7, FORM, Pseudonyms(KEY)).place[0] < 500
    assert taken(engine, tmp_path / "log", data, batch=2_000) == whole
    columns = 'row, "offset", account, prompt, head, call'
    assert stored(engine, tmp_path / "log", columns) == stored(engine, tmp_path / "whole", columns)


def test_an_altered_part_is_refused(engine: Engine, tmp_path: Path) -> None:
    taken(engine, tmp_path / "log", lines({"t": 1767323045, "a": "k"}))
    path = tmp_path / "log/part-000001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(CaseError, match="was changed"):
        Intake(engine, tmp_path / "log", 7, FORM, Pseudonyms(KEY))
