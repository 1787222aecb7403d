"""Markers are drawn from a key alone, and look like their decoys."""

from __future__ import annotations

import re

import pytest

from workbench.core.errors import UsageError
from workbench.core.markers import (
    CANDIDATES,
    LONGEST,
    Kind,
    candidates,
    decoys,
    from_csv,
    make,
    seal,
    to_csv,
)

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_marker_is_one_of_a_thousand_candidates(kind: Kind) -> None:
    markers = make(KEY, kind, 12)
    assert markers == make(KEY, kind, 12) != make(OTHER, kind, 12)
    assert len({one.secret for one in markers}) == 12
    for one in markers:
        others = decoys(KEY, one)
        assert len(set(others)) == CANDIDATES - 1
        assert one.secret not in others
        assert max(map(len, others)) <= LONGEST
        assert one.secret in one.served
        assert one.secret not in one.probe


def test_markers_stand_at_every_place_among_their_candidates() -> None:
    places = [candidates(KEY, m.id, m.kind).index(m.secret) for m in make(KEY, "string", 80)]
    quarters = [sum(250 * q <= place < 250 * (q + 1) for place in places) for q in range(4)]
    assert min(quarters) > 10
    assert all(re.fullmatch("[A-Z2-7]{12}", m.secret) for m in make(KEY, "string", 5))


def test_another_key_has_no_decoys() -> None:
    (marker,) = make(KEY, "fact", 1)
    with pytest.raises(UsageError, match="not drawn with this key"):
        decoys(OTHER, marker)
    with pytest.raises(UsageError, match="no kind of marker"):
        make(KEY, "song", 1)


def test_the_seal_changes_with_any_marker_and_does_not_hold_them() -> None:
    markers = make(KEY, "identifier", 3)
    sealed = seal(KEY, markers)
    assert sealed != seal(KEY, markers[:2])
    assert sealed != seal(OTHER, markers)
    assert not any(one.secret in str(sealed) for one in markers)
    assert KEY.hex() not in str(sealed)


def test_markers_come_back_from_csv() -> None:
    markers = make(KEY, "style", 4, "a-")
    assert from_csv(to_csv(markers)) == markers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,kind,secret,probe,space\n1,string,,q,9\n", "Line 2: the column secret"),
        ("id,kind,secret,probe,space\n1,string,x,q,many\n", "Line 2: the space 'many'"),
        ("id,kind,secret,probe,space\n1,string,x,q,nan\n", "Line 2: the space 'nan'"),
        ("id,kind,secret,probe,space\n1,string,x,q,9\n1,string,y,q,9\n", "Line 3: the marker 1 is there twice"),
        (f"id,kind,secret,probe,space\n1,string,{'x' * 65},q,9\n", "longer than 64"),
    ],
)
def test_what_is_wrong_with_a_file_of_markers_is_said(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        from_csv(text)
