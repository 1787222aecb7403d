"""What the page of answers reads of a case, each in one call beside the thread of the window."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.core.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.app.desk.answers import Asked, Beside, Hits, Raw, Row, Who
    from workbench.app.desk.passages import Passage
    from workbench.app.session import Session
    from workbench.core.exhibits import Mark


def whos_and_prompts(session: Session) -> tuple[dict[str, Who], tuple[int, ...]]:
    """Who is there, and all prompts in order of first appearance."""
    from workbench.app.desk.answers import all_prompts, whos

    return whos(session), all_prompts(session)


def first_rows(session: Session, asked: Asked) -> tuple[array[int], list[Row]] | WorkbenchError:
    """The first answers that are listed, with their rows; a search that is none comes back as its error."""
    from workbench.app.desk.answers import PAGE, numbers_of, rows_of

    try:
        numbers = numbers_of(session, asked, limit=PAGE)
        return numbers, rows_of(session, asked, numbers)
    except WorkbenchError as error:
        return error


def all_numbers(session: Session, asked: Asked) -> array[int]:
    """The numbers of all answers that are listed."""
    from workbench.app.desk.answers import numbers_of

    return numbers_of(session, asked)


def rows_of_window(session: Session, asked: Asked, numbers: list[int]) -> list[Row]:
    """The rows of a window of the list."""
    from workbench.app.desk.answers import rows_of

    return rows_of(session, asked, numbers)


def prompts_found(session: Session, asked: Asked) -> list[Row] | WorkbenchError:
    """The prompts that hold the words; a search that is none comes back as its error."""
    from workbench.app.desk.answers import prompt_rows

    try:
        return prompt_rows(session, asked)
    except WorkbenchError as error:
        return error


def hits_counted(session: Session, asked: Asked) -> Hits | WorkbenchError:
    """What is found, counted by corpus; a search that is none comes back as its error."""
    from workbench.app.desk.answers import count_hits

    try:
        return count_hits(session, asked)
    except WorkbenchError as error:
        return error


def first_answered(session: Session, names: Sequence[str]) -> int:
    """The first prompt that some corpora answered."""
    from workbench.app.desk.answers import first_prompt

    return first_prompt(session, names)


def prompt_of(session: Session, number: int) -> int:
    """The prompt of an answer; 0 where it is not known."""
    found = session.browse.listed([number])
    return found[0].prompt if found else 0


def side_by_side(
    session: Session, prompt: int, wanted: Sequence[str], number: int, own: str, prompts: Sequence[int]
) -> Beside:
    """A prompt side by side; `own` is a corpus whose answer shall have a column."""
    from workbench.app.desk.answers import beside

    if own and not number:
        number = next(iter(session.browse.answers_to(prompt).get(own, ())), 0)
    return beside(session, prompt, wanted, number, prompts)


def alone_of(session: Session, number: int) -> Beside:
    """An answer whose prompt is not known."""
    from workbench.app.desk.answers import alone

    return alone(session, number)


def bytes_of(session: Session, number: int) -> Raw:
    """The bytes behind an answer."""
    from workbench.app.desk.answers import raw_of

    return raw_of(session, number)


def written_elsewhere(session: Session, rare: Sequence[Passage], prompt: int) -> list[tuple[str, int]]:
    """How many answers of controls to other prompts hold each of some passages."""
    from workbench.app.desk.answers import elsewhere

    return [(passage.words, elsewhere(session, passage.words, prompt)) for passage in rare]


def marks_of(session: Session) -> dict[int, frozenset[Mark]]:
    """The marks of answers by their numbers."""
    return {number: some for number, some in session.exhibits.register().marks.items() if some}
