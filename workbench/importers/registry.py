"""All importers, and which of them reads a file."""

from __future__ import annotations

from workbench.core.errors import UsageError
from workbench.importers.archive import Archive
from workbench.importers.base import Claim, Importer, Opened, Options
from workbench.importers.containers.file_kind import text_only
from workbench.importers.formats.batches.anthropic_batch import AnthropicBatch
from workbench.importers.formats.batches.openai_batch import OpenAIBatch
from workbench.importers.formats.call_logs.call_log import CallRecords, ChatLog
from workbench.importers.formats.call_logs.har import Har
from workbench.importers.formats.call_logs.helicone import Helicone
from workbench.importers.formats.call_logs.langfuse import Langfuse
from workbench.importers.formats.call_logs.litellm import LiteLlm
from workbench.importers.formats.conversations.chat_corpora import ChatCorpora
from workbench.importers.formats.conversations.sharegpt import ShareGPT
from workbench.importers.formats.evaluations.alpaca_eval import AlpacaEval
from workbench.importers.formats.evaluations.fastchat import FastChat
from workbench.importers.formats.evaluations.helm import Helm
from workbench.importers.formats.evaluations.inspect_log import InspectJson, InspectLog
from workbench.importers.formats.evaluations.lm_eval import LmEval
from workbench.importers.formats.kit_sheet import KitSheet, KitXlsx
from workbench.importers.formats.parquet import ChatParquet, MappedParquet
from workbench.importers.formats.text_files import TextFiles
from workbench.importers.formats.training_sets.alpaca import Alpaca
from workbench.importers.formats.training_sets.openai_tuning import OpenAITuning
from workbench.importers.mapping.json_files import MappedJson, MappedJsonLines, MappedObject
from workbench.importers.mapping.tables import MappedCsv, MappedXlsx

IMPORTERS: tuple[Importer, ...] = (
    AlpacaEval(),
    FastChat(),
    OpenAIBatch(),
    ChatLog(),
    OpenAITuning(),
    AnthropicBatch(),
    ShareGPT(),
    Alpaca(),
    LmEval(),
    Helm(),
    ChatCorpora(),
    LiteLlm(),
    Langfuse(),
    Helicone(),
    CallRecords(),
    Har(),
    KitSheet(),
    MappedJson(),
    MappedJsonLines(),
    MappedObject(),
    MappedCsv(),
    InspectLog(),
    InspectJson(),
    ChatParquet(),
    MappedParquet(),
    KitXlsx(),
    MappedXlsx(),
    Archive(),
    TextFiles(),
)
ARCHIVE = Archive.container


def claim(opened: Opened, options: Options | None = None) -> list[tuple[Importer, Claim]]:
    """The importers that recognise the content; with a mapping in the options only the mapped ones are asked.

    What an archive holds is mapped file by file. Raises BadInputError for a file that is neither text nor
    a container.
    """
    if not opened.container:
        text_only(opened)
    mapped = bool(options and options.mapping)
    fitting = [i for i in IMPORTERS if i.container == opened.container]
    asked = [(i, i.sniff(opened)) for i in fitting if i.asked_only is mapped or i.container == ARCHIVE]
    return [(importer, found) for importer, found in asked if found is not None]


def by_key(key: str) -> Importer:
    """The importer of that name; raises UsageError for an unknown one.

    `archive:KEY` reads every file in an archive by the importer `KEY`.
    """
    outer, inside, inner = key.partition(":")
    if inside and outer == Archive.key:
        return Archive(by_key(inner))
    for importer in IMPORTERS:
        if importer.key == key:
            return importer
    known = ", ".join(importer.key for importer in IMPORTERS)
    raise UsageError(f"There is no format “{key}”.", hint=f"The formats are: {known}.")
