"""Controls that the examiner's word alone keeps apart: every comparison answers with them, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analyses.listed import Listed, listed, speakers
from workbench.analyses import allowed
from workbench.analyses.all_eligible import CAUTION, KEY, NEAR_COPY, NOT_AMONG_SUSPECTS, OTHERWISE, told, told_on_page
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.verbatim.analysis import Verbatim
from workbench.analyses.weigh.analysis import Weigh
from workbench.core.errors import RefusedError
from workbench.core.finding_page import MOST_WORDS, words_in
from workbench.core.model import Corpus, Facts, Finding, Role, SourceModel
from workbench.core.progress import silent
from workbench.core.selection import Apart, choose

CLOSER = ("C01", "C02", "C03")


def bent(apart: tuple[str, ...], role: Role = Role.ASIDE, controls: int = 22) -> Listed:
    """A suspect that learned a little, and three controls that learned more, of which some are kept apart."""
    texts = speakers(controls, 40, learned=0.25)
    for name in CLOSER:
        learned = speakers(0, 40, learned=0.9, seed=1)["S"]
        texts[name] = {prompt: [answer + f" {name}."] for prompt, (answer,) in learned.items()}
    made = listed(texts)
    question, out = made.question, set(apart)
    kept = tuple(c for c in question.controls if c.name not in out)
    away = tuple(Apart(replace(c, role=role), "its role is aside") for c in question.controls if c.name in out)
    made.question = replace(
        question, controls=kept, pool=tuple(c for c in question.pool if c.name not in out), apart=away
    )
    return made


def accusing(names: tuple[str, ...]) -> Listed:
    """The same, with these controls brought in as suspects."""
    made = bent(names)
    others = tuple(replace(one.corpus, role=Role.SUSPECT) for one in made.question.apart)
    made.question = replace(made.question, apart=(), other_suspects=others)
    return made


def finding(made: Listed) -> Finding:
    return ClosestSource().run(made, 1, silent)


def test_removing_the_closest_controls_no_longer_makes_a_suspect_the_closest() -> None:
    before = finding(bent(()))
    assert before.values["rank"] > 1
    assert KEY not in before.values
    bending = finding(bent(CLOSER))
    assert bending.values["rank"] == 1  # What the examiner would have reported.
    assert ClosestSource.narrate(bending).rung == 2
    said = told(ClosestSource.narrate(bending), bending)
    assert said.rung == ClosestSource.narrate(before).rung
    assert said.headline.startswith(
        f"With 3 further controls, kept apart on the examiner’s word alone, its rank is {before.values['rank']} of 23 "
        "instead of 1 of 20"
    )
    assert "C01 (its role is aside)" in said.sentences[-1]


def test_the_page_opens_with_it_and_keeps_to_its_words() -> None:
    bending = finding(bent(CLOSER))
    page = told_on_page(ClosestSource.page(bending, {}), bending)
    assert page.sentence.startswith(CAUTION)
    assert words_in(page.sentence) <= MOST_WORDS
    assert "rank is" in page.against[0]
    assert page.limits[0][0] == "The choice of the controls decides."


def test_where_nothing_differs_it_is_said_and_nothing_else_changes() -> None:
    far = finding(bent(("C20",)))
    plain = ClosestSource.narrate(far)
    said = told(plain, far)
    assert far.values[KEY]["own"]["rank"] == far.values[KEY]["wide"]["rank"] == 4
    assert (said.rung, said.headline) == (plain.rung, plain.headline)
    assert "the answer is the same" in said.sentences[-1]
    assert not told_on_page(ClosestSource.page(far, {}), far).caution


def test_a_ratio_that_rests_on_what_was_left_out_says_so() -> None:
    whole, bending = Weigh().run(bent(()), 1, silent), Weigh().run(bent(CLOSER), 1, silent)
    stated = bending.values[KEY]
    assert stated["wide"]["log10_lr"] == pytest.approx(whole.values["log10_lr"])
    assert (stated["own"]["log10_lr"], stated["wide"]["log10_lr"]) == (1.0, pytest.approx(-1.556, abs=1e-3))
    assert "the ratio is 1/36 instead of 10." in told(Weigh.narrate(bending), bending).headline


def test_who_brings_about_a_refusal_with_all_controls_gains_nothing() -> None:
    """Five corpora that each lack other prompts leave none that all models answered."""
    made = bent(CLOSER, controls=27)
    names = [f"C{number:02d}" for number in range(23, 28)]
    for at, name in enumerate(names):
        texts = made.texts[name]
        made.texts[name] = {p: texts[p] for n, p in enumerate(sorted(texts)) if n % 5 != at}
    question = made.question
    more = tuple(Apart(c, "left out") for c in question.controls if c.name in names)
    kept = tuple(c for c in question.controls if c.name not in names)
    made.question = replace(question, controls=kept, apart=(*question.apart, *more))
    refused = finding(made)
    assert refused.values[KEY]["wide"] is None
    assert ClosestSource.narrate(refused).rung > 0
    said = told(ClosestSource.narrate(refused), refused)
    assert said.rung == 0
    assert "there is no comparison: Only 0 prompts" in said.headline
    assert told_on_page(ClosestSource.page(refused, {}), refused).caution == CAUTION


def test_a_base_that_its_texts_bear_out_stays_apart_and_a_false_one_does_not() -> None:
    texts = speakers(22, 40, learned=0.25)
    texts["C09"] = {prompt: [answer + " So."] for prompt, (answer,) in texts["S"].items()}
    made = listed(texts)
    true, false = (next(c for c in made.question.controls if c.name == name) for name in ("C09", "C10"))
    rest = tuple(c for c in made.question.controls if c not in (true, false))
    away = tuple(Apart(replace(c, role=Role.BASE), "its role is base") for c in (true, false))
    made.question = replace(made.question, controls=rest, apart=away)
    assert [one["corpus"] for one in finding(made).values[KEY]["added"]] == ["C10"]


def corpora(**facts: Facts) -> list[Corpus]:
    made = [
        Corpus(1, "S", Role.SUSPECT, Facts(released="2024"), 9, "s"),
        Corpus(2, "P", Role.PROTECTED, Facts(), 9, "p"),
    ]
    made += [Corpus(at, f"C{at}", Role.CONTROL, facts.get(f"C{at}", Facts()), 9, f"c{at}") for at in range(3, 9)]
    return made


def apart(some: list[Corpus], **how: object) -> list[str]:
    return [one.corpus.name for one in choose(some, **how).apart]


def test_what_keeps_a_corpus_apart_on_a_word_alone() -> None:
    some = corpora(C3=Facts(sources=(SourceModel("P", "distilled", False),)))
    assert apart(some) == ["C3"]  # A source that the examiner stated.
    assert apart([replace(c, documented=c.name == "C3") for c in some]) == []  # One that a manifest documents.
    plain = corpora()
    assert apart(plain) == []
    assert apart(plain, exclude={"C4": "too odd"}) == ["C4"]
    assert apart(plain, controls=["C3", "C4", "C5"]) == ["C6", "C7", "C8"]
    another = [replace(c, role=Role.SUSPECT, documented=True) if c.name == "C4" else c for c in plain]
    assert apart(another, suspect="S") == []  # A documented suspect is a control of another's question,
    assert apart(another, suspect="S", exclude={"C4": "too odd"}) == ["C4"]  # unless somebody leaves it out.
    for role, kept in (
        (Role.ASIDE, ["C5"]),
        (Role.BASE, ["C5"]),
        (Role.SIBLING, ["C5"]),
        (Role.TRAINING, []),
        (Role.SUSPECT, []),
    ):
        changed = [replace(c, role=role) if c.name == "C5" else c for c in plain]
        assert apart(changed, suspect="S") == kept, role


def test_near_copies_and_relatives_count_once() -> None:
    texts = speakers(8, 40, learned=0.5)
    few = finding(listed(texts))
    copies = {
        f"D{n:02d}": {p: [t + "\n" * (n % 2) for t in some] for p, some in texts["C01"].items()} for n in range(40)
    }
    crowd = finding(listed({**texts, **copies}))
    assert (crowd.values["n_controls"], crowd.values["n_independent"]) == (48, 8)
    assert crowd.values["p_model"] == few.values["p_model"] == pytest.approx(1 / 9)
    assert ClosestSource.narrate(crowd).rung == ClosestSource.narrate(few).rung == 0
    assert "count once, as 8 models, so p_model can't be below 0.111" in " ".join(
        ClosestSource.narrate(crowd).sentences
    )
    family = {f"C{n:02d}": Facts(family="one", released="2024") for n in range(1, 6)}
    assert finding(listed(texts, facts=family)).values["n_independent"] == 4


def test_another_share_of_the_prompts_than_the_usual_one_does_not_remove_a_control_unseen() -> None:
    """The closest controls lack one prompt each; who asks for all of the prompts would be rid of them."""
    made = bent(())
    for name in CLOSER:
        answers = made.texts[name]
        made.texts[name] = {prompt: answers[prompt] for prompt in sorted(answers)[1:]}
    whole = ClosestSource().run(made, 1, silent)
    assert KEY not in whole.values
    choosy = ClosestSource({"min_coverage": 1.0}).run(made, 1, silent)
    assert (choosy.values["rank"], choosy.values["n_controls"]) == (1, 19)
    said = told(ClosestSource.narrate(choosy), choosy)
    assert said.headline.startswith(
        "With controls that answered 0.8 of the prompts or more, instead of 1, its rank is "
        f"{whole.values['rank']} of 23 instead of 1 of 20"
    )
    assert said.rung == ClosestSource.narrate(whole).rung < ClosestSource.narrate(choosy).rung


def test_another_family_than_the_one_that_a_control_came_in_with_takes_it_from_the_controls_on_a_word() -> None:
    some = corpora(C3=Facts(family="theirs"), C4=Facts(family="theirs"))
    some = [replace(c, facts=Facts(family="theirs")) if c.name == "P" else c for c in some]
    before = {c.name: replace(c, facts=Facts(family="own" if c.name == "C3" else None)) for c in some[2:4]}
    found = choose(some, came_as=before)
    assert [c.name for c in found.protected] == ["P", "C3", "C4"]
    assert [(one.corpus.name, one.why) for one in found.apart] == [
        ("C3", "it came in as one of own"),
        ("C4", "it came in as one of no family"),
    ]
    wide = found.widened([one.corpus for one in found.apart])
    assert [c.name for c in wide.protected] == ["P"]
    assert {c.name for c in wide.controls} == {f"C{at}" for at in range(3, 9)}
    # What a manifest said is what it said when the corpora came in.
    documented = [replace(c, documented=True) for c in some]
    assert apart(documented, came_as={name: replace(c, documented=True) for name, c in before.items()}) == ["C3", "C4"]
    assert apart(documented) == []
    # A document bears the change.
    borne = [replace(c, facts=replace(c.facts, documents=("family=7",))) if c.name == "C3" else c for c in some]
    assert apart(borne, came_as=before, bearing={7}) == ["C4"]
    # A family that is first stated of a protected model is a fact of it, and takes none from the controls.
    stated = [replace(c, role=Role.PROTECTED) if c.name == "C4" else c for c in some]
    assert apart(stated, came_as={"C4": before["C4"]}) == []


def test_what_a_manifest_said_is_not_said_by_who_changes_it() -> None:
    """A source that is given to a documented control later, and a role in which it would be none, are a word alone."""
    plain = [replace(c, documented=True) for c in corpora()]
    learned = Facts(sources=(SourceModel("P", "distilled", False),))
    for change in (
        {"facts": learned},
        {"role": Role.SUSPECT, "documented": False},
        {"role": Role.ASIDE},
        {"facts": Facts(family="p"), "role": Role.SIBLING},
    ):
        now = [replace(c, **change) if c.name == "C5" else c for c in plain]
        assert apart(now, suspect="S", came_as={"C5": plain[4]}) == ["C5"], change
    came_so = [replace(c, facts=learned) if c.name == "C5" else c for c in plain]
    assert apart(came_so) == []


@pytest.mark.parametrize("role", [Role.TRAINING, Role.SERVED, Role.UNSERVED])
def test_a_document_that_answers_the_prompts_as_a_model_does_is_one(role: Role) -> None:
    some = [replace(c, role=role) if c.name == "C5" else c for c in corpora()]
    assert apart(some) == []
    assert apart(some, answering=["C5"]) == ["C5"]


def test_passages_are_asked_with_all_eligible_controls_and_count_near_copies_once() -> None:
    texts = speakers(8, 40, learned=0.5)
    crowd = {f"D{n:02d}": dict(texts["C01"]) for n in range(12)}
    made = listed({**texts, **crowd})
    found = Verbatim().run(made, 1, silent)
    assert (found.values["n_controls"], found.values["n_independent"]) == (20, 8)
    assert found.values["p_model"] >= 1 / 9
    assert "9 independent models" in " ".join(Verbatim.narrate(found).sentences)
    bending = bent(CLOSER)
    assert Verbatim().run(bending, 1, silent).values[KEY]["wide"]["of"] == 23


def test_controls_that_lack_prompts_do_not_choose_the_prompts_unseen() -> None:
    """Three ordinary controls lack the prompts on which the closest ones are close; no other model lacks any."""
    far = speakers(1, 40, learned=0.0, seed=7)["C01"]

    def asked(lacking: tuple[str, ...]) -> Finding:
        made = bent(())
        order = sorted(made.texts["S"])
        for name in CLOSER:
            made.texts[name] = {p: made.texts[name][p] if at < 7 else far[p] for at, p in enumerate(order)}
        for name in lacking:
            made.texts[name] = {p: made.texts[name][p] for p in order[7:]}
        return finding(made)

    assert KEY not in asked(()).values
    thin = asked(("C10", "C11", "C12"))
    assert thin.values["n_prompts"] == 33
    stated = thin.values[KEY]
    assert stated["coverage"] == [0.8, 0.98]
    assert (stated["wide"]["rank"], stated["wide"]["of"]) != (stated["own"]["rank"], stated["own"]["of"])
    assert told(ClosestSource.narrate(thin), thin).headline.startswith(
        "With controls that answered 0.98 of the prompts or more, instead of 0.8, rung 0 is reached instead of rung 2."
    )


def test_close_controls_that_are_called_suspects_are_said_before_the_answer() -> None:
    before, bending = finding(bent(())), finding(accusing(CLOSER))
    assert KEY not in bending.values
    assert bending.values["rank"] == 1
    plain = ClosestSource.narrate(bending)
    said = told(plain, bending)
    assert said.headline.startswith(
        f"With the 3 other suspects of the case among the controls, its rank is {before.values['rank']} of 23 "
        "instead of 1 of 20"
    )
    assert said.rung == plain.rung  # Suspects with one source would else clear each other.
    page = told_on_page(ClosestSource.page(bending, {}), bending)
    assert page.sentence.startswith(NOT_AMONG_SUSPECTS)
    assert words_in(page.sentence) <= MOST_WORDS


def test_suspects_that_change_nothing_are_said_to_change_nothing() -> None:
    far = finding(accusing(("C20",)))
    said = told(ClosestSource.narrate(far), far)
    (asked,) = far.values[OTHERWISE]
    assert asked["other"]["rank"] == asked["own"]["rank"]
    assert said.headline == ClosestSource.narrate(far).headline
    assert said.sentences[-1] == "With the other suspect of the case among the controls, the answer is the same."


def test_both_are_said_where_some_are_apart_and_others_are_suspects() -> None:
    made = accusing(("C02", "C03"))
    c01 = next(c for c in made.question.controls if c.name == "C01")
    made.question = replace(
        made.question,
        controls=tuple(c for c in made.question.controls if c != c01),
        pool=tuple(c for c in made.question.pool if c != c01),
        apart=(Apart(replace(c01, role=Role.ASIDE), "its role is aside"),),
    )
    found = finding(made)
    assert found.values[KEY]["wide"]["of"] == 21
    assert [one["other"]["of"] for one in found.values[OTHERWISE]] == [23]
    said = told(ClosestSource.narrate(found), found).headline
    assert "1 further control" in said
    assert "2 other suspects" in said


def test_what_documents_or_dates_keep_apart_is_said_before_the_answer() -> None:
    """A document that bears nothing, and a family that only the examiner gave, leave the rung and not the silence."""
    for field, words in (
        ("by_document", "With 3 models among the controls that documents of the case keep apart,"),
        ("too_young", "With 3 models among the controls that the examiner’s word makes younger members of P,"),
    ):
        made = accusing(CLOSER)
        made.question = replace(made.question, other_suspects=(), **{field: made.question.other_suspects})
        found = finding(made)
        plain, said = ClosestSource.narrate(found), told(ClosestSource.narrate(found), found)
        assert said.headline.startswith(f"{words} its rank is 4 of 23 instead of 1 of 20")
        assert said.rung == plain.rung
        assert told_on_page(ClosestSource.page(found, {}), found).caution == CAUTION


def copied(name: str, of: str, learned: float = 0.25) -> Listed:
    """The models of a question in which one answers in another's words, but for a space."""
    texts = speakers(22, 40, learned=learned)
    texts[name] = {p: [answer.replace(" ", "  ", 1) for answer in some] for p, some in texts[of].items()}
    return listed(texts)


