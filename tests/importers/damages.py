"""Ways to damage a file, each under its name: bytes lost, turned or added, and JSON that nobody should write."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

Damage = Callable[[random.Random, bytes], bytes]

ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "cp1252", "latin-1", "shift_jis")
NUMBERS = (b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e999", b"9" * 5000, b"-0", b"1E-400")
SURROGATES = (b"\\ud800", b"\\udfff", b"\\udc00\\ud800", b"\\uD83D", b"\\ud800\\u0041")
RAW_SURROGATES = (b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xb0\x80\xed\xa0\x80")
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 0.5, 10**30, "", "x", "{", "[]", [], [[]], [None], {}, {"a": 1}, [{"role": 1}], ["x", 5],
)  # fmt: skip
TOKENS = (
    b"\xff", b"\xc3", b'"', b"}", b"{", b"]", b"[", b",", b":", b"\\", b"\n", b"\r", b"'", b'"x" ' * 50, b" " * 3000,
    b"null", b"nul", b"/*", b"\x1b[2J", b"\x7f" * 9,
)  # fmt: skip
REPLACEMENTS = (
    (b'"output"', b'"instruction"'), (b'"instruction"', b'"output"'), (b'"content"', b'"c\\u006fntent"'), (b",", b""),
    (b"}", b""), (b'"', b"'"), (b"1", b"\\udfff"), (b"model", b"\xe9"), (b'"', b""), (b":", b""), (b"{", b"["),
)  # fmt: skip
ENDS = (b"\n", b"\r\n", b"\r", b"\n\r", b"\n\n", b"\r\r\n", b"\x0b", b"\x0c", b"\x1e\n", b"\xe2\x80\xa8", b"\xc2\x85")

DEEPEST = 1_000_000
LIMIT = 64 << 20

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_OBJECT = re.compile(rb'\{(?=\s*")')
_KEY = re.compile(rb'"[^"\\\n]{1,40}":\s*')
_TEXT = re.compile(rb':\s*"')


def _at(source: random.Random, data: bytes) -> int:
    return source.randrange(len(data)) if data else 0


def _put(data: bytes, at: int, more: bytes) -> bytes:
    return b"".join((data[:at], more, data[at:]))


def _place(source: random.Random, data: bytes, pattern: re.Pattern[bytes]) -> int:
    """The end of a random match of the pattern; -1 where there is none."""
    found = [match.end() for match in pattern.finditer(data)]
    return source.choice(found) if found else -1


def _member(source: random.Random, data: bytes, value: bytes) -> bytes:
    """The data with one more value, as a member of some object or else in the midst."""
    at = _place(source, data, _OBJECT)
    return _put(data, at, b'"zz": ' + value + b", ") if at >= 0 else _put(data, _at(source, data), value)


def _into_text(source: random.Random, data: bytes, more: bytes) -> bytes:
    """The data with some bytes more in one of its texts, or else in the midst."""
    at = _place(source, data, _TEXT)
    return _put(data, at if at >= 0 else _at(source, data), more)


def truncated(source: random.Random, data: bytes) -> bytes:
    """A first part of the data."""
    return data[: _at(source, data)]


def flipped(source: random.Random, data: bytes) -> bytes:
    """Some bits turned and no byte moved, so that a directory at the end still fits."""
    changed = bytearray(data)
    for _ in range(source.choice([1, 1, 2, 5, 20])):
        if changed:
            changed[source.randrange(len(changed))] ^= 1 << source.randrange(8)
    return bytes(changed)


def dropped(source: random.Random, data: bytes) -> bytes:
    """A few bytes left out."""
    at = _at(source, data)
    return data[:at] + data[at + source.randint(1, 40) :]


def repeated(source: random.Random, data: bytes) -> bytes:
    """A few bytes twice."""
    at = _at(source, data)
    return data[: at + source.randint(1, 60)] + data[at:]


def unescaped(data: bytes) -> str:
    """The text, with characters where JSON has escapes for what is not ASCII."""

    def character(found: re.Match[str]) -> str:
        code = int(found.group(1), 16)
        return chr(code) if code > 0xA0 else found.group()

    text = _ESCAPE.sub(character, data.decode("utf-8", "replace"))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def re_encoded(source: random.Random, data: bytes) -> bytes:
    """The text in another encoding."""
    return unescaped(data).encode(source.choice(ENCODINGS), "replace")


def double_encoded(source: random.Random, data: bytes) -> bytes:
    """UTF-8 that somebody took for Latin-1 and wrote as UTF-8 again."""
    return unescaped(data).encode().decode(source.choice(["latin-1", "cp1252"]), "replace").encode()


def marked(source: random.Random, data: bytes) -> bytes:
    """A byte order mark at the start or in the midst."""
    mark = source.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf\xef\xbb\xbf"])
    return _put(data, source.choice([0, _at(source, data), _at(source, data)]), mark)


def _nest(source: random.Random, depth: int, opening: bytes, closing: bytes) -> bytes:
    return opening * depth + (b"1" + closing * depth if source.random() < 0.7 else b"")


def nested_arrays(source: random.Random, data: bytes) -> bytes:
    """Arrays in arrays, up to some thousands."""
    return _member(source, data, _nest(source, source.choice([200, 1000, 1100, 3000]), b"[", b"]"))


def nested_objects(source: random.Random, data: bytes) -> bytes:
    """Objects in objects, up to some thousands."""
    return _member(source, data, _nest(source, source.choice([200, 1000, 1100, 3000]), b'{"a":', b"}"))


def deepest_arrays(source: random.Random, data: bytes) -> bytes:
    """A million arrays in each other."""
    return _member(source, data, _nest(source, DEEPEST, b"[", b"]"))


def deepest_objects(source: random.Random, data: bytes) -> bytes:
    """A million objects in each other."""
    return _member(source, data, _nest(source, DEEPEST, b'{"a":', b"}"))


def giant_line(source: random.Random, data: bytes) -> bytes:
    """A line of several megabytes."""
    piece = source.choice([b"x", b"some words ", b"}, {", b'\\"', b"\\u96ea", b"  ", b"0", b"\xe9\x9b\xaa"])
    return _into_text(source, data, piece * (source.randint(2, 5) * 1_000_000 // len(piece)))


def beyond_limit(source: random.Random, data: bytes) -> bytes:
    """A line of more bytes than a record may have."""
    piece = source.choice([b"x", b"some words }, { ", bytes(64)])
    return _into_text(source, data, piece * (LIMIT // len(piece) + source.randint(1, 1_000_000)))


def not_a_number(source: random.Random, data: bytes) -> bytes:
    """NaN, an infinity, or a number beyond what floats hold."""
    return _member(source, data, source.choice(NUMBERS))


def duplicate_keys(source: random.Random, data: bytes) -> bytes:
    """A key of an object once more, with another value, before or behind the first."""
    found = list(_KEY.finditer(data))
    if not found:
        return data + data[data.find(b"\n") + 1 :]
    match = source.choice(found)
    value = source.choice([b"1", b'"other"', b"null", b"[]", b"{}"])
    if source.random() < 0.5:
        return _put(data, match.start(), match.group() + value + b", ")
    return _put(data, match.end(), value + b", " + match.group())


def lone_surrogates(source: random.Random, data: bytes) -> bytes:
    """Half of a pair of surrogates, as an escape."""
    return _into_text(source, data, source.choice(SURROGATES))


def raw_surrogates(source: random.Random, data: bytes) -> bytes:
    """Half of a pair of surrogates, as bytes that no UTF-8 has."""
    return _into_text(source, data, source.choice(RAW_SURROGATES))


def nul_bytes(source: random.Random, data: bytes) -> bytes:
    """Zeros, one or many, or in place of the blanks."""
    if source.random() < 0.3:
        return data.replace(b" ", b"\0", source.choice([1, 2, -1]))
    return _put(data, _at(source, data), bytes(source.choice([1, 2, 8, 3000])))


def mixed_ends(source: random.Random, data: bytes) -> bytes:
    """Line ends of many kinds in one file."""
    lines = data.split(b"\n")
    return b"".join(line + source.choice(ENDS) for line in lines[:-1]) + lines[-1] + source.choice(ENDS)


def tokens(source: random.Random, data: bytes) -> bytes:
    """Brackets, quotes and the like where none should be."""
    return _put(data, _at(source, data), source.choice(TOKENS))


def replaced(source: random.Random, data: bytes) -> bytes:
    """One thing in place of another, once or everywhere."""
    old, new = source.choice(REPLACEMENTS)
    return data.replace(old, new, source.choice([1, 2, -1]))


def wrong_types(source: random.Random, data: bytes) -> bytes:
    """One to three values of the JSON in it replaced by one of any type, or left out; in a table cells."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        return _wrong_in_line(source, data)
    return json.dumps(_wrong(source, whole), indent=source.choice([None, 1])).encode()


