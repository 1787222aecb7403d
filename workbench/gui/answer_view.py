"""One answer with its prompt, beside the bytes of the file that it came from."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QTextBrowser, QWidget

from workbench.core.fulltext import Query, found_in
from workbench.core.model import Json
from workbench.core.text import visible
from workbench.gui.widgets import fixed_font

if TYPE_CHECKING:
    from workbench.app.session import Session

_MOST = 200_000
_MARKED = 500
_MARK = '<span style="background-color: #ffd866; color: #000000">'


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """An answer as it is shown: its place and what was seen of it as lines, its texts, and its raw record."""

    lines: tuple[str, ...]
    prompt: str
    text: str
    raw: str
    raw_said: str


def read_answer(session: Session, number: int) -> AnswerSeen:
    """Read an answer and the record it came from; secrets are masked in both."""
    shown = session.answer(number)
    found, raw, disagrees = shown.answer, shown.raw, shown.disagrees
    lines = [
        f"Answer {found.number} of {found.corpus}",
        f"{found.source.name}, {shown.place}, read by {found.importer}",
        f"SHA-256 of the file {found.source.sha256}",
    ]
    lines += [f"Flags: {', '.join(found.flags)}"] if found.flags else []
    lines += [f"Sample {found.sample}"] if found.sample else []
    lines += [f"Time {found.time}"] if found.time else []
    lines.append(_examined(found.seen))
    lines += [_masked(found.masked)] if found.masked else []
    prompt = found.prompt if found.prompt is not None else f"unknown (its id is {found.prompt_key})"
    cut = f"The first {raw.shown:,} of {raw.length:,} bytes" if raw.shown < raw.length else f"{raw.length:,} bytes"
    said = f"It can't be shown: {raw.why}" if raw.why else f"{cut} of the record as it is read, secrets masked:"
    said = f"{disagrees}\n{said}" if disagrees else said
    return AnswerSeen(tuple(lines), prompt, found.text, raw.text, said)


def _masked(number: int) -> str:
    return f"{number} secret{' is' if number == 1 else 's are'} masked."


def _examined(seen: Json) -> str:
    if seen is None:
        return "Not yet examined."
    marks = [mark.replace("_", " ") for mark in seen["marks"]]
    marks += ["near duplicate"] if seen["near_duplicate"] else []
    marks += [f"like {seen['like_other_corpora']} of other corpora"] if seen["like_other_corpora"] else []
    return f"Language {seen['language']} ({seen['sure']:.2f}); marks: {', '.join(marks) or 'none'}."


class AnswerView(QSplitter):
    """Shows the answer on the left and the record as it stands in the file on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.answer = QTextBrowser()
        self.answer.setOpenLinks(False)
        self.answer.setAccessibleName("The answer")
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        self.raw.setAccessibleName("The record as it stands in the file")
        self.raw.setFont(fixed_font())
        for view in (self.answer, self.raw):
            view.setTabChangesFocus(True)
            self.addWidget(view)
        self.setSizes([560, 440])
        self.setChildrenCollapsible(False)

    def forget(self) -> None:
        """Show nothing."""
        self.answer.clear()
        self.raw.clear()

    def show_answer(self, seen: AnswerSeen, query: Query | None) -> None:
        """Show an answer with the words of a query marked."""
        first, *more = (html.escape(visible(line)) for line in seen.lines)
        parts = [f"<h4>{first}</h4>", *(f"<div>{line}</div>" for line in more)]
        parts += ["<h4>Prompt</h4>", _marked(seen.prompt, query), "<h4>Answer</h4>", _marked(seen.text, query)]
        self.answer.setHtml("".join(parts))
        self.raw.setPlainText(f"{seen.raw_said}\n\n{visible(seen.raw)}")


def _marked(text: str, query: Query | None) -> str:
    """A text as markup in which the words that were searched for are marked; nothing in it is taken for markup."""
    shown = text[:_MOST]
    spans = _spans(shown, query)
    pieces, at = [], 0
    for start, end in spans:
        pieces += [_safe(shown[at:start]), _MARK, _safe(shown[start:end]), "</span>"]
        at = end
    pieces.append(_safe(shown[at:]))
    rest = f"<p><i>… {len(text) - _MOST:,} more characters</i></p>" if len(text) > _MOST else ""
    return f'<div style="white-space: pre-wrap">{"".join(pieces)}</div>{rest}'


def _spans(text: str, query: Query | None) -> Sequence[tuple[int, int]]:
    if query is None:
        return ()
    return [span for span, _ in zip(found_in(text, query), range(_MARKED), strict=False)]


def _safe(text: str) -> str:
    return html.escape(visible(text))
