"""The names that people give to prompts, answers and what stands beside them, in a dozen languages.

Names are compared as `spelled` writes them: small letters, words joined by `_`. A name further up in its list is the
likelier one where a file has several of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "prompt": (
        "prompt", "user_prompt", "full_prompt", "prompt_text", "final_prompt", "question", "question_text",
        "instruction", "query", "user_query", "user_question", "user_message", "user_input", "input_text",
        "human_message", "user", "human", "problem", "task", "input", "inputs", "request", "ask", "asked", "message",
        "source_text", "source", "q", "content", "text", "frage", "eingabe", "aufgabe", "anfrage", "aufforderung",
        "entrée", "entree", "requête", "requete", "consigne", "invite", "énoncé", "pregunta", "consulta", "entrada",
        "instrucción", "instruccion", "solicitud", "pergunta", "instrução", "domanda", "richiesta", "vraag",
        "opdracht", "fråga", "spørgsmål", "pytanie", "otázka", "soru", "kysymys", "问题", "提问", "提示", "提示词",
        "指令", "输入", "用户输入", "用户", "題目", "題", "問題", "提問", "指示", "輸入", "質問", "プロンプト",
        "入力", "設問", "질문", "프롬프트", "입력", "문제", "вопрос", "запрос", "промпт", "задание", "питання",
        "سؤال", "السؤال", "प्रश्न", "câu_hỏi", "pertanyaan",
    ),
    "response": (
        "model_output", "model_response", "model_answer", "model_completion", "model_reply", "model_generation",
        "model_prediction", "system_output", "system_response", "llm_output", "llm_response", "llm_answer",
        "ai_response", "ai_answer", "ai_output",
        "assistant_response", "assistant_message", "assistant_reply", "assistant_answer", "bot_response",
        "bot_reply", "bot_message", "generated_text", "generated_answer", "generated_response", "generated_output",
        "generated", "final_answer", "final_response", "output_text", "response_text", "response_content",
        "answer_text", "completion_text", "raw_response", "raw_output", "response", "completion", "generation",
        "prediction", "predicted_answer", "pred", "reply", "output", "answer", "assistant", "bot", "chatbot", "gpt",
        "ai", "chosen", "candidate", "hypothesis", "outputs", "responses", "completions", "generations", "answers",
        "result", "returned", "a", "text", "content", "message", "body", "antwort", "ausgabe", "modellantwort",
        "erwiderung", "réponse", "reponse", "sortie", "complétion", "respuesta", "salida", "contestación",
        "resposta", "saída", "risposta", "antwoord", "uitvoer", "svar", "odpowiedź", "odpowiedz", "odpověď", "cevap",
        "vastaus", "回答", "答案", "回复", "答复", "输出", "模型回答", "模型输出", "模型回复", "回應", "回覆",
        "輸出", "答え", "応答", "出力", "解答", "답변", "응답", "출력", "대답", "ответ", "вывод", "відповідь",
        "إجابة", "الإجابة", "उत्तर", "câu_trả_lời", "trả_lời", "jawaban",
    ),
    "model": (
        "returned_model", "response_model", "model", "model_name", "model_id", "model_slug", "model_version",
        "generator", "engine", "deployment", "deployment_name", "deployment_id", "llm", "llm_name", "llm_model",
        "chat_model", "ai_model", "model_used", "modelname", "modelid", "requested_model", "source_model", "modell",
        "modellname", "modèle", "modele", "modelo", "modello", "模型", "模型名称", "モデル", "モデル名", "모델",
        "модель",
    ),
    "prompt_key": (
        "prompt_id", "question_id", "prompt_key", "promptid", "questionid", "custom_id", "qid", "query_id",
        "item_id", "task_id", "problem_id", "example_id", "instance_id", "doc_id", "request_id", "input_id", "id",
        "uid", "uuid", "guid", "key", "@key", "idx", "index", "no", "nr", "number", "row_id", "frage_id",
        "fragen_id", "pregunta_id", "编号", "序号", "番号", "번호", "номер",
    ),
    "time": (
        "time", "timestamp", "created", "created_at", "created_time", "ts", "tstamp", "datetime", "date_time",
        "date", "completed_at", "finished_at", "response_time", "generated_at", "request_time", "requested_at",
        "logged_at", "recorded_at", "collected_at", "inserted_at", "event_time", "start_time", "started_at",
        "end_time", "ended_at", "updated_at", "creation_time", "time_stamp", "utc", "unix_time", "at", "when", "zeit",
        "zeitpunkt", "zeitstempel", "datum", "uhrzeit", "erstellt", "erstellt_am", "horodatage", "heure", "fecha",
        "hora", "fecha_hora", "data", "时间", "日期", "时间戳", "時間", "日時", "日付", "時刻", "시간", "날짜",
        "дата", "время",
    ),
    "sample": (
        "sample", "sample_index", "sample_id", "sample_no", "sample_number", "sample_idx", "repeat", "repetition",
        "rep", "replicate", "trial", "trial_id", "attempt", "epoch", "run", "run_number", "run_index", "iteration",
        "iter", "draw", "completion_index", "choice_index", "generation_index", "seed", "index", "idx", "n", "k",
        "i", "durchlauf", "wiederholung", "versuch", "lauf", "essai", "répétition", "intento", "repetición", "样本",
        "次数", "轮次", "試行", "попытка",
    ),
}  # fmt: skip
WEAK = frozenset((
    "text", "content", "message", "body", "source", "user", "human", "input", "request", "result", "a", "q", "ai",
    "bot", "gpt", "candidate", "data", "when", "number", "ask", "asked", "returned", "task", "problem", "index",
    "idx", "n", "k", "i", "no", "nr", "key", "date", "response_time",
))  # fmt: skip
"""Names that stand for much else too, so that what stands there has to look the part."""

LISTS = frozenset(("inputs", "outputs", "responses", "completions", "generations", "answers"))

_OTHERWISE = frozenset((
    "expected", "expect", "reference", "references", "ref", "gold", "golden", "target", "truth", "correct", "ideal",
    "label", "labels", "baseline", "rejected", "worst", "previous", "prev", "old", "original", "reasoning", "reason",
    "thinking", "thought", "thoughts", "cot", "explanation", "rationale", "judge", "judged", "judgement", "judgment",
    "score", "scores", "rating", "grade", "feedback", "critique", "comment", "error", "errors", "system", "length",
    "len", "tokens", "token", "count", "time", "latency", "ms", "seconds", "duration", "hash", "sha", "sha256",
    "md5", "url", "uri", "type", "lang", "language", "format", "role", "status", "code", "category", "finish",
    "stop", "cost", "price", "logprobs", "logprob", "embedding", "embeddings", "num", "version", "config", "params",
    "date", "at", "is", "has", "erwartet", "referenz", "erwartete", "attendue", "attendu", "esperada", "esperado",
    "参考", "参考答案", "标准答案", "正解", "эталон", "system_prompt", "id", "ids", "uuid", "index", "idx", "key",
    "no", "number", "name", "title", "topic", "subject", "tags", "tag", "user_id", "metadata", "meta", "settings",
))  # fmt: skip
_SUFFIXES = frozenset((
    "text", "content", "body", "raw", "str", "string", "a", "b", "c", "1", "2", "3", "0", "01", "02", "one", "two",
    "first", "de", "la", "del", "du", "der", "des", "das",
))  # fmt: skip
_LONG = 5
_LONGEST = 200
"""Characters of a name that are looked at: what is longer is no name, and may be made to cost time."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\s\-./:()\[\]{}#,;|?!*“”\"'’]+")
_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)")