def _wrong_in_line(source: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    at = source.randrange(max(1, len(lines) - 1))
    try:
        lines[at] = json.dumps(_wrong(source, json.loads(lines[at]))).encode()
    except (ValueError, RecursionError):
        return _wrong_cell(source, data)
    return b"\n".join(lines)


def _wrong_cell(source: random.Random, data: bytes) -> bytes:
    rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline="")) if row]
    if rows:
        row = source.choice(rows)
        row[source.randrange(len(row))] = json.dumps(source.choice(VALUES))
        if source.random() < 0.2:
            row.pop()
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def _wrong(source: random.Random, value: Any) -> Any:
    for _ in range(source.choice([1, 1, 2, 3])):
        found = list(places(value))
        if not found:
            return _any(source)
        holder, step = source.choice(found)
        if source.random() < 0.1:
            del holder[step]
        else:
            holder[step] = _any(source)
    return value


def _any(source: random.Random) -> Any:
    # A copy: what is put into a record may itself be changed next.
    return copy.deepcopy(source.choice(VALUES))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every value below this one, as what holds it and its key or number there."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        inner = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for step, child in inner:
            yield holder, step
            waiting.append(child)


USUAL: tuple[Damage, ...] = (
    truncated, flipped, dropped, repeated, re_encoded, double_encoded, marked, nested_arrays, nested_objects,
    not_a_number, duplicate_keys, lone_surrogates, raw_surrogates, nul_bytes, mixed_ends, tokens, replaced,
    wrong_types, wrong_types, flipped,
)  # fmt: skip
RARE: dict[int, Damage] = {7: deepest_arrays, 57: deepest_objects, 107: giant_line, 157: giant_line}
"""By the number of the file, of every `EVERY`: they take their time."""

EVERY = 1_500

RAREST = 207, beyond_limit
"""Once in every 6,000 files."""


def rare(number: int) -> bool:
    """Whether it is the turn of a damage that takes its time."""
    return number % EVERY in RARE or number % 6000 == RAREST[0]


def of_text(source: random.Random, data: bytes, number: int) -> tuple[bytes, tuple[str, ...]]:
    """The data with one to three damages, and their names; the number says whether it is the turn of a rare one."""
    if number % 6000 == RAREST[0]:
        return RAREST[1](source, data), (RAREST[1].__name__,)
    chosen = [source.choice(USUAL) for _ in range(source.choice([1, 1, 2, 3]))]
    if number % EVERY in RARE:
        chosen = [*chosen[: source.choice([0, 1])], RARE[number % EVERY]]
    for damage in chosen:
        data = damage(source, data)
    return data, tuple(damage.__name__ for damage in chosen)


NAMES = frozenset(damage.__name__ for damage in (*USUAL, *RARE.values(), RAREST[1]))
