"""Phrases that no report may use: which are found, and which good sentences are left alone."""

from __future__ import annotations

import pytest

from workbench.core.errors import UsageError
from workbench.core.wording_check import check_typed, refused


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("It was distilled from aurelia.", "was distilled"),
        ("The probability that marlin-chat was trained on it is 97 %.", "probability that marlin-chat was trained"),
        ("The two are a MATCH.", "a MATCH"),
        ("The fingerprint proves it.", "fingerprint proves"),
        ("to a scientific certainty", "scientific certainty"),
        ("beyond any reasonable doubt", "beyond any reasonable doubt"),
        ("The log is tamper-proof.", "tamper-proof"),
        ("This proves that they did.", "proves that"),
        ("They deliberately took the stolen answers.", "deliberately"),
        ("in breach of the terms", "in breach"),
        ("pairs known to be innocent", "known to be innocent"),
        ("strikingly similar", "strikingly similar"),
    ],
)
def test_what_claims_too_much_is_found(text: str, phrase: str) -> None:
    assert phrase in [one.phrase for one in refused(text)]
    with pytest.raises(UsageError, match="no report of this program may say") as caught:
        check_typed("The reason", ["", text])
    assert caught.value.hint.startswith("Instead: ")


@pytest.mark.parametrize(
    "text",
    [
        "This is not the probability that marlin-chat was trained on aurelia.",
        "On 120 matched prompts, marlin-chat is closer to aurelia than all 24 controls are.",
        "marlin-chat was trained on answers of aurelia, directly or through other models.",
        "It says nothing of intent, of permission or of a breach of terms.",
        "“No known link” is not proof that there is none.",
        "the wrong controls were chosen, and the hash of its file does not match",
        "The log is tamper-evident, not beyond tampering.",
    ],
)
def test_what_says_no_more_than_it_can_is_left_alone(text: str) -> None:
    assert refused(text) == []
    check_typed("The reason", [text])
