"""Templates of declarations with blanks. The program fills in none of them, whatever it knows."""

from __future__ import annotations

from workbench.evidence.report.question import Asked
from workbench.evidence.report.sections.crosswalk import Places, rule_26, rule_702
from workbench.evidence.report.sheets import (
    Block,
    Column,
    Heading,
    Notice,
    Para,
    Section,
    Signatures,
    Table,
    Words,
    blank,
    bold,
    say,
)

_DUTY = (
    (
        "I understand that my duty is to help the court on matters within my expertise, and that this duty "
        "overrides any obligation to those who instruct or pay me. I have complied with that duty and will continue "
        "to do so.",
        "CPR 35.3; PD 35, 3.2(9)(a)",
    ),
    (
        "I am aware of the requirements of Part 35, of its practice direction, and of the Guidance for the "
        "Instruction of Experts in Civil Claims 2014.",
        "PD 35, 3.2(9)(b)",
    ),
    ("The substance of all material instructions, written and oral, stands in section 2.", "CPR 35.10(3)"),
    (
        "I have stated which facts were assumed and which were found, the literature and material relied on, who "
        "carried out which test, and where there is a range of opinion, with reasons for mine.",
        "PD 35, 3.2(2) to (6)",
    ),
    (
        "Where I cannot give an opinion without qualification, the qualification stands with it: “outside what was "
        "tested”.",
        "PD 35, 3.2(8)",
    ),
)
_TRUTH = (
    (
        "I confirm that I have made clear which facts and matters referred to in this report are within my own "
        "knowledge and which are not. Those that are within my own knowledge I confirm to be true. The opinions I "
        "have expressed represent my true and complete professional opinions on the matters to which they refer.",
        "PD 35, 3.3: the words of the rule, not to be changed",
    ),
    (
        "I understand that proceedings for contempt of court may be brought against anyone who makes, or causes to "
        "be made, a false statement in a document verified by a statement of truth without an honest belief in its "
        "truth.",
        "PD 35, 3.3",
    ),
)
_QUALIFICATIONS = (
    "Name, post, employer",
    "Degrees and training",
    "Work with language models and with likelihood ratios",
    "Publications of the last 10 years",
    "Cases of the last 4 years in which the expert gave evidence at trial or by deposition",
    "What is paid for study and testimony",
    "Interest in, or ties to, any party",
)


def england_section(number: str) -> Section:
    """The declaration and the statement of truth of England and Wales."""
    template = (
        "Choose this page or the next, strike the other, and complete what is blank. Nothing on this page has been "
        "declared yet. Check the wording against the rules in force on the day of signing."
    )
    rows: tuple[tuple[Words, ...], ...] = tuple((say(row), say(blank("to be completed"))) for row in _QUALIFICATIONS)
    blocks: list[Block] = [
        Notice(say(bold("Template. "), template)),
        *(Para(say(words), say(rule)) for words, rule in _DUTY),
        Heading("Statement of truth"),
        *(Para(say(words), say(rule)) for words, rule in _TRUTH),
        Signatures(("Signature", "Name", "Place and date")),
        Table((Column("Qualifications", 3), Column("To be completed by the expert", 1)), rows),
    ]
    title = "Declarations: England and Wales (CPR Part 35)"
    return Section("declarations", number, title, tuple(blocks), "Declarations and signature")


def united_states_section(questions: tuple[Asked, ...], places: Places, number: str) -> Section:
    """What a retained expert states in a federal court, and where the report speaks to Rule 702."""
    template = (
        "For a retained expert under Rule 26(a)(2)(B). State courts differ. Nothing on this page has been declared yet."
    )
    proponent = (
        "The proponent must show that it is more likely than not that (a) to (d) are met. This table points to "
        "passages. It does not claim that they are."
    )
    blocks: list[Block] = [
        Notice(say(bold("Template. "), template)),
        Heading("Where this report holds what Rule 26(a)(2)(B) asks for"),
        Table((Column("Rule"), Column("Asks for", 5), Column("Here", 6)), rule_26(places)),
        Heading("Where this report speaks to Rule 702"),
        Table(
            (Column("Rule"), Column("Asks whether", 4), Column("For it", 4), Column("Against it", 4)),
            rule_702(questions, places),
        ),
        Para(say(proponent), style="small", unnumbered=True),
        Heading("Declaration under 28 U.S.C. § 1746"),
        Para(
            say(
                "This report states my opinions and their basis completely. I will supplement it when I learn that "
                "it is incomplete or incorrect in a material respect."
            ),
            say("FRCP 26(e)(2)"),
        ),
        Para(
            say(
                "I declare under penalty of perjury ",
                blank("if signed abroad: under the laws of the United States of America"),
                " that the foregoing is true and correct. Executed on ",
                blank("date"),
            ),
            say("28 U.S.C. § 1746(1) abroad, (2) inside the United States"),
        ),
        Signatures(("Signature", "Name", "Place")),
        Para(
            say("A draft of the certificate under Rule 902(13) and (14) is 07_legal/certificate_902_13_14.docx."),
            style="small",
            unnumbered=True,
        ),
    ]
    return Section(
        "declarations-us", number, "Declarations: United States (FRCP 26, FRE 702)", tuple(blocks), listed=""
    )
