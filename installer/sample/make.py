"""Make the sample case: answers of invented models to invented prompts, the same bytes every time.

    python3 installer/sample/make.py [FOLDER]

No model's answers are in it. The suspect is trained, as a word n-gram model, on its base's texts and on
the protected model's answers to other prompts; nothing else makes it alike.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from roster import CASE, DATASET, HOUSES, MODELS, Model
from speakers import Speaker, draw
from students import Lesson, Student
from texts import Dice, Filler, Topic, load_habits, load_topics, word_classes

SEED = 1
KINDS = ("explain", "list", "write", "code", "short")
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sample_case"


class Voice(Protocol):
    """Whatever can answer: a speaker who was drawn, or a student who was trained."""

    def compose(self, kind: str, dice: Dice) -> str:
        """The template of one answer."""

    def wording(self, dice: Dice) -> Mapping[str, str]:
        """Which word of each class stands in one answer."""


class Workshop:
    """Everything that the models are made from, under one seed."""

    def __init__(self) -> None:
        self.habits = load_habits()
        self.classes = word_classes(self.habits)
        self.topics = load_topics("topics.txt")
        *self.lessons, self.general = load_topics("lessons.txt")
        self.voices: dict[str, Voice] = {}
        self.speakers: dict[str, Speaker] = {}

    def voice(self, model: Model) -> Voice:
        """The speaker or student behind a model."""
        if model.name not in self.voices:
            self.voices[model.name] = self._train(model) if model.house else self._speaker(model)
        return self.voices[model.name]

    def _speaker(self, model: Model) -> Speaker:
        if model.name not in self.speakers:
            parent = self._speaker(MODELS[model.like]) if model.like else None
            self.speakers[model.name] = draw(self.habits, Dice(SEED, "speaker", model.name), parent)
        return self.speakers[model.name]

    def _train(self, model: Model) -> Student:
        lessons = [lesson for voice in range(HOUSES[model.house]) for lesson in self._base(model.house, voice)]
        for teacher, weight in model.teachers:
            lessons += self._answers(self.voice(MODELS[teacher]), f"{teacher} for {model.name}", 8, weight)
        if not model.teachers:
            human = draw(self.habits, Dice(SEED, "human", model.name))
            lessons += self._answers(human, f"people for {model.name}", 8, 4.0)
        return Student(lessons, self.classes)

    def _base(self, house: str, number: int) -> list[Lesson]:
        """What one of the many writers of a base corpus wrote."""
        writer = draw(self.habits, Dice(SEED, "writer", house, number))
        return self._answers(writer, f"{house} {number}", 1, 1.0)

    def _answers(self, voice: Voice, label: str, each: int, weight: float) -> list[Lesson]:
        """A voice's answers to the training topics, `each` of a kind."""
        return [
            Lesson(kind, template, text, weight)
            for topic in self.lessons
            for kind in topic.kinds
            for sample in range(each)
            for template, text in [self.answer(voice, topic, kind, f"{label} {sample}")]
        ]

    def answer(self, voice: Voice, topic: Topic, kind: str, label: str) -> tuple[str, str]:
        """Template and text of one answer."""
        dice = Dice(SEED, "answer", label, topic.name, kind)
        template = voice.compose(kind, dice)
        return template, Filler(topic, self.general, voice.wording(dice), dice).fill(template)

    def corpus(self, model: Model) -> list[dict[str, str]]:
        """One model's answers to every prompt of the case, in AlpacaEval's form."""
        voice = self.voice(model)
        return [
            {
                "dataset": DATASET,
                "instruction": topic.prompt(kind),
                "output": self.answer(voice, topic, kind, model.name)[1],
                "generator": model.name,
            }
            for topic in self.topics
            for kind in topic.kinds
        ]


def panel(models: Iterable[Model]) -> dict[str, object]:
    """The panel manifest: what is known of each model."""
    return {
        "dataset": "Sample case, invented models, 120 prompts",
        "format": "alpaca_eval",
        "corpora": [model.facts() for model in models],
    }


def as_lines(records: Sequence[Mapping[str, object]]) -> str:
    """A JSON array with one record a line."""
    return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"


def make(folder: Path) -> None:
    """Write the sample case into a folder."""
    workshop = Workshop()
    answers = folder / "answers"
    answers.mkdir(parents=True, exist_ok=True)
    for model in MODELS.values():
        text = as_lines(workshop.corpus(model))
        (answers / f"{model.name}.json").write_text(text, encoding="utf-8", newline="\n")
    for name, content in (("panel.json", panel(MODELS.values())), ("case.json", CASE)):
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
