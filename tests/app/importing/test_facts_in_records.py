"""What records state is counted in runs, and no record is given what only its neighbour states."""

from __future__ import annotations

import orjson

from workbench.app.importing.facts_in_records import Provenance
from workbench.core.claimed_model import NAMED
from workbench.core.model import Json, Rejected, Response
from workbench.core.prepared_answers import packed


def record(number: int, model: str | None, extra: dict[str, Json] | None) -> Response:
    return Response(f"Answer {number}", "Why?", None, model, None, None, None, number, 0, 9, extra=extra)


def test_equal_is_not_the_same() -> None:
    settings: list[Json] = [1, 1.0, True, 1, 0, False, 0.0, -0.0, None, 1 << 70, 1 << 70, "\ud800"]
    records = [record(n, "m", {"settings": {"temperature": value}}) for n, value in enumerate(settings)]
    seen = [one for one in Provenance(None).through(iter(records)) if isinstance(one, Response)]
    assert [(one.extra or {})["settings"]["temperature"] for one in seen] == settings
    assert [type((one.extra or {})["settings"]["temperature"]) for one in seen] == [type(s) for s in settings]
    written = packed([one.extra for one in seen])
    assert written[:8] == [orjson.dumps({"settings": {"temperature": s}}).decode() for s in settings[:8]]


def test_records_come_under_the_name_that_was_given_and_keep_their_own() -> None:
    said: list[tuple[str | None, dict[str, Json] | None]] = [
        ("own", None), ("own", None), (" own ", None), ("given", {"a": 1}), (None, {"a": 1}), ("own", {"a": 1}),
    ]  # fmt: skip
    observed = Provenance("given")
    seen = list(observed.through(record(n, model, extra) for n, (model, extra) in enumerate(said)))
    assert [(one.model, one.extra) for one in seen if isinstance(one, Response)] == [
        ("given", {NAMED: "own"}),
        ("given", {NAMED: "own"}),
        ("given", {NAMED: "own"}),
        ("given", {"a": 1}),
        (None, {"a": 1}),
        ("given", {"a": 1, NAMED: "own"}),
    ]
    assert observed.notices() == ("Imported as given; the records name own (4).",)
    assert observed.notices() == observed.notices()


def test_readers_of_one_file_count_together() -> None:
    extra: dict[str, Json] = {"settings": {"temperature": 0}, "system": "Be brief.", "reasoning": "Hm."}
    whole, one, other = Provenance("given"), Provenance("given"), Provenance("given")
    records = [record(n, "a" if n < 7 else "b", extra if n % 3 else None) for n in range(12)]
    for observed, part in ((whole, records), (one, records[:5]), (other, records[5:])):
        assert len(list(observed.through(iter(part)))) == len(part)
    one.add(other)
    assert one.notices() == whole.notices()
    assert any("8 answers came with reasoning" in notice for notice in whole.notices())


def test_a_rejected_record_shows_no_secret() -> None:
    key = "sk-proj-" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG"
    (seen,) = Provenance(None).through(iter([Rejected(f"Incorrect API key: {key}", 0, 0, 9)]))
    assert isinstance(seen, Rejected)
    assert key not in seen.reason


def test_empty_answers_are_counted_and_said_where_there_are_any() -> None:
    flags = [("empty answer",), (), ("null content", "empty answer"), ("prompt not found",), ("empty answer",)]
    records = [record(n, "m", None)._replace(flags=said) for n, said in enumerate(flags)]
    whole, one, other = Provenance(None), Provenance(None), Provenance(None)
    for observed, part in ((whole, records), (one, records[:1]), (other, records[1:])):
        list(observed.through(iter(part)))
    assert one.notices() == ("1 answer is empty; it carries the flag “empty answer”.",)
    one.add(other)
    assert one.notices() == whole.notices() == ("3 answers are empty; they carry the flag “empty answer”.",)
    filled = Provenance(None)
    list(filled.through(iter([records[1], records[3]])))
    assert filled.notices() == ()
