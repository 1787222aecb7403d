"""Settings of a run are told from settings of decoding."""

from __future__ import annotations

from workbench.core.collection_times import split_settings


def test_what_says_how_requests_are_sent_is_no_decoding_setting() -> None:
    stated = {
        "temperature": 0.5,
        "max_connections": 20,
        "maxRetries": 3,
        "max_tokens": 9,
        "log_level": "info",
        "seed": 1,
    }
    decoding, run = split_settings(stated)
    assert decoding == {"temperature": 0.5, "max_tokens": 9, "seed": 1}
    assert run == {"max_connections": 20, "maxRetries": 3, "log_level": "info"}
    assert split_settings(None) == (None, None)
    assert split_settings("greedy") == ("greedy", None)