def spelled(name: str) -> str:
    """The beginning of the name in small letters, its words joined by `_`."""
    words = _BETWEEN.sub("_", _CAMEL.sub("_", unicodedata.normalize("NFKC", name[:_LONGEST]).strip()))
    return re.sub("_+", "_", words).strip("_").casefold()


def names_something_else(name: str) -> bool:
    """Whether a word in a spelled name says that it is neither prompt nor answer, but something about them."""
    return bool(_OTHERWISE & set(name.split("_"))) or name in _OTHERWISE


def likeness(key: str, name: str) -> float:
    """How well a spelled name stands for `key`, from 0 to 100."""
    usual = NAMES[key]
    if name in usual:
        return (60.0 if name in WEAK else 100.0) - 30.0 * usual.index(name) / len(usual)
    if key not in ("prompt", "response") or names_something_else(name):
        return _ending(key, name)
    words = [w for word in name.split("_") for w in _DIGITS.sub("_", word).split("_") if w]
    bare = [word for word in words if word not in _SUFFIXES]
    if not bare:
        return 0.0
    strong = [word in usual and word not in WEAK for word in bare]
    if strong[-1]:
        return 65.0 - 10.0 * usual.index(bare[-1]) / len(usual)
    if any(strong):
        return 50.0
    whole = "".join(bare)
    last = any(whole.endswith(n) for n in usual if len(n) > _LONG or (len(n) > 1 and not n.isascii()))
    return 45.0 if len(bare) == 1 and last else 0.0


def _ending(key: str, name: str) -> float:
    """Of labels the name's end counts: `azure_deployment_name`, `gen_model`, `gmt_created_at`."""
    if key not in ("model", "time"):
        return 0.0
    ends = [n for n in NAMES[key] if n not in WEAK and len(n) > 3 and name.endswith(f"_{n}")]
    return 55.0 if ends else 0.0
