"""The method in plain words, as far as this case uses it, and how its numbers are to be read."""

from __future__ import annotations

from workbench.core.finding_page import FindingPage, Part
from workbench.core.printed import interval, ratio
from workbench.core.text import counted
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.report.question import Asked
from workbench.evidence.report.sections.step_pictures import ceiling, likeness, same_questions, seats, weight
from workbench.evidence.report.sheets import Block, Column, Heading, Para, Section, Step, Steps, Table, Words, bold, say
from workbench.evidence.report.trial import Trial, trial_of

WAYS = ("words", "wording as written", "layout", "openings", "endings", "function words")
_COMPARING = frozenset({Part.CLOSENESS, Part.WEIGHT, Part.SEARCH, Part.CONTRAST, Part.POWER})
_MOST_METHODS = 6


def method_section(contents: PackContents, questions: tuple[Asked, ...]) -> Section:
    """The section."""
    closest = _last(contents, Part.CLOSENESS)
    weighed = _last(contents, Part.WEIGHT)
    trial = trial_of(weighed)
    compares = any(item.page.part in _COMPARING for item in contents.standing())
    controls = len(closest.page.placed) - 1 if closest else 0
    blocks: list[Block] = []
    if compares:
        blocks += [Steps(_steps(contents, controls, trial)), *_paragraphs(controls, trial)]
    else:
        blocks.append(
            Para(say(bold("No models were compared. "), "No finding that stands compares the answers of models."))
        )
    blocks.append(_decides_nothing(contents))
    blocks += _others(contents)
    blocks += _how_to_read(closest, weighed, controls)
    return Section("method", "4", "Method in plain words", tuple(blocks))


def _last(contents: PackContents, part: Part) -> PackFinding | None:
    some = [item for item in contents.standing() if item.page.part is part]
    return some[-1] if some else None


def _steps(contents: PackContents, controls: int, trial: Trial | None) -> tuple[Step, ...]:
    models = counted(len(contents.corpora), "model", "models")
    steps = [
        Step(
            same_questions(),
            "1 Same questions",
            f"Asked of {models}. Only answers to the same prompt are ever compared.",
        ),
        Step(
            likeness(WAYS), "2 Likeness", "Ways to look at an answer, with and without what all models have in common."
        ),
        Step(
            seats(),
            "3 Everyone in the seat",
            "Each control takes the suspect’s seat in turn and is scored in the same way.",
        ),
    ]
    if trial is not None:
        pairs = trial.negatives + trial.positives
        said = f"A trial on {pairs:,} pairs with known history says how often such a score comes with a link."
        steps.append(Step(weight(), "4 Weight", said))
        said = f"No more is reported than the {trial.negative_groups} independent groups of the trial can bear."
        steps.append(Step(ceiling("ceiling"), "5 Ceiling", said))
    return tuple(steps)


def _paragraphs(controls: int, trial: Trial | None) -> list[Block]:
    blocks: list[Block] = [
        Para(
            say(
                bold("Same questions. "),
                "Models are compared only on prompts that both answered. Prompts are paired by their text or by a "
                "given identifier, never by their place in a file.",
            ),
            say("The answers of one model stand for that model. ", bold("The unit is the model,"), " not the answer."),
        ),
        Para(
            say(
                bold("Likeness. "),
                "Two answers with the same features have likeness 1, with none in common 0. Each way to look has a "
                "twin without all that the models of the case have in common: what any assistant would say does not "
                "count.",
            ),
            say(
                "Words; wording as written; layout; openings; endings; function words such as “the” and “of” (English)."
            ),
        ),
        Para(
            say(
                bold("Everyone in the seat. "),
                "Closeness is how far a likeness to the protected model stands out: from the model’s likeness to "
                "others, and from the others’ likeness to the protected model. The unit is a point, one robust "
                "standard deviation. The rank of the suspect among the controls is the result.",
            ),
            say(f"With {controls} controls no result can be rarer than 1 in {controls + 1}." if controls else ""),
        ),
    ]
    if trial is not None:
        blocks += [
            Para(
                say(
                    bold("Weight. "),
                    "A likelihood ratio says how many times more often such a score turns up with a link than without "
                    f"one. It was fitted on {trial.positives:,} pairs of real models with a documented link and "
                    f"{trial.negatives:,} with none. It does ",
                    bold("not"),
                    " say how often there is a link: that depends on all the other evidence.",
                ),
                say("Nothing was fitted on a pair’s own suspect or its relatives when its ratio was computed."),
            ),
            Para(
                say(
                    bold("Ceiling. "),
                    "A method can’t vouch for more than it has seen. With "
                    f"{counted(trial.negative_groups, 'independent group', 'independent groups')} of unlinked pairs "
                    f"and {trial.positive_groups:,} of linked ones, no ratio is reported beyond what they bear, and "
                    "none beyond what the controls of the case bear.",
                ),
                say("What the sums gave before the ceiling stands with each finding. It is not a weight."),
            ),
        ]
    return blocks


def _decides_nothing(contents: PackContents) -> Para:
    seeds = {item.exhibit.finding.seed for item in contents.standing()}
    seed = (
        f"Seed {next(iter(seeds))}. "
        if len(seeds) == 1
        else "The seed of each run stands in Annex D. "
        if seeds
        else ""
    )
    return Para(
        say(
            bold("What decides nothing. "),
            "No language model judges any text. No list of telling phrases enters any number. Draws start from a "
            "stored seed: another examiner gets the same numbers.",
        ),
        say(seed, bold("Rounding:"), " a number has as many digits as its interval bears. The files have them all."),
    )


def _others(contents: PackContents) -> list[Block]:
    """What else was asked, each in the words of its analysis."""
    known = {item.exhibit.finding.analysis for item in contents.standing() if item.page.part is Part.DIRECT}
    methods = [method for method in contents.methods if method.key in known][:_MOST_METHODS]
    return [Para(say(bold(f"{method.title}. "), method.question)) for method in methods]


def _how_to_read(closest: PackFinding | None, weighed: PackFinding | None, controls: int) -> list[Block]:
    rows: list[tuple[Words, ...]] = []
    if closest is not None and closest.page.placed:
        ahead = _ahead(closest.page)
        rank = (
            "No control is as close as the suspect." if not ahead else f"{ahead} of {controls} controls are as close."
        )
        rows.append(
            (say(bold(f"rank {ahead + 1}"), f" of {controls + 1}"), say(rank), say("Anything of models elsewhere."))
        )
        own = next(one for one in closest.page.placed if one.suspect)
        printed = interval(own.value, own.low, own.high)
        rows.append(
            (
                say(bold(printed.value), f" ({printed.low} to {printed.high})"),
                say(f"With prompts drawn again and again, 95 in 100 draws gave {printed.low} to {printed.high}."),
                say("How unusual the suspect is among models."),
            )
        )
    if weighed is not None and weighed.page.log10_lr is not None:
        said = ratio(weighed.page.log10_lr)
        rows.append(
            (
                say(bold(f"ratio {said}")),
                say(f"Under H1 such findings are {said} times as probable as under H2."),
                say(f"That H1 is {said} times as probable as H2."),
            )
        )
    if not rows:
        return []
    columns = (Column("Number"), Column("Says", 5), Column("Does not say", 4))
    return [Heading("How to read the numbers of this report"), Table(columns, tuple(rows))]


def _ahead(page: FindingPage) -> int:
    own = next(one.value for one in page.placed if one.suspect)
    return sum(one.value >= own for one in page.placed if not one.suspect)
