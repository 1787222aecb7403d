"""Is this material fit to answer the question?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from workbench.analyses.base import Analysis, inputs_of, left_out_of, software
from workbench.analyses.fitness.compute import Counts, Judgement, count, judge
from workbench.analyses.fitness.examination import examination_table, sentences, state_of, warning_of
from workbench.core.claims import disagreement
from workbench.core.finding_page import FindingPage
from workbench.core.model import Column, Corpus, Facts, Finding, Json, Narrative, Table
from workbench.core.params import param
from workbench.core.progress import Progress
from workbench.core.selection import Question, Selection, examination_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LEAST_CONTROLS = 5
_ENOUGH_CONTROLS = 19
_MARKS = {"fit": "o", "doubtful": "^", "unfit": "X"}


class Fitness(Analysis):
    """Is this material fit to answer the question?

    Each corpus is counted: prompts in common with the suspect, empty, repeated, cut and quoting answers,
    scripts, lengths, dates. Thresholds turn the counts into fit, doubtful or unfit, with the reasons.
    """

    key: ClassVar[str] = "fitness"
    title: ClassVar[str] = "Fitness of the material"
    version: ClassVar[int] = 4
    chart_table: ClassVar[str] = "corpora"
    limits: ClassVar[tuple[str, ...]] = (
        "Fit material can still mislead: the counts see form, not how the answers were collected.",
        "The language of an answer is a model's guess from its first 200 characters; code and short texts mislead it.",
        "Answers that decline are flagged by a rule of grammar (a first person and a negated ability, in 15 languages) "
        "and by what their records say; the flag weighs nothing, misses other wordings and has false alarms.",
        "That an answer looks cut off is a guess from how it ends beside how the rest of it is written, with false "
        "alarms; one that was cut after a sentence, an item or a few words does not look it.",
        "Decoding settings (temperature, system prompt, length limit) are known only where a file or the examiner "
        "states them.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "ENFSI Guideline for Evaluative Reporting in Forensic Science (2015), on the suitability of material",
    )

    min_prompts = param(30, "Least prompts in common", low=1, high=100_000, help="Below it a corpus is unfit.")
    min_coverage = param(0.8, "Least share of the suspect's prompts", low=0.0, high=1.0, help="Below it: doubtful.")
    near_empty = param(
        3, "Nearly empty below", unit="characters", low=1, high=1000, help="Shorter answers are counted."
    )
    near_empty_share = param(0.05, "Most nearly empty answers", low=0.0, high=1.0, help="Above it: doubtful.")
    repeated_share = param(0.1, "Most repeated answers", low=0.0, high=1.0, help="Above it: doubtful.")
    cut_share = param(0.3, "Most answers that look cut off", low=0.0, high=1.0, help="Above it: doubtful.")
    quoting_share = param(0.2, "Most answers that quote the prompt", low=0.0, high=1.0, help="Above it: doubtful.")
    script_share = param(0.1, "Most answers in another script", low=0.0, high=1.0, help="Above it: doubtful.")
    length_factor = param(3.0, "Largest factor in length", low=1.0, high=1000.0, help="Against the suspect's answers.")

    def refuse(self, selection: Selection) -> str | None:
        """Nothing is refused: material that can't be used is what this analysis reports."""
        return None

    def run(self, selection: Selection, seed: int, progress: Progress) -> Finding:
        """The Finding; nothing in it is drawn at random."""
        question = selection.question
        corpora = _corpora(question)
        names = [corpus.name for corpus, _ in corpora]
        most = max((corpus.answers for corpus, _ in corpora), default=0)
        counts: dict[str, Counts] = {}
        passes = count(
            selection.blocks([c for c, _ in corpora]), question.suspect.name, names, int(self.values["near_empty"])
        )
        for counts in passes:
            seen = max((found.answers for found in counts.values()), default=0)
            progress(0.95 * min(1.0, seen / max(1, most)), "counting answers")
        limits = {name: float(value) for name, value in self.values.items()}
        asked = counts[question.suspect.name].prompts
        judged = {c.name: judge(c, c.name == question.suspect.name, counts[c.name], asked, limits) for c, _ in corpora}
        examined = examination_of(selection)
        shown = [corpus for corpus, _ in corpora]
        values = _values(question, counts, judged, limits) | {"examination": state_of(shown, examined)}
        finding = Finding(
            analysis=self.key,
            version=self.version,
            question=f"Is the material fit to answer the question “{question.words()}”",
            parameters=dict(self.values),
            seed=str(seed),
            inputs=inputs_of(question),
            left_out=left_out_of(question),
            values=values,
            tables={
                "corpora": _table(corpora, counts, judged, asked),
                "examination": examination_table(shown, examined),
            },
            warnings=tuple(filter(None, (*_warnings(question, judged), warning_of(examined)))),
            software=software(),
            resources={} if examined is None else {"examination": examined.sha256},
        )
        progress(1.0, "done")
        return finding

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The verdict, what it rests on, and each corpus that is not fit; the rung is always 0."""
        values = finding.values
        headline = f"The material is {values['verdict']} for the question."
        if values["reasons"]:
            headline = f"The material is {values['verdict']} for the question: {'; '.join(values['reasons'])}."
        judged = values["judged"]
        said = [
            f"{values['suspect']} answered {values['n_prompts_suspect']} prompts, and the protected side and it have "
            f"{values['n_prompts_both']} in common.",
            f"Corpora judged: {len(judged)}, of which fit: {values['n_fit']}, doubtful: {values['n_doubtful']}, "
            f"unfit: {values['n_unfit']}. Controls that can be used: {values['n_controls_usable']} of "
            f"{values['n_controls']}.",
        ]
        said += [
            f"{item['model']} ({item['role']}) is {item['verdict']}: {', '.join(item['reasons'])}."
            for item in judged
            if item["verdict"] != "fit"
        ]
        said += sentences(values.get("examination", {}))
        said.append(f"Decoding settings: {values['decoding_settings']}. This says nothing yet of who resembles whom.")
        return Narrative(0, headline, tuple(said), Fitness.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.fitness.page import page

        return page(finding, models)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The chart in words, with its numbers."""
        table = finding.tables["corpora"]
        shares, lengths = table.column("coverage"), table.column("length_median")
        return (
            f"Two dot charts over {len(table.rows)} corpora. Left, the share of the suspect's prompts that each "
            f"answered: {100 * min(shares):.0f} to {100 * max(shares):.0f} %. Right, the length of the answers: "
            f"medians from {min(lengths)} to {max(lengths)} characters. Circles are fit ({finding.values['n_fit']}), "
            f"triangles doubtful ({finding.values['n_doubtful']}), crosses unfit ({finding.values['n_unfit']})."
        )

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """Two dot charts, a row a corpus: share of the suspect's prompts answered, and lengths of the answers."""
        from workbench.analyses.scoring.drawing import FONT, bare, label, name_rows, prepare

        table = finding.tables["corpora"]
        columns = [column.name for column in table.columns]
        rows = [dict(zip(columns, row, strict=True)) for row in reversed(table.rows)]
        prepare(figure, 7.2, 1.4 + 0.155 * len(rows))
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1, 1.4])
        for height, row in enumerate(rows):
            _draw_row(left, right, height, row)
        marked = [row["role"] != "control" for row in rows]
        labels = [label(row["model"]) + (f" ({row['role']})" if row["role"] != "control" else "") for row in rows]
        name_rows(left, labels, marked)
        left.set_xlim(-0.04, 1.06)
        left.set_xlabel("share of the suspect's prompts", fontsize=7, fontfamily=FONT)
        right.set_xlabel("characters of an answer:\nmedian, 10th to 90th percentile", fontsize=7, fontfamily=FONT)
        bare(left)
        bare(right)
        _legend(figure)


