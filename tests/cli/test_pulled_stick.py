"""A disk that fails while it is read (EIO), as a stick does that is pulled out: words and exit code 1, no trace."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import REFUSED, Command

_FAILING = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int fails(int handle) {
    char link[64], path[4096];
    const char *in = getenv("READS_FAIL_IN");
    if (!in) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, in) != 0;
}
ssize_t read(int handle, void *to, size_t most) {
    static ssize_t (*real)(int, void *, size_t);
    if (!real) real = dlsym(RTLD_NEXT, "read");
    if (fails(handle)) { errno = EIO; return -1; }
    return real(handle, to, most);
}
ssize_t pread64(int handle, void *to, size_t most, off_t at) {
    static ssize_t (*real)(int, void *, size_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "pread64");
    if (fails(handle)) { errno = EIO; return -1; }
    return real(handle, to, most, at);
}
"""
"""Reads of files whose path holds a text fail, for SQLite as for Python."""

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("cc") is None, reason="reads are made to fail by a C library"
)


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("failing")
    (folder / "failing.c").write_text(_FAILING)
    library = folder / "failing.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, folder / "failing.c", "-ldl"], check=True)
    return library


def test_no_verb_ends_in_a_fault_where_the_disk_fails(
    command: Command, bare_case: Path, failing: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "stick-pack.zip"
    command("export", bare_case, pack)
    tried = [
        ("stick-pack.zip", ["verify", pack], "stick-pack.zip can't be read: Input/output error"),
        ("stick-pack.zip", ["replay", pack], "stick-pack.zip can't be read: Input/output error"),
        ("/originals/", ["backup", bare_case, tmp_path / "b.zip"], "can't be read (Input/output error)"),
        ("/originals/", ["export", bare_case, tmp_path / "p.zip"], "can't be read"),
        ("/originals/", ["verify", bare_case], "can't be read: Input/output error"),
        ("/case.db", ["corpora", bare_case], "refused to be read or written"),
    ]
    for where, words, said in tried:
        place = {"READS_FAIL_IN": where, "LD_PRELOAD": str(failing)}
        child = command.start(*words, env=command.environment | place)
        out, err = child.communicate(timeout=120)
        told = (out + err).decode("utf-8", "replace")
        assert (child.returncode, said in told) == (REFUSED, True), (words[0], where, told)
    assert command("verify", pack)["ok"] is True
    assert command("verify", bare_case)["ok"] is True
