"""The verb for traces that saving left in answers: listed, taken out before comparing, or kept for a reason."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.artefacts import KEPT, NORMALISED, ArtefactKind
from workbench.core.errors import UsageError
from workbench.core.surroundings import Conditions


def add_options(parser: ArgumentParser) -> None:
    """The options of `artefacts`."""
    parser.add_argument("--for", metavar="NAME", dest="corpus", help="settle a kind of trace in this corpus")
    parser.add_argument("--kind", metavar="KIND", choices=list(ArtefactKind), help="which kind, as the list names it")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--normalise", action="store_true", help="take it out of the answers before they are compared")
    what.add_argument("--keep", action="store_true", help="compare the answers as they are; needs --reason")
    parser.add_argument("--reason", metavar="T", default="", help="why it is settled so; it stands in the ledger")


def artefacts(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the traces of saving that nearly all answers of a corpus have and most others have not, or settle one."""
    settling = options.normalise or options.keep
    if settling and not (options.corpus and options.kind):
        raise UsageError("Settling names a corpus and a kind.", hint="--for NAME --kind KIND, as the list has them")
    if not settling and (options.corpus or options.kind or options.reason):
        raise UsageError("What is to be done with it is not said.", hint="--normalise, or --keep with --reason T")
    with opened(options, conditions, writing=settling) as session:
        if settling:
            how = KEPT if options.keep else NORMALISED
            found = session.settle_artefact(options.corpus, options.kind, how, options.reason)
        else:
            found = session.artefacts()
    rows = [
        (
            one.artefact.corpus,
            str(one.artefact.kind),
            one.artefact.detail or "–",
            f"{100 * one.artefact.share:.0f} %",
            f"{100 * one.artefact.others:.0f} %",
            f"{one.how}: {one.reason}" if one.reason else one.how or "not settled",
        )
        for one in found
    ]
    lines = table(["corpus", "kind", "what", "answers", "elsewhere", "settled"], rows) if rows else []
    return Result({"artefacts": [one.as_json() for one in found]}, lines or ["No trace of saving was found."])
