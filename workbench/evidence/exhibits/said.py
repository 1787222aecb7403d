"""What is said of an exhibit: why it is here, what it does not show, and who reviewed it."""

from __future__ import annotations

from workbench.core.exhibits import Picker, State
from workbench.core.printed import minute
from workbench.core.text import counted, one_line
from workbench.evidence.exhibits.passages import words_of
from workbench.evidence.exhibits.shown import ShownExhibit


def why(one: ShownExhibit) -> str:
    """Why an exhibit is here: in the examiner's words, or what the program can count."""
    choice = one.entry.choice
    if choice.why:
        return choice.why
    if one.finding is not None:
        return f"It shows finding {one.finding.exhibit.number}: {one.finding.page.sentence}"
    if not one.passages:
        return f"{one_line(one.entry.examiner, 60)} chose it by hand."
    first, length = one.columns[0], counted(len(words_of(one.passages[0].words)), "word", "words")
    pair = len(one.columns) > 1
    beside = f"{first.model} and {one.columns[1].model} share" if pair else f"{first.model} writes"
    said = f"{beside} a passage of {length} in {'their answers' if pair else 'its answer'} to this prompt"
    if choice.picker is Picker.RULE and one.against:
        return f"{said}, which neither the suspect nor any of the {one.controls} other controls wrote."
    wrote = one.passages[0].controls or "none"
    return f"{said}, which {wrote} of the {one.controls} controls wrote." if one.controls else f"{said}."


def does_not_show(one: ShownExhibit) -> str:
    """What an exhibit does not show: in the examiner's words, or what holds of all of its kind."""
    choice = one.entry.choice
    if choice.not_shown:
        return choice.not_shown
    if choice.finding is not None:
        return "More than the finding says. Its limits stand on its page in the report and belong to this exhibit too."
    if not one.columns:
        return "Anything: what it shows is not in this pack."
    if one.against:
        return f"That {one.columns[0].model} learned from anyone: controls share rare passages too."
    if not one.passages:
        return "How usual such an answer is. An answer that was chosen by hand is no sample."
    return "Where the passage comes from. One passage is no finding: controls have rare ones too, counted by the rule."


def counted_before(one: ShownExhibit) -> str:
    """What was counted when an exhibit was chosen, where it is counted otherwise now; empty where it is the same."""
    choice = one.entry.choice
    now = (one.passages[0].controls, one.controls) if one.passages else None
    if now is None or not choice.compared or now == (choice.controls, choice.compared):
        return ""
    return f"When it was chosen, {choice.controls} of {choice.compared} controls were counted with it."


def reviews(one: ShownExhibit) -> list[str]:
    """Who reviewed an exhibit, how, and whether blind."""
    return [
        f"{one_line(review.examiner, 60)}{', blind' if review.blind else ''}: {review.state}, "
        f"{minute(review.time)}{f'. {review.reason}' if review.reason else ''}"
        for review in one.entry.reviews
        if review.state is not State.TO_CHECK
    ]
