"""The check that lies in each pack as one file of Python: it agrees with `verify` on what it claims to see."""

from __future__ import annotations

import random
import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.evidence.check.test_log_agreement import sealed_again
from workbench.core.resources import resource
from workbench.evidence.check.check import verify_pack
from workbench.evidence.pack.payload import CHECKER
from workbench.evidence.pack.sealed import AUDIT_HEAD, AUDIT_LOG, CUSTODY_TABLE

Check = Callable[..., str]

PROGRAM = resource("report/check_pack.py.txt")
BY_THE_LISTS_ALONE = {CUSTODY_TABLE, "bagit.txt", "bag-info.txt"}
"""Files that `verify` makes again from the log; this check knows them by their hashes alone."""


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    def run(*words: object) -> str:
        monkeypatch.setattr(sys, "argv", ["check_pack.py.txt", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(PROGRAM), run_name="__main__")
        said = capsys.readouterr().out + (ended.value.code if isinstance(ended.value.code, str) else "")
        last = said.split("\n")[-2 if said.endswith("\n") else -1]
        assert last in ("PASS", "FAIL")
        assert (ended.value.code == 0) == (last == "PASS")
        return said

    return run


def test_a_sound_pack_passes_zipped_and_unpacked(check: Check, pack: Path, unpacked: Path) -> None:
    head = (unpacked / AUDIT_HEAD).read_text().strip()
    assert check(pack) == check(unpacked) == check(pack, head) == check(unpacked, head.upper()) == "PASS\n"
    assert "were told" in check(pack, "0" * 64)
    assert (unpacked / CHECKER).read_bytes() == PROGRAM.read_bytes()


def test_whatever_file_is_changed_removed_or_added_it_says_so(check: Check, unpacked: Path) -> None:
    draws = random.Random(3)
    paths = [path for path in sorted(unpacked.rglob("*")) if path.is_file()]
    seen = 0
    for path in paths:
        name, whole = path.relative_to(unpacked).as_posix(), path.read_bytes()
        damaged = bytearray(whole)
        damaged[draws.randrange(len(whole))] ^= 1 << draws.randrange(7)
        path.write_bytes(damaged)
        if name != "SEAL_STATUS.txt":
            assert "FAIL" in check(unpacked), name
            seen += 1
        path.unlink()
        assert name == "SEAL_STATUS.txt" or "FAIL" in check(unpacked), name
        path.write_bytes(whole)
    assert seen == len(paths) - 1
    (unpacked / "data/01_report/new.txt").write_text("put in later")
    assert "added" in check(unpacked)


def test_with_all_lists_renewed_the_log_shows_a_change(check: Check, unpacked: Path) -> None:
    names = [path.relative_to(unpacked).as_posix() for path in sorted(unpacked.rglob("*")) if path.is_file()]
    lists = {"manifest-sha256.txt", "tagmanifest-sha256.txt", "SEAL_STATUS.txt"}
    for name in names:
        if name in lists:
            continue
        path = unpacked / name
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b"0", b"1", 1) if b"0" in whole else whole + b" ")
        sealed_again(unpacked)
        assert verify_pack(unpacked), name
        assert ("FAIL" in check(unpacked)) == (name not in BY_THE_LISTS_ALONE), name
        path.write_bytes(whole)
    sealed_again(unpacked)
    assert check(unpacked) == "PASS\n"
    assert verify_pack(unpacked) == []


def test_a_log_that_was_cut_or_reordered_fails(check: Check, unpacked: Path) -> None:
    log = unpacked / AUDIT_LOG
    lines = log.read_text().splitlines(keepends=True)
    for forged in (lines[:-1], lines[1:], [lines[1], lines[0], *lines[2:]], [*lines, lines[-1]]):
        log.write_text("".join(forged))
        sealed_again(unpacked)
        assert "FAIL" in check(unpacked)


def test_what_is_no_pack_fails_in_words(check: Check, tmp_path: Path) -> None:
    junk = tmp_path / "junk.zip"
    junk.write_bytes(b"PK\x03\x04 no zip")
    assert "can't be read" in check(junk)
    assert "is missing" in check(tmp_path)
    assert "no file or folder" in check(tmp_path / "nothing.zip")


def edited(data: bytes, draws: random.Random) -> bytes:
    """The bytes with one edit: a bit, some bytes, a line, a number, or the end."""
    at = draws.randrange(len(data) + 1)
    lines = data.split(b"\n")
    line = draws.randrange(len(lines))
    kind = draws.randrange(8)
    if kind == 0 and data:
        place = draws.randrange(len(data))
        return data[:place] + bytes([data[place] ^ 1 << draws.randrange(8)]) + data[place + 1 :]
    if kind == 1:
        return data[:at] + draws.randbytes(draws.randrange(1, 9)) + data[at:]
    if kind == 2:
        return data[:at] + data[at + draws.randrange(1, 99) :]
    if kind == 3:
        return data[:at]
    if kind == 4:
        return b"\n".join([*lines[:line], *lines[line + 1 :]])
    if kind == 5:
        return b"\n".join([*lines[: line + 1], *lines[line:]])
    if kind == 6:
        return b"\n".join(draws.sample(lines, len(lines)))
    return re.sub(rb"\d", lambda digit: b"%d" % ((int(digit[0]) + 1) % 10), data, count=draws.randrange(1, 4))


def edit(folder: Path, names: list[str], draws: random.Random) -> str:
    """Change, remove, add, rename or exchange files; returns the name of one that was touched."""
    name, other = draws.sample(names, 2)
    path, kind = folder / name, draws.randrange(12)
    if kind == 0:
        path.unlink()
    elif kind == 1:
        name = f"{name}.{draws.choice(('txt', 'bak', 'sig', '2.sig'))}"
        (folder / name).write_bytes(draws.randbytes(9))
    elif kind == 2:
        name = f"{name}x"
        path.rename(folder / name)
    elif kind == 3:
        one, two = path.read_bytes(), (folder / other).read_bytes()
        path.write_bytes(two)
        (folder / other).write_bytes(one)
    else:
        path.write_bytes(edited(path.read_bytes(), draws))
    return name


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def every_edit_is_named(check: Check, folder: Path, count: int) -> None:
    """Edits of a sound pack, with all lists renewed after every other one."""
    draws, whole, tried = random.Random(20261130), held(folder), 0
    names = sorted(whole)
    while tried < count:
        renewed = bool(draws.randrange(2))
        edit(folder, names, draws)
        if renewed:
            sealed_again(folder)
        now = held(folder)
        touched = {name for name in now.keys() | whole.keys() if now.get(name) != whole.get(name)}
        if touched:
            tried += 1
            assert verify_pack(folder), (tried, touched)
            lists = {"manifest-sha256.txt", "tagmanifest-sha256.txt", "SEAL_STATUS.txt"}
            unseen = BY_THE_LISTS_ALONE | lists if renewed else {"SEAL_STATUS.txt"}
            assert "FAIL" in check(folder) or touched <= unseen, (tried, touched)
        for name in touched:
            (folder / name).unlink(missing_ok=True)
            if name in whole:
                (folder / name).write_bytes(whole[name])
    assert verify_pack(folder) == []


def test_random_edits_are_named(check: Check, unpacked: Path) -> None:
    every_edit_is_named(check, unpacked, 40)


@pytest.mark.slow
def test_a_thousand_random_edits_are_named(check: Check, unpacked: Path) -> None:
    every_edit_is_named(check, unpacked, 1000)
