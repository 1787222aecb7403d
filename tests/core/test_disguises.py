"""Words in disguise: found under what they wear, and not across the borders of sentences."""

from __future__ import annotations

import pytest

from workbench.core.disguises import Words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("of aurelia-1 alone", True),
        ("of Aurelia 1 alone", True),
        ("of aurelia - 1 alone", True),
        ("of aurelia-12 alone", False),
        ("power: marlin against aurelia. 1 more stands in Annex A", False),
        ("against aurelia; 1 more", False),
    ],
)
def test_a_name_with_a_number_is_not_the_end_of_a_sentence_before_a_count(text: str, found: bool) -> None:
    assert bool(Words(["aurelia-1"]).spans(text)) is found
