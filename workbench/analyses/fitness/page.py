"""A Finding of `fitness` as a page of the report."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.analyses.fitness.examination import NOT_YET
from workbench.analyses.fitness.values import CorpusRow, ExaminationTotals, FitnessValues, Seen
from workbench.analyses.scoring.pictures import Row, forest
from workbench.core.drawing import Drawing
from workbench.core.finding_page import Bearing, Explanation, FindingPage, Part, Says, SmallTable
from workbench.core.model import Facts, Finding
from workbench.core.printed import counted, listed
from workbench.core.text import counted as many
from workbench.core.typed_json import read, rows


def page(finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
    """The page; `models` are the known facts of the corpora by name."""
    values = read(FitnessValues, finding.values)
    return FindingPage(
        part=Part.MATERIAL,
        says=Says.UNFIT if values.verdict == "unfit" else Says.FIT,
        suspect=values.suspect,
        protected=values.protected,
        question="Can the material answer the question?",
        short="is the material fit?",
        brief=_brief(values),
        answer=_answer(values),
        not_said="This says nothing yet of who resembles whom.",
        seen=_seen(finding),
        picture=_picture(finding),
        table=_table(finding),
        steady=_steady(values),
        against=_against(finding),
        change=_change(values),
        explanations=_explanations(finding),
        limits=_limits(finding),
    )


def _judged(values: FitnessValues) -> int:
    return len(values.judged)


def _brief(values: FitnessValues) -> str:
    if values.verdict == "unfit":
        return f"No: {values.reasons[0]}."
    fit = f"{counted(values.n_fit, _judged(values))} models are fit."
    return f"Yes. {fit}" if values.verdict == "fit" else f"With doubts. {fit}"


def _answer(values: FitnessValues) -> str:
    fit = f"{counted(values.n_fit, _judged(values))} models are fit"
    if values.verdict == "unfit":
        return f"the material can’t answer the question: {values.reasons[0]}."
    if values.verdict == "fit":
        examined = values.examination is None or values.examination.state != NOT_YET
        return f"the material can answer the question: {fit}{'' if examined else ', and were not yet examined'}."
    return f"the material can answer the question with doubts: {values.reasons[0]}."


def _rows(finding: Finding) -> list[CorpusRow]:
    return rows(CorpusRow, finding.tables["corpora"])


def _picture(finding: Finding) -> Drawing:
    ordered = sorted(_rows(finding), key=lambda row: -row.length_median)
    shown = [
        Row(
            row.model,
            row.length_median,
            row.length_low,
            row.length_high,
            own=row.role != "control",
            protected=row.role == "protected",
        )
        for row in ordered
    ]
    medians = [row.length_median for row in ordered]
    return forest(
        shown,
        head="model, the longest first",
        axis="length of an answer, in characters: median, and the middle 80 of 100 answers",
        title="Length of the answers",
        unit="characters (middle 80 %)",
        description=(
            f"{len(ordered)} models, one a row, by the length of their answers. Medians lie between "
            f"{min(medians):,} and "
            f"{max(medians):,} characters."
        ),
    )


def _seen(finding: Finding) -> str:
    ordered = sorted(_rows(finding), key=lambda row: row.length_median)
    own = next(at for at, row in enumerate(ordered) if row.role == "suspect")
    length = f"{ordered[own].length_median:,} characters"
    place = (
        "The suspect’s answers are the shortest"
        if own == 0
        else "The suspect’s answers are the longest"
        if own == len(ordered) - 1
        else f"{many(own, 'model answers', 'models answer')} more briefly than the suspect"
    )
    return f"{place}: {length} at the median. Diamond: the suspect. Squares: the protected models."


def _table(finding: Finding) -> SmallTable | None:
    values = read(FitnessValues, finding.values)
    seen = values.examination
    if seen is None or seen.state == NOT_YET:
        return None
    heads = ("decline", "look cut", "near duplicates", "like another model’s", "hidden characters")
    own = next((row for row in rows(Seen, finding.tables["examination"]) if row.model == values.suspect), None)
    found = [(f"All {seen.totals.answers:,} answers", *_counts(seen.totals))]
    if own is not None and own.answers is not None:
        found.append((f"{values.suspect}’s {own.answers:,}", *_counts(own)))
    return SmallTable(("Answers that …", *heads), tuple(found))


def _counts(seen: ExaminationTotals | Seen) -> tuple[str, ...]:
    counts = (seen.refused, seen.looks_cut, seen.near_duplicates, seen.like_other_corpora, seen.hidden)
    return tuple("not counted" if count is None else f"{count:,}" for count in counts)


def _steady(values: FitnessValues) -> tuple[str, ...]:
    return (
        f"{values.suspect} answered {many(values.n_prompts_suspect, 'prompt', 'prompts')}; the protected side "
        f"answered {values.n_prompts_both} of them too.",
        f"{counted(values.n_controls_usable, values.n_controls)} controls can be used.",
    )


def _against(finding: Finding) -> tuple[str, ...]:
    values = read(FitnessValues, finding.values)
    said = [f"{reason[:1].upper()}{reason[1:]}." for reason in values.reasons]
    said += [
        f"{one.model} is {one.verdict}: {listed(one.reasons, 2)}." for one in values.judged if one.verdict != "fit"
    ][:3]
    cut = _looks_cut(finding)
    if cut:
        said.append(cut)
    said.append(f"Decoding settings: {values.decoding_settings}.")
    return tuple(said)


def _looks_cut(finding: Finding) -> str:
    own = next((row for row in _rows(finding) if row.role == "suspect"), None)
    if own is None or not own.cut:
        return ""
    return f"{counted(own.cut, own.answers)} answers of {own.model} look cut off."


def _change(values: FitnessValues) -> tuple[str, ...]:
    if values.verdict == "unfit":
        return ("Other answers: the reasons beside say which.",)
    return (
        "A statement of who collected the answers, when, and with which settings.",
        "The full answers, where some look cut.",
    )


def _explanations(finding: Finding) -> tuple[Explanation, ...]:
    settings = read(FitnessValues, finding.values).decoding_settings
    known = "Settings not recorded" if settings == "not recorded" else "Settings recorded in part"
    cut = _looks_cut(finding)
    said = f"{known}; {cut.rstrip('.')}" if cut else known
    return (
        Explanation(
            "collection",
            100,
            "How the answers were collected",
            "Looked at lengths, cut answers, language",
            said,
            Bearing.OPEN,
        ),
    )


def _limits(finding: Finding) -> tuple[tuple[str, str, str], ...]:
    said = []
    if read(FitnessValues, finding.values).decoding_settings == "not recorded":
        said.append(
            (
                "Collection is unknown.",
                "Who collected the answers, when, with which settings and system prompts, is not recorded. Different "
                "settings can make models look more or less alike.",
                "a statement of the collector, or a new collection.",
            )
        )
    cut = _looks_cut(finding)
    if cut:
        said.append(("Cut answers count as they are.", cut, "the full answers."))
    return tuple(said)
