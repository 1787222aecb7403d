"""Large files are read in a small memory, and giant records are passed over."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import sys
from collections import Counter
from pathlib import Path
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import by_key
from workbench.importers.containers.open import open_file

seen = Counter()
options = Options(mapping={"prompt": "p", "response": "r"})
for record in by_key(sys.argv[2]).read(open_file(Path(sys.argv[1])), options, silent):
    seen[type(record).__name__] += 1
    reason = getattr(record, "reason", "")
# Not ru_maxrss: that remembers the process that this one was forked from.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(seen["Response"], seen["Rejected"], int(peak.split()[1]) // 1024, reason, sep="|")
"""


def child(file: Path, key: str) -> tuple[int, int, int, str]:
    """Answers, rejected records, megabytes at most, and the last reason, of a process of its own."""
    done = subprocess.run([sys.executable, "-c", CHILD, file, key], capture_output=True, text=True, check=True)
    accepted, rejected, memory, reason = done.stdout.strip().split("|")
    return int(accepted), int(rejected), int(memory), reason


def large(file: Path, size: int, *, array: bool) -> int:
    """Write records of 30 kB until the size is reached; how many there are."""
    record = b'{"p": "prompt", "t": [{"a": 1}, {"a": 2}], "r": "' + b'some words, \\"quoted\\" }, { \\n' * 1000 + b'"}'
    count = size // len(record) + 1
    block = (b",\n" if array else b"\n").join([record] * 50)
    with file.open("wb") as stream:
        stream.write(b"[" if array else b"")
        for at in range(count // 50 + 1):
            stream.write((b",\n" if at and array else b"\n" if at else b"") + block)
        stream.write(b"]" if array else b"\n")
    return 50 * (count // 50 + 1)


ENVELOPES = {
    "openai_batch": (b"", b'{"custom_id": "r", "response": {"body": {"choices": [{"message": %s}]}}}', b"\n", b"\n"),
    "har": (b'{"log": {"version": "1.2", "entries": [', b'{"startedDateTime": "t", "request": {"method": "POST", '
            b'"url": "u", "postData": {"text": "{\\"prompt\\": \\"p\\"}"}}, '
            b'"response": {"status": 200, '
            b'"content": {"text": "{\\"choices\\": [{\\"text\\": \\"a\\"}]}"}}, "more": %s}',
            b",\n", b"]}}"),
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(ENVELOPES))
@pytest.mark.parametrize("size", [100_000_000, pytest.param(2_000_000_000, marks=pytest.mark.slow)])
def test_large_files_of_calls_take_little_memory(key: str, size: int, tmp_path: Path) -> None:
    before, record, between, after = ENVELOPES[key]
    block = between.join([record % (b'{"content": "' + b"some words }, { " * 2000 + b'"}')] * 50)
    count = size // len(block) + 1
    file = tmp_path / "file"
    with file.open("wb") as stream:
        stream.write(before + block)
        for _ in range(count - 1):
            stream.write(between + block)
        stream.write(after)
    accepted, rejected, memory, _ = child(file, key)
    file.unlink()
    assert (accepted, rejected) == (50 * count, 0)
    assert memory < 100


@pytest.mark.parametrize("key", ["mapped_json", "mapped_jsonl"])
@pytest.mark.parametrize("size", [150_000_000, pytest.param(2_000_000_000, marks=pytest.mark.slow)])
def test_large_files_take_little_memory(key: str, size: int, tmp_path: Path) -> None:
    file = tmp_path / "file"
    count = large(file, size, array=key == "mapped_json")
    accepted, rejected, memory, _ = child(file, key)
    file.unlink()
    assert (accepted, rejected) == (count, 0)
    assert memory < 200


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("mapped_jsonl", b'{"p":"a","r":"b"}\n'),
        ("mapped_json", b'[{"p":"a","r":"b"},{"p":"'),
        ("mapped_csv", b'p,r\na,b\nc,"'),
    ],
)
@pytest.mark.parametrize("size", [300_000_000, pytest.param(10 << 30, marks=pytest.mark.slow)])
def test_a_giant_record_is_passed_over_without_being_held(key: str, start: bytes, size: int, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(start)
    os.truncate(file, size)
    accepted, rejected, memory, reason = child(file, key)
    file.unlink()
    assert (accepted, rejected) == (1, 1)
    assert "longer than" in reason
    assert memory < 200
