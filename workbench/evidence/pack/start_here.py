"""START_HERE.html: the question, the answer and what must be known beside it, on one screen."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

from workbench.core.drawing import PAPER
from workbench.core.finding_page import FindingPage, Part
from workbench.core.printed import day, grouped, listed, size
from workbench.core.resources import resource
from workbench.core.text import counted
from workbench.evidence.drawing.outlines import stamp
from workbench.evidence.drawing.svg import mark_svg, to_svg
from workbench.evidence.pack.contents import PackContents, PackCopy
from workbench.evidence.pack.names import EXHIBITS, REPORT
from workbench.evidence.pack.printable_text import Legible
from workbench.evidence.pack.rebuilt_case import RESCUED, lost_in_rescue, nothing_found, superseded, words_of_rescue
from workbench.evidence.pack.zip_checks import zip_checks
from workbench.evidence.report.limits import three_limits
from workbench.evidence.report.question import Asked, asked, number_of_questions, plan_in_brief
from workbench.evidence.report.trial import how_sure
from workbench.evidence.report.value_format import shorter

_NONE = (
    '<svg class="ic" width="13" height="13" viewBox="0 0 13 13" aria-hidden="true"><g fill="none" '
    'stroke="currentColor" '
    'stroke-width="1.2"><circle cx="6.5" cy="6.5" r="5.6"/><path d="M3.8 6.5L9.2 6.5"/></g></svg>'
)
_MORE = 4


class Bagged(NamedTuple):
    """What is known once everything under data/ is written: the top folder, the number of files, and their bytes.

    `exhibits` says whether answers are shown beside each other in a viewer.
    """

    top: str
    files: int
    size: int
    exhibits: bool = False


def start_here(contents: PackContents, bagged: Bagged, change: Legible) -> bytes:
    """The page; nothing in it is fetched, nothing in it runs."""
    draft = "" if contents.signers else ", draft"
    title = change(f"{shorter(contents.title, 120)}: evidence pack {contents.number:02d}{draft}")
    questions = asked(contents)
    body = [
        _bar(contents, change),
        _notices(contents, change),
        _main(contents, questions, change) if questions else _empty(contents, change),
        _who(contents, bagged),
        _check(bagged),
        _foot(contents, bagged),
    ]
    return page(title, resource("report/start.css").read_text("utf-8"), body).encode()


def page(title: str, css: str, body: Iterable[str], script: str = "") -> str:
    """A page with one style and at most one script, each allowed by its hash alone."""
    style = f":root{{{''.join(f'--{name}:{value};' for name, value in PAPER.items())}}}" + re.sub(r"\s*\n\s*", "", css)
    allowed = f"default-src 'none'; img-src data:; style-src 'sha256-{_hash(style)}'; "
    allowed += f"script-src 'sha256-{_hash(script)}'; " if script else ""
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"{allowed}base-uri 'none'; form-action 'none'\">",
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>",
        f"<style>{style}</style></head><body>",
        *(part for part in body if part),
        f"<script>{script}</script>" if script else "",
        "</body></html>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


_NAME = re.compile(r"[^\s<>]*[^\s<>-]-[^\s<>-][^\s<>]*")
_LONGEST_NAME = 40


def shown(words: str) -> str:
    """A text as HTML, in which names are not broken at their hyphens."""
    return _NAME.sub(_unbroken, escape(words))


def _unbroken(name: re.Match[str]) -> str:
    return f'<span class="nb">{name[0]}</span>' if len(name[0]) <= _LONGEST_NAME else name[0]


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def state(contents: PackContents) -> str:
    """Who signs the pack, or the stamp of one that no one does, as HTML."""
    if not contents.signers:
        return stamp(f"DRAFT {contents.number}")
    names = ", ".join(escape(one.name) for one in contents.signers)
    return f"<span>Signer: {names} (SEAL_STATUS.txt)</span>"


def _bar(contents: PackContents, change: Callable[[str], str]) -> str:
    legend = f"<b>{shown(change(contents.marks.legend))}</b>" if contents.marks.legend else ""
    sample = "<span>Sample case: every model and maker is invented</span>" if contents.sample else ""
    return (
        f"<header><b>{shown(change(shorter(contents.title, 80)))}</b>"
        f"<span>Evidence pack {contents.number:02d}, {day(contents.begun)}</span>"
        f'<span class="ex">Examiner: {shown(change(shorter(contents.examiner, 60)))}</span>'
        f'<span class="r">{legend}{sample}{state(contents)}</span></header>'
    )


def _notices(contents: PackContents, change: Callable[[str], str]) -> str:
    parts = []
    if lost_in_rescue(contents) is not None:
        parts.append(f"<b>{RESCUED}.</b> {shown(change(words_of_rescue(contents)))}")
    parts += [f"<b>{kind}</b> {shown(change(words))}" for kind, words in copy_words(contents)]
    return "".join(f'<p class="note">{part}</p>' for part in parts)


def copy_words(contents: PackContents) -> list[tuple[str, str]]:
    """What a copy is, and what it leaves out; nothing for a full pack."""
    if contents.copy is not None:
        return [("Redacted copy.", _redacted(contents.copy, contents.examiner))]
    if contents.include_originals:
        return []
    total = size(sum(source.size for source in contents.sources))
    return [
        (
            "Lawyer copy.",
            f"The original data are left out: {counted(len(contents.sources), 'file', 'files')}, {total}. Annex B of "
            "the report lists each with its hash. Ask for the full pack before an expert works with it.",
        )
    ]


_KINDS = {
    "corpus": ("model", "models"),
    "fact of a corpus": ("fact of a model", "facts of models"),
    "pattern": ("passage of a pattern", "passages of patterns"),
}


def _redacted(copy: PackCopy, examiner: str) -> str:
    others = [counted(number, *_KINDS.get(kind, (kind, f"{kind}s"))) for kind, number in sorted(copy.counts.items())]
    whole = [counted(copy.prompts, "prompt", "prompts")] * bool(copy.prompts)
    whole += [counted(copy.answers, "answer", "answers")] * bool(copy.answers)
    who = f", on the request of {copy.requested_by}" if copy.requested_by else ""
    return (
        f"Removed: {listed([*whole, *others], 20)}, in every file, index and picture. Each gap is marked as [R-001] "
        "is, and stands in 06_custody/redaction_log.csv with its reason and the hash of what was there. No number was "
        f"changed. The files as received are left out. Removed by {examiner or 'the examiner'} on {day(copy.made)}"
        f"{who}."
    )


def _empty(contents: PackContents, change: Callable[[str], str]) -> str:
    return (
        f'<main><div><div class="lab">The answer</div><div class="a">{shown(change(nothing_found(contents)))}</div>'
        "</div><div></div></main>"
    )


def _main(contents: PackContents, questions: tuple[Asked, ...], change: Callable[[str], str]) -> str:
    first, others = questions[0], questions[1:]
    shown = first.page.mapped(change)
    return (
        f"<main><div>{_question(first, change)}{_answer(shown)}{_picture(contents, first, shown, change)}"
        f"{_other_questions(others, change)}</div>"
        f"<div>{_how_sure(first, change)}{_limits(first, change)}{_not_found(first, change)}</div></main>"
    )


def _question(one: Asked, change: Callable[[str], str]) -> str:
    accounts = "".join(
        f"<p><b>{name}</b> {shown(change(words))}</p>" for name, words in (("H1", one.h1), ("H2", one.h2))
    )
    question = f'<div class="lab">The question</div><h1 class="q">{shown(change(one.words))}</h1>'
    return f'{question}<div class="acc">{accounts}</div>'


def _answer(page_: FindingPage) -> str:
    caution = f'<span class="w">{shown(page_.caution)}</span> ' if page_.caution else ""
    answer = page_.answer if page_.caution else page_.sentence
    marked = shown(page_.not_said)
    return (
        f'<section><div class="lab">The answer</div><div class="a">{caution}{shown(answer)}</div>'
        f'<p class="under">{_bold_denial(marked)}</p></section>'
    )


def _bold_denial(words: str) -> str:
    """The sentence that says what the answer is not, set bold."""
    return re.sub(r"(This is not the probability[^.]*(?:\.(?! )[^.]*)*\.)", r"<b>\1</b>", words, count=1)


def _picture(contents: PackContents, one: Asked, page_: FindingPage, change: Callable[[str], str]) -> str:
    closest = one.of(Part.CLOSENESS)
    said = (
        f'<p class="n">{mark_svg("ring", "ctl", 9)} A control is a model that no one accuses. '
        f"{shown(number_of_questions(contents))} {shown(change(plan_in_brief(contents)))}</p>"
    )
    if page_.picture is None:
        return f"<section>{said}</section>"
    title = change(closest.page.brief) if closest else ""
    if closest and closest.page.placed:
        title = change(_placed_words(closest.page))
        said = said.replace("</p>", f" Finding {closest.exhibit.number}.</p>")
    return f"<section><h2>One picture: {shown(title)}</h2>{to_svg(page_.picture, 'a', klass='pic')}{said}</section>"


def _placed_words(page: FindingPage) -> str:
    own = next(one for one in page.placed if one.suspect)
    others = [one for one in page.placed if not one.suspect]
    ahead = sum(one.value >= own.value for one in others)
    count = "all" if not ahead else f"{len(others) - ahead} of"
    return f"{page.suspect} is closer to {page.protected} than {count} {len(others)} controls are"


def _other_questions(others: tuple[Asked, ...], change: Callable[[str], str]) -> str:
    if not others:
        return ""
    rows = "".join(
        f"<dt>{shown(change(one.words))}</dt><dd>{shown(change(one.page.sentence))}</dd>" for one in others[:_MORE]
    )
    more = len(others) - _MORE
    rest = f"<p>{more} more in the report, each on a page of its own.</p>" if more > 0 else ""
    return f'<section><h2>Asked as well</h2><dl class="also">{rows}</dl>{rest}</section>'


def _how_sure(one: Asked, change: Callable[[str], str]) -> str:
    sure = how_sure(one)
    rest = sure.outside.removeprefix(sure.named)
    outside = f'<p class="w"><b>{sure.named}</b>{shown(change(rest))}</p>' if sure.outside else ""
    return f'<div class="card"><h2>How sure?</h2><p>{shown(change(sure.said))}</p>{outside}</div>'


def _limits(one: Asked, change: Callable[[str], str]) -> str:
    items = "".join(f"<li>{shown(change(words))}</li>" for words in three_limits(one))
    return f'<div class="card"><h2>Three limits</h2><ol>{items}</ol></div>'


def _not_found(one: Asked, change: Callable[[str], str]) -> str:
    items = "".join(f"<li>{_NONE}{shown(change(f'{what}: {said}'))}</li>" for what, said in one.page.not_found[:_MORE])
    empty = f"<li>{_NONE}Nothing else was asked.</li>"
    return f'<div class="card"><h2>Looked for, and not found</h2><ul class="nul">{items or empty}</ul></div>'


def _link(path: str) -> str:
    return f'<a href="{path}">{path.rpartition("/")[2]}</a>'


def _reading(contents: PackContents) -> str:
    return f"{_link(f'{REPORT}summary_1page.pdf')}: this answer on paper. Then " if asked(contents) else ""


def _who(contents: PackContents, bagged: Bagged) -> str:
    runs = counted(len(contents.findings), "run", "runs")
    viewer = f" Read the answers themselves in {_link(f'{EXHIBITS}viewer.html')}." if bagged.exhibits else ""
    ask = "" if contents.include_originals else " This copy is without the original data: ask for the full pack."
    cards = (
        (
            "Lawyer",
            f"{_reading(contents)}{_link('data/01_report/report.pdf')} (the same text for a browser: "
            f"{_link('data/01_report/report.html')}, for Word: {_link('data/01_report/report.docx')}).{viewer}",
        ),
        (
            "IT",
            f"{_link('HOW_TO_CHECK.txt')}: five minutes, nothing to install. Get the hash of the zip from the covering "
            f"letter, not from here. {_link('SEAL_STATUS.txt')}: who sealed it, and when.{ask}",
        ),
        (
            "Expert",
            f"{_link('data/05_analysis/replay.md')} computes every number again, "
            f"{_link('data/05_analysis/method.md')} says how to write the scores from nothing. All {runs}: "
            f"{_link('data/05_analysis/runs.csv')}. Results: {_link('data/05_analysis/results.json')}. Log: "
            f"{_link('data/06_custody/audit_log.jsonl')}. {_link('data/05_analysis/check_pack.py.txt')} checks all "
            "files without this program.",
        ),
    )
    inside = "".join(f'<div class="card"><h2>{name}</h2><p>{said}</p></div>' for name, said in cards)
    return f'<div class="who">{inside}</div>'


def _check(bagged: Bagged) -> str:
    lines = "".join(
        f'<b>{system}</b><code>{escape(line)}</code><span class="n">{where}</span>'
        for system, where, line in zip_checks(f"{bagged.top}.zip")
    )
    return (
        '<section><h2>Check the zip in one line <span class="n">in the folder that holds it, before unpacking; HASH is '
        f'the 64 characters of the covering letter</span></h2><div class="chk">{lines}</div></section>'
    )


def _foot(contents: PackContents, bagged: Bagged) -> str:
    included = "originals included" if contents.include_originals else "originals left out"
    return (
        f"<footer><span>Pack {contents.number:02d} supersedes {escape(superseded(contents))}</span>"
        f"<span>{counted(bagged.files, 'file', 'files')}, {size(bagged.size)}, {included}</span>"
        f'<span>Log before this pack, line {len(contents.ledger_lines)} <span class="hash">'
        f"{grouped(contents.head, 4)} …</span></span>"
        "<span>A hash that is read only here proves nothing: whoever rewrites the whole log and the lists can "
        "change this "
        "page too. Compare with the covering letter.</span></footer>"
    )
