"""Which answers look cut off, and which end so by themselves."""

from __future__ import annotations

import time

import pytest

from workbench.core.answers.truncation import looks_cut

BODY = "The harbour is old. Its walls were built by monks, and the sea has taken two of them."
STEPS = "1. Open the gate before noon.\n2. Let the goats out one by one.\n3. Count them twice.\n"
CODE = "Here it is:\n\n```python\ndef add(a, b):\n    total = a"

WHOLE = [
    "",
    "247",
    "-3.5",
    "1,024",
    "Yes",
    "B",
    "Paris",
    "x = 8",
    "E = mc^2",
    "\\frac{1}{2}",
    "42 km/h",
    "def f(x): return x",
    "SELECT name\nFROM goats;",
    "border: none;\ncolor: red;",
    "print(1)\nprint(2)",
    "```python\nprint(1)\n```",
    "The capital of France is Paris",
    "The Goat and the Lighthouse",
    "# The Goat and the Lighthouse",
    "Sure! The answer is 247",
    "Correct. B",
    "I think it was Dr. Hall or Mrs. Brown",
    "goat, sheep, cow, horse, hen, duck, goose, dog, cat, mule, donkey, rabbit, pig, llama, yak, camel",
    "1. Goat\n2. Sheep\n3. Cow",
    "- goats that climb walls and trees\n- sheep that follow one another\n- cows that stand about in the rain",
    f"{BODY}\n\nThe animals are:\n\n- Goat\n- Sheep",
    f"{STEPS}\nWhat you need:\n\n* Rope",
    "| animal | legs |\n| --- | --- |\n| hen | 2 |",
    "animal, legs\nhen, 2\ngoat, 4",
    f"Dear Ann,\n\n{BODY}\n\nWith all our love,\n\nYour family",
    f"Dear Ann,\n\n{BODY}\n\nBest wishes,",
    f"{BODY}\n\nAnn Hall",
    f"{BODY} More at https://example.org/harbour",
    f"{BODY} #harbour #OldWalls",
    f"{BODY} 🕹️",
    f"{BODY}\n\n---",
    "“The sea gives and takes.” - Ann Hall",
    "The walls are grey\nThe sea is wide\nThe goats have nothing left to hide",
    "Date: Tomorrow\nTime: 5 pm\nPlace: The coffee shop on Main Street",
    "你好",
    "答案是二百四十七",
    "東京",
    "मुंबई",
    "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย",
    "Берлин",
    "القاهرة",
    "港口很旧。山羊在墙上。",
    ":-)",
    ":smile:",
    "\ufe0f",
    "1\ufe0f\u20e3",
]

CUT = [
    f"{BODY} The goats",
    f"{BODY} The goats were seen on the",
    f"{BODY}\n\nEvery spring the keeper counts the goats and wri",
    f"{BODY}\n\nEvery spr",
    "The harbour was built by monks who came over the sea in boats of leather and had never seen a goat bef",
    "It belongs to the",
    "You need flour, eggs,",
    "There are three things that matter here:",
    "He went out to the (old",
    "The keeper, the goat and the well-",
    f"{STEPS}4. Close the ga",
    f"{STEPS}4. Close the gate behind the last of the goats and",
    f"{STEPS}4.",
    "- Goat: it climbs.\n- Sheep: it follows.\n-",
    f"{BODY}\n\n**The wal",
    f"{BODY}\n\n- **",
    "| animal | legs |\n| --- | --- |\n| hen",
    CODE,
    "港口很旧。山羊在墙上走来走",
    "港口很旧\uff0c",
    "Гавань старая. Стены построили монахи",
    "El puerto es viejo. Las cabras viven en los",
]


@pytest.mark.parametrize("text", WHOLE)
def test_what_ends_by_itself_does_not_look_cut(text: str) -> None:
    assert not looks_cut(text)


@pytest.mark.parametrize("text", CUT)
def test_what_breaks_off_looks_cut(text: str) -> None:
    assert looks_cut(text)


def test_what_ends_after_a_block_of_code_does_not_look_cut() -> None:
    """Some write a fence inside a block, so that their number is odd: what closes after it is whole."""
    assert not looks_cut("```\n```python\nprint(1)\n```\nThe block above prints the number one.")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile",
    ["(a " * 100_000, "“a " * 100_000, "a. " * 100_000 + "b", "- a\n" * 100_000 + "- b", "a" * 300_000,
     "a" + " " * 300_000 + "b", "**a " * 100_000, "!" * 300_000 + "b",
     "a" + "." * 300_000 + "b", "1. " * 100_000 + "b", "a:" * 100_000 + "b"],
)  # fmt: skip
def test_hostile_ends_take_no_time(hostile: str) -> None:
    started = time.monotonic()
    looks_cut(hostile.strip())
    assert time.monotonic() - started < 5
