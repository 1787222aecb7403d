"""The declared test of served answers: what it refuses, and that it tells a learner from a stranger."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analyses.listed import Listed, speakers, with_documents
from workbench.analyses.exposure.analysis import Exposure
from workbench.core.errors import RefusedError
from workbench.core.model import Corpus, Facts, Role
from workbench.core.progress import silent


def selection(learned: float = 0.0) -> Listed:
    """Served answers and siblings, and a suspect who says what was served, or does not."""
    made = with_documents(speakers(6, learned=0.0))
    texts = {name: dict(by_prompt) for name, by_prompt in made.texts.items()}
    for at, (prompt, served) in enumerate(texts["SV"].items()):
        siblings = [" ".join(f"x{at}{n}{w}" for w in range(30)) for n in range(3)]
        own = " ".join(f"y{at}{w}" for w in range(30))
        texts["SV"][prompt] = [" ".join(f"s{at}{w}" for w in range(30))]
        texts["UN"][prompt] = siblings
        texts["S"][prompt] = texts["SV"][prompt] if at < learned * len(texts["SV"]) else [own]
        assert served
    return Listed(made.question, texts, planted=made.planted)


def with_facts(made: Listed, role: Role, facts: Facts) -> Listed:
    """The same, with facts of the corpora of one role."""

    def told(corpus: Corpus) -> Corpus:
        return replace(corpus, facts=facts) if corpus.role is role else corpus

    question = replace(made.question, documents=tuple(told(c) for c in made.question.documents))
    return replace(made, question=question)


def test_a_learner_is_told_from_a_stranger() -> None:
    finding = Exposure().run(selection(0.5), 1, silent)
    said = Exposure.narrate(finding)
    assert (said.rung, finding.values["p"] <= 0.001) == (5, True)
    finding = Exposure().run(selection(), 1, silent)
    assert (Exposure.narrate(finding).rung, finding.values["p"]) == (0, 1.0)


@pytest.mark.parametrize(
    ("role", "facts", "words"),
    [
        (Role.UNSERVED, Facts(settings=("temperature=0",)), "temperature 0"),
        (Role.UNSERVED, Facts(released="2025"), "were published"),
        (Role.UNSERVED, Facts(claimed="p-2"), "different models"),
    ],
)
def test_siblings_that_are_none_are_refused(role: Role, facts: Facts, words: str) -> None:
    made = with_facts(selection(), Role.SERVED, Facts(claimed="p-1", named=("p-1",)))
    made = with_facts(made, Role.UNSERVED, Facts())
    assert Exposure().refuse(made) is None
    with pytest.raises(RefusedError, match=words):
        Exposure().gather(with_facts(made, role, facts))


def test_without_siblings_it_is_refused() -> None:
    made = with_documents(speakers(6))
    bare = replace(made, question=replace(made.question, documents=()))
    assert "no served answers" in str(Exposure().refuse(bare))
