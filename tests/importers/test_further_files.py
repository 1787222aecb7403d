"""Twenty further files: what a user gets who imports each as `preview` proposes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.further_files import FILES, Answer, Further
from workbench.app.importing.dry_run import dry_run, first_records
from workbench.app.requests import ImportRequest
from workbench.app.session import preview_file


@pytest.mark.parametrize("further", FILES, ids=lambda further: further.name)
def test_a_further_file_gives_what_a_person_reads_in_it(further: Further, tmp_path: Path) -> None:
    file = tmp_path / further.name
    file.write_text(further.text, encoding="utf-8")
    seen = preview_file(file)
    assert seen.importer or seen.map_line, seen.notes
    request = ImportRequest(mapping={} if seen.importer else seen.guesses)
    found = [one for one in first_records(file, request) if not one.reason]
    assert sorted(Answer(one.prompt, one.text, one.model) for one in found) == sorted(further.answers)
    counted = dry_run(file, request)
    assert (counted.total("accepted"), counted.total("rejected")) == (len(further.answers), further.rejected)