def test_a_control_in_the_suspects_words_is_no_control() -> None:
    plain, found = finding(listed(speakers(22, 40, learned=0.25))), finding(copied("X", "S"))
    assert (found.values["rank"], found.values["n_controls"]) == (plain.values["rank"], plain.values["n_controls"])
    assert found.values["statistic"] == pytest.approx(plain.values["statistic"])
    (out,) = [item for item in found.left_out if item.corpus == "X"]
    assert out.reason == "its answers are nearly those of S, so it is no other model"


def test_a_protected_model_in_the_suspects_words_is_named_and_the_lower_rung_counts() -> None:
    made = copied("X", "S", learned=0.0)
    fake = next(c for c in made.question.controls if c.name == "X")
    question = replace(
        made.question,
        protected=(*made.question.protected, fake),
        controls=tuple(c for c in made.question.controls if c is not fake),
    )
    made.question = question
    found = finding(made)
    said = told(ClosestSource.narrate(found), found)
    assert found.values["rank"] == 1
    assert said.headline.startswith("Without X, for its answers are nearly the suspect’s own, its rank is ")
    assert said.rung == 0 < ClosestSource.narrate(found).rung
    assert told_on_page(ClosestSource.page(found, {}), found).caution == NEAR_COPY
    made.question = replace(question, protected=(fake,))
    alone = finding(made)
    assert (
        "there is no comparison: no other model of the protected side is left"
        in told(ClosestSource.narrate(alone), alone).headline
    )


def test_a_protected_model_that_lacks_many_prompts_is_refused_without_a_reason() -> None:
    texts = speakers(22, 60, learned=0.5)
    texts["P"] = {p: some for n, (p, some) in enumerate(sorted(texts["P"].items())) if n < 40}
    made = listed(texts)
    with pytest.raises(RefusedError, match=r"^P answered 40 of the 60 prompts that at least a quarter of the other"):
        finding(made)
    made.question = replace(made.question, fewer_prompts="The service was shut down.", despite_date="It leaked before")
    found = finding(made)
    said = allowed.told(ClosestSource.narrate(found), found).headline
    assert said.startswith(
        "P is compared on 40 of the 60 prompts that a quarter of the other models or more answered. The examiner’s "
        "reason: The service was shut down. The dates say that the protected model can’t be the source. It is compared "
        "all the same. The examiner’s reason: It leaked before. On 40 matched prompts"
    )
    assert allowed.told_on_page(ClosestSource.page(found, {}), found).caution == allowed.FEW


def test_a_reason_that_nothing_needs_is_not_said_first() -> None:
    made = listed(speakers(8, 40, learned=0.5))
    made.question = replace(made.question, fewer_prompts="as the plan says")
    assert allowed.KEY not in finding(made).values
