"""What a search finds does not depend on how much of a case the full-text index holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.making import answer, bring, new_case
from workbench.app import search as searching
from workbench.core.fulltext import parse
from workbench.core.surroundings import Conditions

TEXTS = (
    "The copper kettle sang.",
    "Kettles, of COPPER!",
    "A café by the harbour",
    "The cafe was shut",
    "静かな港の灯り",
    "kettle and copper, then nothing",
    "naïve kettle",
    "",
)
ASKED = (
    "kettle",
    "kettle copper",
    '"copper kettle"',
    "kettle*",
    "cafe",
    "café",
    "港の",
    "naive kettle",
    "nothing then",
    "absent",
)


def test_what_is_found_is_the_same_before_in_between_and_after_indexing(tmp_path: Path, conditions: Conditions) -> None:
    records = [
        answer(f"{text} {n}", f"Ask {text or 'no'} {n % 5}?", index=n, model=("ada", "bob")[n % 2])
        for n in range(80)
        for text in [TEXTS[n % len(TEXTS)]]
    ]
    found = []
    with new_case(tmp_path, conditions) as case:

        def look() -> None:
            pages = []
            for asked in ASKED:
                for in_prompts in (False, True):
                    for names in ([], ["bob"]):
                        how = {"in_prompts": in_prompts, "limit": 7}
                        page = case.words.find(parse(asked), names, after=0, **how)
                        pages += [page, case.words.find(parse(asked), names, after=page[-1].key if page else 3, **how)]
            found.append(pages)

        bring(case, tmp_path, records[:40])
        case.words.build()
        bring(case, tmp_path, records[40:])
        assert case.words.missing() == 40
        look()
        case.words.build()
        assert case.words.missing() == 0
        look()
    assert found[0] == found[1]
    assert [len(page) for page in found[0]].count(7) > 10
    (tmp_path / "other").mkdir()
    with new_case(tmp_path / "other", conditions) as case:
        bring(case, tmp_path, records[:40])
        bring(case, tmp_path, records[40:])
        found = []
        look()
        case.words.build()
        look()
    assert found[0] == found[1]


def test_a_first_search_of_many_answers_does_not_wait_for_the_index(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "INDEXED_FIRST", 5)
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, [answer(f"{TEXTS[n % 8]} {n}", f"Q {n}", index=n) for n in range(16)])
        page = searching.search(case, "kettle", (), in_prompts=False, limit=3, after=0, progress=lambda *_: None)
        assert (len(page.hits), page.missing, page.next is not None) == (3, 16, True)
        monkeypatch.setattr(searching, "INDEXED_FIRST", 16)
        again = searching.search(case, "kettle", (), in_prompts=False, limit=3, after=0, progress=lambda *_: None)
        assert (again.hits, again.missing) == (page.hits, 0)
