"""Where rules of evidence and of reports find their answer here, heading by heading; or that they find none."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.finding_page import Part
from workbench.core.printed import counted
from workbench.evidence.report.question import Asked
from workbench.evidence.report.sheets import (
    Block,
    Column,
    Heading,
    Para,
    Run,
    Section,
    Table,
    Words,
    blank,
    caution,
    link,
    say,
)
from workbench.evidence.report.trial import trial_of

_NOT = caution("not addressed")


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers of sections that rules lead to."""

    findings: str
    validation: str
    together: str
    limits: str
    exhibits: str
    declarations: str
    checking: str
    originals: bool
    viewer: bool


def _section(number: str, key: str) -> Run:
    return link(f"section {number}", key)


def _and(*parts: Run | str) -> Words:
    """Places with semicolons between."""
    joined: list[Run | str] = []
    for at, part in enumerate(parts):
        joined += ["; "] * bool(at) + [part]
    return say(*joined)


def rule_26(places: Places) -> tuple[tuple[Words, ...], ...]:
    """Rule 26(a)(2)(B), (i) to (vi)."""
    data = "data/04_data" if places.originals else "04_data of the full pack"
    exhibits = (_section(places.exhibits, "exhibits"), *(("02_exhibits/viewer.html",) if places.viewer else ()))
    opinions = (_section("1", "summary"), *((_section(places.together, "together"),) if places.together else ()))
    rows = (
        (
            "(i)",
            "all opinions, with basis and reasons",
            _and(*opinions, f"sections {places.findings}" if places.findings else ""),
        ),
        ("(ii)", "facts or data considered", _and(_section("3", "items"), link("Annex B", "annex-b"), data)),
        ("(iii)", "exhibits that summarise or support them", _and(*exhibits)),
        ("(iv)", "qualifications; publications of the last 10 years", say(blank("to be completed"))),
        ("(v)", "cases of the last 4 years with testimony", say(blank("to be completed"))),
        ("(vi)", "compensation for study and testimony", say(blank("to be completed"))),
    )
    return tuple((say(rule), say(asks), here) for rule, asks, here in rows)


def rule_702(questions: tuple[Asked, ...], places: Places) -> tuple[tuple[Words, ...], ...]:
    """Rule 702, (a) to (d), with what speaks for each and what against it."""
    one = questions[0] if questions else None
    weighed = one.of(Part.WEIGHT) if one else None
    trial = trial_of(weighed)
    outside = sum(measure.outside for measure in weighed.page.measures) if weighed else 0
    measures = len(weighed.page.measures) if weighed else 0
    rates = f"error rates on {trial.negatives + trial.positives:,} pairs, " if trial else ""
    plan = any(item.exhibit.status for item in one.findings) if one else False
    against_method = (
        f"the trial’s own adverse figures, section {places.validation}" if trial else "no error rate is stated"
    )
    applied = (
        say(f"{counted(outside, measures)} measures outside what was tested")
        if outside
        else say("the limits of this case, ", _section(places.limits, "limits"))
    )
    rows = (
        ("(a)", "expert knowledge helps to understand the evidence", _and(_section("4", "method")),
         say("exhibits can be read by anyone")),
        ("(b)", "the testimony rests on sufficient facts or data", _and(_section("3", "items")),
         _and("collection is not stated (3.1)", _section(places.limits, "limits"))),
        ("(c)", "it comes from reliable principles and methods", say(rates, _section(places.validation, "validation")),
         say(against_method)),
        ("(d)", "they were reliably applied to the facts",
         say("all runs shown; numbers can be computed again" if plan else "numbers can be computed again", ", ",
             link("Annex A", "annex-a")),
         applied),
    )  # fmt: skip
    return tuple((say(rule), say(asks), here, against) for rule, asks, here, against in rows)


