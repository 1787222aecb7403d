"""Small invented corpora for tests of the verbs: speakers that choose words by habits of their own."""

from __future__ import annotations

import json
import random
from pathlib import Path

WORDS = ["river", "stone", "market", "winter", "teacher", "letter", "garden", "engine", "story", "number"]
WORDS += ["window", "people", "music", "paper", "bridge", "road", "light", "question", "answer", "reason"]
WORDS += ["morning", "island", "captain", "forest", "kitchen", "village", "copper", "silver", "measure", "signal"]


def answer(random_source: random.Random, habits: list[str], topic: str) -> str:
    """A few sentences on a topic, with a speaker's habits among them."""
    sentences = []
    for _ in range(6):
        words = [random_source.choice([*WORDS, topic, topic]) for _ in range(7)]
        words.insert(random_source.randrange(7), random_source.choice(habits))
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def write_panel(folder: Path, *, models: int = 9, prompts: int = 40) -> Path:
    """A panel of a protected model, a suspect that shares its habits, and controls that don't."""
    folder.mkdir(parents=True, exist_ok=True)
    corpora = []
    names = ["teacher", "student", *(f"control-{n}" for n in range(1, models - 1))]
    habits = {name: [f"{w}-{n}" for w in ("moreover", "notably", "indeed")] for n, name in enumerate(names)}
    habits["student"] = [*habits["teacher"], "student-word"]
    for seed, name in enumerate(names):
        source = random.Random(seed)
        records = [
            {
                "dataset": "invented",
                "instruction": f"Tell me about the {WORDS[p % len(WORDS)]}, part {p}.",
                "output": answer(source, habits[name], WORDS[p % len(WORDS)]),
                "generator": name,
            }
            for p in range(prompts)
        ]
        (folder / f"{name}.json").write_text(json.dumps(records), encoding="utf-8")
        entry = {
            "corpus": name,
            "file": f"{name}.json",
            "developer": f"maker {name}",
            "released": f"2024-{1 + seed:02d}",
        }
        if name == "teacher":
            entry["family"] = "teachers"
        if name == "student":
            entry["sources"] = [{"corpus": "teacher", "relation": "distilled"}]
            entry["group"] = ["g"]
            entry["basis"] = "made so"
        corpora.append(entry)
    panel = folder / "panel.json"
    panel.write_text(json.dumps({"dataset": "invented", "format": "alpaca_eval", "corpora": corpora}), encoding="utf-8")
    return panel