def _corpora(question: Question) -> list[tuple[Corpus, str]]:
    named = [(question.suspect, "suspect"), *((c, "protected") for c in question.protected)]
    return named + [(c, "control") for c in question.controls]


def _values(
    question: Question, counts: Mapping[str, Counts], judged: Mapping[str, Judgement], limits: Mapping[str, float]
) -> dict[str, Json]:
    corpora = _corpora(question)
    verdicts = [judged[corpus.name].verdict for corpus, _ in corpora]
    controls = [judged[c.name].verdict for c in question.controls]
    both = max((counts[c.name].shared for c in question.protected), default=0)
    verdict, reasons = _overall(question, judged, both, limits)
    return {
        "verdict": verdict,
        "reasons": reasons,
        "suspect": question.suspect.name,
        "protected": question.protected_name,
        "n_prompts_suspect": counts[question.suspect.name].prompts,
        "n_prompts_both": both,
        "n_controls": len(controls),
        "n_controls_usable": len(controls) - controls.count("unfit"),
        "n_fit": verdicts.count("fit"),
        "n_doubtful": verdicts.count("doubtful"),
        "n_unfit": verdicts.count("unfit"),
        "decoding_settings": _settings(question),
        "judged": [
            {
                "model": corpus.name,
                "role": role,
                "verdict": judged[corpus.name].verdict,
                "reasons": list(judged[corpus.name].reasons),
            }
            for corpus, role in corpora
        ],
    }


def _settings(question: Question) -> str:
    """The decoding settings of suspect and protected side, as far as they are known."""
    sides = (question.suspect, *question.protected)
    known = [f"{c.name}: {', '.join(c.facts.settings)}" for c in sides if c.facts.settings]
    return "; ".join(known) or "not recorded"