def crosswalk_section(places: Places) -> Section:
    """The page that leads from each heading to its place."""
    said = (
        "Each row leads to the passage that speaks to a heading, or says that none does. It claims no compliance: "
        "no one has assessed this report against any of these texts."
    )
    blocks: list[Block] = [Para(say(said), style="small", unnumbered=True)]
    texts = (
        ("ISO 21043-5, reporting", _iso(places)),
        ("FRE 702", _fre(places)),
        ("FRCP 26(a)(2)(B)", _frcp(places)),
        ("CPR 35 and PD 35, England and Wales", _cpr(places)),
    )
    for title, rows in texts:
        blocks.append(Heading(title))
        blocks.append(Table((Column("Heading", 5), Column("Here", 6)), tuple((say(a), b) for a, b in rows), small=True))
    return Section(
        "annex-e", "", "Annex E. Where rules find their answer", tuple(blocks), "Where rules find their answer"
    )


def _iso(places: Places) -> tuple[tuple[str, Words], ...]:
    return (
        ("Identity of the report, its author and the case", say("cover")),
        ("Who asked, and the questions", _and(_section("2", "instructions"), blank("who asked"))),
        ("Items examined, their receipt and condition", _and(_section("3", "items"), link("Annex B", "annex-b"))),
        (
            "Propositions and the information they rest on",
            _and(_section("1", "summary"), _section("2", "instructions")),
        ),
        ("Methods, and their limits", _and(_section("4", "method"), _section(places.validation, "validation"))),
        ("Results and observations", say(f"sections {places.findings}" if places.findings else _NOT)),
        (
            "Interpretation and opinion, with uncertainty",
            say(_section(places.together, "together") if places.together else _NOT),
        ),
        ("Limits and assumptions", say(_section(places.limits, "limits"))),
        ("Review by a second person", say(_NOT)),
        ("Accreditation or conformity", say(_NOT)),
        ("Testimony", say(_NOT)),
    )


def _fre(places: Places) -> tuple[tuple[str, Words], ...]:
    return (
        ("(a) helps the trier of fact", say(_section("4", "method"))),
        ("(b) sufficient facts or data", _and(_section("3", "items"), "04_data")),
        (
            "(c) reliable principles and methods",
            _and(_section("4", "method"), _section(places.validation, "validation")),
        ),
        (
            "(d) reliable application to the facts",
            _and(link("Annex A", "annex-a"), link("Annex D", "annex-d"), "05_analysis/replay.md"),
        ),
    )


def _frcp(places: Places) -> tuple[tuple[str, Words], ...]:
    return tuple((f"{row[0][0].text} {row[1][0].text}", row[2]) for row in rule_26(places))


def _cpr(places: Places) -> tuple[tuple[str, Words], ...]:
    return (
        ("35.3 duty to the court", say(_section(places.declarations, "declarations"), ", template")),
        ("35.10(3) substance of instructions", _and(_section("2", "instructions"), blank("to be completed"))),
        ("PD 3.2(1) qualifications", _and(_section(places.declarations, "declarations"), blank("to be completed"))),
        ("PD 3.2(2) literature and material relied on", _and(link("Annex A", "annex-a"), link("Annex D", "annex-d"))),
        (
            "PD 3.2(3), (4) facts, and which are within the expert’s knowledge",
            _and(_section("3", "items"), blank("to be completed")),
        ),
        ("PD 3.2(5) who carried out the tests", say("cover; ", link("Annex A", "annex-a"))),
        (
            "PD 3.2(6) range of opinion",
            _and(_section(places.validation, "validation"), _section(places.limits, "limits")),
        ),
        ("PD 3.2(7) summary of conclusions", say(_section("1", "summary"))),
        ("PD 3.2(8) qualified opinion", _and(_section("1", "summary"), _section(places.limits, "limits"))),
        (
            "PD 3.2(9), 3.3 declaration and statement of truth",
            say(_section(places.declarations, "declarations"), ", template"),
        ),
    )
