"""HOW_TO_CHECK.txt: stock commands for three systems, each of which says PASS or FAIL."""

from __future__ import annotations

import re

from workbench.core.resources import resource
from workbench.core.text import one_line
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.sealed import FOLLOWING
from workbench.evidence.pack.start_here import Bagged
from workbench.evidence.pack.zip_checks import zip_checks

_FIRST = "You need the covering letter"
_COPY = """This is a REDACTED COPY: what was taken out is marked with codes, and its log is one with codes in it, whose
hashes can't be computed again. So the files of this copy are sealed by its lists and by its signature, where it has
one, and by no log. The HEAD of the checks below is that of the full pack."""

_BESIDE = 1 + sum("/" not in path for path in FOLLOWING)


def how_to_check(contents: PackContents, bagged: Bagged) -> bytes:
    """The text, with the names and numbers of this pack in it."""
    text = resource("report/HOW_TO_CHECK.txt").read_text("utf-8")
    words = {
        "@TOP@": bagged.top,
        "@NUMBER@": f"{contents.number:02d}",
        "@TITLE@": one_line(contents.title, 60),
        "@FILES@": f"{bagged.files:,}",
    }
    words |= {f"@{system.upper()}@": line for system, _, line in zip_checks(f"{bagged.top}.zip")}
    if contents.copy is not None:
        text = text.replace(_FIRST, f"{_COPY}\n\n{_FIRST}", 1)
    # In one pass, so that a title which holds such a word stays as it is.
    return re.sub("|".join(words), lambda found: words[found[0]], text).encode()
