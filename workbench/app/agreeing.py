"""Whether the bytes at an answer's place give that answer, where they can be read for themselves."""

from __future__ import annotations

from workbench.core.errors import BadInputError, CaseError, UsageError
from workbench.core.hashing import sha256_text
from workbench.core.model import Response
from workbench.core.text import normal_prompt, well_formed
from workbench.store import Case, StoredAnswer


def disagreement(case: Case, answer: StoredAnswer) -> str:
    """What the bytes at the place of an answer give in its stead, in words; empty where it is the same, or unknown.

    Read by the importer and the options of the import. What is no line of its own says nothing.
    """
    found = _read(case, answer)
    if found is None:
        return ""
    same = [record for record in found if sha256_text(well_formed(record.text)[0]) == answer.sha256]
    if any(_asked_the_same(record, answer) for record in same):
        return ""
    given = "another prompt" if same else "another answer" if found else "no answer"
    return (
        f"The bytes at this place do not give this answer: read by {answer.importer} as at the import, they give "
        f"{given}. The place in the case, the answer or the file is not as it was; `workbench verify CASE` tells of "
        "the answer and of the file, not of the place."
    )


def _read(case: Case, answer: StoredAnswer) -> list[Response] | None:
    from workbench.importers import Options, by_key, open_file
    from workbench.importers.alone import read_alone

    if answer.member:
        return None
    asked = answer.options
    encoding = asked.get("encoding", {}).get("name", "")
    options = Options(mapping=asked.get("mapping", {}), model=asked.get("model"), encoding=encoding)
    try:
        importer = by_key(answer.importer)
        opened = open_file(case.original(answer.source.sha256), answer.source.name, encoding)
        return read_alone(importer, opened, options, answer.offset, answer.length)
    except (BadInputError, CaseError, UsageError):
        return None  # why they can't be read is said where they are shown


def _asked_the_same(record: Response, answer: StoredAnswer) -> bool:
    """Whether a record that gives its prompt gives that of the answer; others have theirs from another file."""
    if not (record.prompt or "").strip():
        return True
    return sha256_text(normal_prompt(well_formed(record.prompt or "")[0])) == answer.prompt_sha256
