"""Near duplicates: sets of stretches, sketches that propose, sets that decide."""

from __future__ import annotations

import random

import numpy as np

from workbench.core.answers.near_duplicates import BANDS, LEAST, NEAR, candidates, in_order, jaccard, shingles, sketches

WORDS = [f"word{n}" for n in range(400)]


def text(chance: random.Random, words: int = 120) -> list[str]:
    return [chance.choice(WORDS) for _ in range(words)]


def test_case_spaces_and_punctuation_make_no_difference() -> None:
    one, other, third = shingles(
        ["The quick, brown fox; jumps!", "the QUICK brown   fox\n\njumps", "The quick brown cat"]
    )
    assert jaccard(one, other) == 1.0
    assert jaccard(one, third) < 0.5


def test_each_text_has_the_same_shingles_alone_and_among_others() -> None:
    chance = random.Random(3)
    texts = [" ".join(text(chance, n)) for n in (0, 1, 5, 60)] + [
        "日本語のとても長いテキストです。",
        "",
        "  ",
        "é" * 30,
    ]
    together = shingles(texts)
    for own, one in zip(texts, together, strict=True):
        assert np.array_equal(shingles([own])[0], one)
    assert [len(one) == 0 for one in together] == [not any(c.isalnum() for c in t) for t in texts]


def test_sketches_propose_what_is_near_and_little_else() -> None:
    chance = random.Random(1)
    texts, pairs = [], set()
    for at in range(0, 600, 2):
        base = text(chance)
        changed = list(base)
        changed[chance.randrange(len(changed))] = "other"
        texts += [" ".join(base), " ".join(changed)]
        pairs.add((at, at + 1))
    sets = shingles(texts)
    bands = np.frombuffer(b"".join(sketches(sets)), dtype="<u4").reshape(-1, BANDS)
    found = {(int(a), int(b)) for a, b in candidates(bands)}
    near = {pair for pair in pairs if jaccard(sets[pair[0]], sets[pair[1]]) >= NEAR}
    assert len(near) > 290
    assert len(near & found) >= len(near) - 1
    assert len(found - near) <= 10


def test_a_crowd_does_not_explode() -> None:
    bands = np.ones((5000, BANDS), dtype=np.uint32)
    assert len(candidates(bands)) < 2 * 5000


def test_short_texts_have_no_sketch() -> None:
    assert sketches(shingles(["one two three"])) == [b""]
    assert len(sketches(shingles([" ".join(WORDS[: LEAST + 5])]))[0]) == 4 * BANDS
    assert sketches([]) == []


def test_the_least_number_of_different_shingles_makes_a_sketch_wherever_they_stand() -> None:
    def told(*hashes: int) -> bool:
        return sketches([np.array(hashes, dtype=np.uint64)]) != [b""]

    same = [7] * 40
    assert not told(*range(LEAST - 1))
    assert told(*range(LEAST))
    assert not told(*same, *range(LEAST - 2), *same)
    assert told(*same, *range(LEAST - 1))
    assert told(*range(LEAST - 1), *same)
    assert not told(*same)


def test_order_and_repeats_make_no_difference_to_a_sketch() -> None:
    chance = random.Random(4)
    texts = [" ".join(text(chance, n)) for n in (9, 30, 500)]
    texts += ["same old words " * 40, "a b c d e f g h i j k l m n o p " * 9, "no " * 500, ""]
    assert sketches(in_order(texts)) == sketches(shingles(texts))
    assert [len(np.unique(one)) for one in in_order(texts)] == [len(one) for one in shingles(texts)]
    assert len(in_order(texts)[3]) > len(shingles(texts)[3])


def test_large_texts_are_folded_apart_and_alike() -> None:
    chance = random.Random(6)
    texts = ["", " ".join(text(chance, 200_000)), " ".join(text(chance)), "é" * 30, " ".join(text(chance, 150_000))]
    assert len(texts[1]) > 1 << 20
    for own, one in zip(texts, in_order(texts), strict=True):
        assert np.array_equal(in_order([own])[0], one)