def _overall(
    question: Question, judged: Mapping[str, Judgement], both: int, limits: Mapping[str, float]
) -> tuple[str, list[str]]:
    protected = [judged[c.name].verdict for c in question.protected]
    usable = sum(judged[c.name].verdict != "unfit" for c in question.controls)
    grave = []
    if judged[question.suspect.name].verdict == "unfit":
        grave.append("the suspect's answers are unfit")
    if all(verdict == "unfit" for verdict in protected):
        grave.append("no protected corpus is fit")
    elif both < limits["min_prompts"]:
        grave.append("too few prompts that suspect and protected side both answered")
    if usable < _LEAST_CONTROLS:
        grave.append(f"fewer than {_LEAST_CONTROLS} usable controls")
    if grave:
        return "unfit", grave
    doubts = []
    if judged[question.suspect.name].verdict == "doubtful":
        doubts.append("the suspect's answers are doubtful")
    if "fit" not in protected:
        doubts.append("no protected corpus is without doubt")
    if usable < _ENOUGH_CONTROLS:
        doubts.append(f"fewer than {_ENOUGH_CONTROLS} usable controls, so p_model can't reach 0.05")
    if 2 * sum(judged[c.name].verdict == "fit" for c in question.controls) < len(question.controls):
        doubts.append("fewer than half of the controls are without doubt")
    return ("doubtful", doubts) if doubts else ("fit", [])


def _warnings(question: Question, judged: Mapping[str, Judgement]) -> tuple[str, ...]:
    said = []
    if question.undated:
        what = "date of {} is" if len(question.undated) == 1 else "dates of {} are"
        named = what.format(", ".join(question.undated))
        said.append(f"The release {named} unknown: the date gate is not applied.")
    if question.despite_date:
        said.append(f"The date gate was overruled, for this reason: {question.despite_date}")
    said += filter(None, (disagreement(c.name, c.facts) for c, _ in _corpora(question)))
    copies = [c.name for c in question.controls if "mostly the suspect's very words" in judged[c.name].reasons]
    if copies:
        said.append(f"Controls that mostly give the suspect's very words: {', '.join(copies)}.")
    return tuple(said)


_COLUMNS = (
    Column("model", "text", "Model"),
    Column("role", "text", "Role"),
    Column("verdict", "text", "Verdict"),
    Column("reasons", "text", "Reasons"),
    Column("released", "text", "Released"),
    Column("answers", "integer", "Answers"),
    Column("prompts", "integer", "Prompts"),
    Column("shared", "integer", "Prompts in common with the suspect"),
    Column("coverage", "number", "Share of the suspect's prompts"),
    Column("near_empty", "integer", "Nearly empty answers"),
    Column("repeated", "integer", "Prompts with an answer that recurs"),
    Column("cut", "integer", "Answers that look cut off"),
    Column("quoting", "integer", "Answers that quote the prompt"),
    Column("same_text", "integer", "Prompts with the suspect's very words"),
    Column("other_script", "integer", "Prompts in another script than the suspect's"),
    Column("scripts", "text", "Answers by script"),
    Column("length_low", "integer", "Characters, 10th percentile"),
    Column("length_median", "integer", "Characters, median"),
    Column("length_high", "integer", "Characters, 90th percentile"),
    Column("length_factor", "number", "Length against the suspect's"),
)


def _table(
    corpora: list[tuple[Corpus, str]], counts: Mapping[str, Counts], judged: Mapping[str, Judgement], asked: int
) -> Table:
    rows = []
    for corpus, role in corpora:
        found, judgement = counts[corpus.name], judged[corpus.name]
        scripts = sorted(found.scripts.items(), key=lambda item: (-item[1], item[0]))
        row: tuple[Any, ...] = (
            corpus.name,
            role,
            judgement.verdict,
            "; ".join(judgement.reasons),
            corpus.facts.released,
            found.answers,
            found.prompts,
            found.shared,
            found.shared / asked if asked else 0.0,
            found.near_empty,
            found.repeated(),
            found.cut,
            found.quoting,
            found.same_text,
            found.other_script,
            ", ".join(f"{name} {number}" for name, number in scripts),
            found.length(0.1),
            found.length(0.5),
            found.length(0.9),
            found.length_factor(),
        )
        rows.append(row)
    return Table(_COLUMNS, tuple(rows))


def _draw_row(left: Axes, right: Axes, height: int, row: Mapping[str, Json]) -> None:
    from workbench.analyses.scoring.drawing import BAND, INK, PALE

    if row["role"] != "control":
        for axes in (left, right):
            axes.axhspan(height - 0.5, height + 0.5, color=BAND, linewidth=0, zorder=0)
    right.plot([row["length_low"], row["length_high"]], [height, height], color=PALE, linewidth=1, zorder=1)
    for axes, value in ((left, row["coverage"]), (right, row["length_median"])):
        axes.plot(
            [value],
            [height],
            marker=_MARKS[row["verdict"]],
            markersize=4,
            markerfacecolor="white" if row["verdict"] == "fit" else INK,
            markeredgecolor=INK,
            markeredgewidth=0.8,
            linestyle="none",
            zorder=2,
        )


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    from workbench.analyses.scoring.drawing import FONT, INK

    handles = [
        Line2D([], [], marker=mark, color=INK, linestyle="none", markersize=4, label=verdict)
        for verdict, mark in _MARKS.items()
    ]
    handles[0].set_markerfacecolor("white")
    figure.legend(handles=handles, loc="outside upper right", ncols=3, frameon=False, prop={"family": FONT, "size": 7})
