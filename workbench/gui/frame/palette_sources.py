"""What the palette offers: commands of the table, pages, and the models and findings of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from workbench.core.model import Role
from workbench.gui.frame.action_set import ActionSet
from workbench.gui.frame.command_palette import COMMANDS, FINDINGS, TERMS, Offer
from workbench.gui.words import count, tr

if TYPE_CHECKING:
    from workbench.app.desk.index import CaseIndex, Model

Go = Callable[[str], None]


def commands(actions: ActionSet) -> Iterator[Offer]:
    """All that can be done, and, with its reason, what can't be done now."""
    for act, action, why in actions.bound():
        page = act.key.startswith("page.") and act.key != "page.filter"
        yield Offer(
            group=tr("Go to") if page else tr("Do"),
            said=_plain(action.text()),
            act=action.trigger,
            beside=action.statusTip(),
            icon=act.icon,
            keys=actions.keys_of(act.key),
            why_not=why,
            scope=COMMANDS,
        )


def models(index: CaseIndex, go: Go, actions: ActionSet) -> Iterator[Offer]:
    """The models of the case, each with what can be done with it."""
    suspects = [model.name for model in index.models if model.role == Role.SUSPECT]
    suspect = suspects[0] if suspects else ""
    for model in index.models:
        yield Offer(
            group=tr("Models"),
            said=model.name,
            act=_to(go, f"corpora/{model.name}"),
            beside=_facts(model),
            role="late" if model.late else model.role,
            more=_more(model, suspect, go, actions),
        )


def _more(model: Model, suspect: str, go: Go, actions: ActionSet) -> Callable[[], Sequence[Offer]]:
    def offers() -> Sequence[Offer]:
        group = tr("Do with it")
        made = [
            Offer(
                group,
                tr("Read the answers of {name}", name=model.name),
                _to(go, f"answers/of:{model.name}"),
                icon="answer",
            )
        ]
        if suspect and model.name != suspect:
            said = tr("Compare {name} with {suspect}", name=model.name, suspect=suspect)
            place = f"answers/compare:{suspect}|{model.name}"
            made.append(Offer(group, said, _to(go, place), tr("prompt by prompt"), icon="link", keys="C"))
        made.append(
            Offer(group, tr("Show {name} on the map", name=model.name), _to(go, f"map/{model.name}"), icon="tree")
        )
        facts, why = actions["corpora.correct"], ""
        if not facts.isEnabled():
            why = facts.toolTip()
        state = tr("State facts of {name}…", name=model.name)
        made.append(Offer(group, state, _to(go, f"corpora/facts:{model.name}"), icon="pen", why_not=why))
        return made

    return offers


def findings(index: CaseIndex, go: Go) -> Iterator[Offer]:
    """The findings of the case."""
    for found in index.findings:
        status = tr("confirmatory") if found.confirmatory else tr("exploratory")
        beside = f"{found.headline[:120]}, {tr('withdrawn') if found.withdrawn else status}"
        yield Offer(
            group=tr("Findings"),
            said=f"{found.number}  {found.question}",
            act=_to(go, f"findings/{found.number}"),
            beside=beside,
            icon="lock" if found.confirmatory else "compass",
            scope=FINDINGS,
        )


def documents(index: CaseIndex, go: Go) -> Iterator[Offer]:
    """The documents of the case that stand."""
    for one in index.documents:
        beside = ", ".join(filter(None, (tr(one.kind), one.author)))
        yield Offer(tr("Documents"), one.title, _to(go, f"documents/{one.number}"), beside, icon="document")


def terms(typed: str, go: Go) -> Iterator[Offer]:
    """The words of the glossary, once something is typed."""
    if not typed:
        return
    from workbench.app.desk.help import glossary

    for term in glossary():
        yield Offer(
            group=tr("Glossary"),
            said=term.word,
            act=_to(go, f"help/glossary:{term.word}"),
            beside=term.meaning,
            icon="help",
            scope=TERMS,
        )


def search_for(typed: str, index: CaseIndex, go: Go) -> Iterator[Offer]:
    """The search in all answers for what was typed."""
    if typed and index.answers:
        said = count(index.answers, "Find “{typed}” in {n} answer", "Find “{typed}” in {n} answers", typed=typed)
        yield Offer(tr("Answers"), said, _to(go, f"answers/find:{typed}"), icon="search", always=True)


def _facts(model: Model) -> str:
    said = [tr(model.role), count(model.answers, "{n} answer", "{n} answers")]
    if model.late:
        said.insert(1, tr("too late to be a source"))
    if model.base:
        said.append(tr("base {base}", base=model.base))
    return ", ".join(said)


def _to(go: Go, place: str) -> Callable[[], None]:
    return lambda: go(place)


def _plain(said: str) -> str:
    return said.replace("&&", "\x00").replace("&", "").replace("\x00", "&")
