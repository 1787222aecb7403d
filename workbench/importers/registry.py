"""The formats: one importer for each.

Archives, whose files are each of some format, are read by two importers more; `choose` puts them beside these.
"""

from __future__ import annotations

from workbench.importers.base import Importer
from workbench.importers.formats.arrow import MappedArrow
from workbench.importers.formats.batches.anthropic_batch import AnthropicBatch
from workbench.importers.formats.batches.bedrock import BedrockBatch, BedrockLog
from workbench.importers.formats.batches.gemini_batch import GeminiBatch
from workbench.importers.formats.batches.openai_batch import OpenAIBatch
from workbench.importers.formats.call_logs.call_log import CallRecords, ChatLog
from workbench.importers.formats.call_logs.claude_code import ClaudeCode
from workbench.importers.formats.call_logs.codex import Codex
from workbench.importers.formats.call_logs.har import Har
from workbench.importers.formats.call_logs.helicone import Helicone
from workbench.importers.formats.call_logs.langfuse import Langfuse
from workbench.importers.formats.call_logs.langsmith import LangSmith
from workbench.importers.formats.call_logs.litellm import LiteLlm
from workbench.importers.formats.call_logs.mlflow import MlflowTraces
from workbench.importers.formats.call_logs.spans import GenAiSpans
from workbench.importers.formats.conversations.ai_studio import AiStudio
from workbench.importers.formats.conversations.chat_corpora import ChatCorpora
from workbench.importers.formats.conversations.chatgpt import ChatGpt
from workbench.importers.formats.conversations.claude_ai import ClaudeAi
from workbench.importers.formats.conversations.deepseek import DeepSeek
from workbench.importers.formats.conversations.grok import Grok
from workbench.importers.formats.conversations.librechat import LibreChat
from workbench.importers.formats.conversations.llama_cpp import LlamaCpp
from workbench.importers.formats.conversations.lm_studio import LmStudio
from workbench.importers.formats.conversations.markdown_chat import MarkdownChat
from workbench.importers.formats.conversations.message_rows import MessageRows
from workbench.importers.formats.conversations.oasst import OasstMessages, OasstTrees
from workbench.importers.formats.conversations.open_webui import OpenWebUi
from workbench.importers.formats.conversations.sharegpt import ShareGPT
from workbench.importers.formats.conversations.silly_tavern import SillyTavern
from workbench.importers.formats.conversations.text_generation_webui import TextGenerationWebUi
from workbench.importers.formats.conversations.web_page import WebPage
from workbench.importers.formats.evaluations.alpaca_eval import AlpacaEval
from workbench.importers.formats.evaluations.fastchat import FastChat
from workbench.importers.formats.evaluations.helm import Helm
from workbench.importers.formats.evaluations.inspect_log import InspectJson, InspectLog
from workbench.importers.formats.evaluations.lm_eval import LmEval
from workbench.importers.formats.evaluations.promptfoo import Promptfoo, PromptfooTable
from workbench.importers.formats.kit_sheet import KitSheet, KitXlsx
from workbench.importers.formats.parquet import ChatParquet, MappedParquet
from workbench.importers.formats.training_sets.alpaca import Alpaca
from workbench.importers.formats.training_sets.distilabel import Distilabel
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
    GeminiBatch(),
    BedrockBatch(),
    BedrockLog(),
    ClaudeCode(),
    Codex(),
    ClaudeAi(),
    ChatGpt(),
    DeepSeek(),
    Grok(),
    OpenWebUi(),
    LibreChat(),
    LmStudio(),
    SillyTavern(),
    TextGenerationWebUi(),
    LlamaCpp(),
    AiStudio(),
    Promptfoo(),
    PromptfooTable(),
    LangSmith(),
    GenAiSpans(),
    MlflowTraces(),
    Distilabel(),
    OasstTrees(),
    OasstMessages(),
    MessageRows(),
    MarkdownChat(),
    WebPage(),
    KitSheet(),
    MappedJson(),
    MappedJsonLines(),
    MappedObject(),
    MappedCsv(),
    InspectLog(),
    InspectJson(),
    ChatParquet(),
    MappedParquet(),
    MappedArrow(),
    KitXlsx(),
    MappedXlsx(),
)
