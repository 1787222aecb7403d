"""The formats: one importer for each.

Archives, whose files are each of some format, are read by two importers more; `choose` puts them beside these.
"""

from __future__ import annotations

from workbench.importers.base import Importer
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
from workbench.importers.formats.training_sets.alpaca import Alpaca
from workbench.importers.formats.training_sets.openai_tuning import OpenAITuning
from workbench.importers.mapping.json_files import MappedJson, MappedJsonLines, MappedObject
from workbench.importers.mapping.tables import MappedCsv, MappedXlsx

FORMATS: tuple[Importer, ...] = (
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
)
