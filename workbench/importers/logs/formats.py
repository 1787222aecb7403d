"""The formats of usage logs: for each column the fields that hold it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from workbench.core.errors import UsageError
from workbench.core.logs import COLUMNS, LogFormat

LITELLM = LogFormat(
    "litellm",
    "LiteLLM spend logs",
    {
        "ts": ("startTime",),
        "account": ("api_key", "user", "end_user", "team_id"),
        "key": ("api_key",),
        "session": ("session_id",),
        "organisation": ("team_id", "organization_id"),
        "prompt": ("messages", "proxy_server_request>messages", "proxy_server_request>body.messages"),
        "system": ("messages", "proxy_server_request>messages", "proxy_server_request>body.messages"),
        "response": ("response",),
        "request": ("request_id", "id"),
        "model": ("model_group", "model"),
        "endpoint": ("api_base",),
        "status": ("status",),
        "pt": ("prompt_tokens",),
        "ct": ("completion_tokens",),
        "address": ("requester_ip_address",),
        "user_agent": ("metadata>user_agent",),
    },
    (frozenset({"api_key", "spend", "startTime"}), frozenset({"api_key", "call_type", "startTime"})),
    traps=(
        "Times state no zone.",
        "Prompts and answers are there only with `store_prompts_in_spend_logs`; long ones are cut and say so "
        "(`litellm_truncated`).",
    ),
)

LANGFUSE = LogFormat(
    "langfuse",
    "Langfuse observations and traces",
    {
        "ts": ("startTime", "start_time", "timestamp"),
        "account": ("userId", "user_id", "trace.userId", "metadata.userId"),
        "session": ("sessionId", "session_id", "trace.sessionId"),
        "prompt": ("input",),
        "system": ("input",),
        "response": ("output",),
        "request": ("id",),
        "model": ("providedModelName", "provided_model_name", "model"),
        "status": ("level",),
        "pt": ("usageDetails.input", "usage.input", "promptTokens"),
        "ct": ("usageDetails.output", "usage.output", "completionTokens"),
        "latency": ("latency",),
    },
    (
        frozenset({"traceId", "startTime", "input"}),
        frozenset({"trace_id", "start_time", "input"}),
        frozenset({"observations", "userId"}),
    ),
    expand="langfuse",
    only=(("type",), ("GENERATION",)),
    traps=("The account is the trace's user: export traces with their observations.", "Applications may sample."),
)

HELICONE = LogFormat(
    "helicone",
    "Helicone export",
    {
        "ts": ("request_created_at",),
        "account": ("request_user_id", "user_id"),
        "session": ("request_properties>Helicone-Session-Id", "properties>Helicone-Session-Id"),
        "prompt": ("request_body",),
        "system": ("request_body",),
        "response": ("response_body",),
        "request": ("request_id",),
        "model": ("response_model", "request_model", "model"),
        "endpoint": ("target_url", "request_path"),
        "status": ("response_status", "status"),
        "pt": ("prompt_tokens",),
        "ct": ("completion_tokens",),
        "latency": ("delay_ms",),
        "country": ("country_code",),
    },
    (frozenset({"request_created_at", "request_id"}),),
    traps=("Bodies are there only with `--include-body`; the CSV export often has none.",),
)

BEDROCK = LogFormat(
    "bedrock",
    "Amazon Bedrock model invocation log",
    {
        "ts": ("timestamp",),
        "account": ("identity.arn", "accountId"),
        "organisation": ("accountId",),
        "prompt": ("input.inputBodyJson",),
        "system": ("input.inputBodyJson",),
        "response": ("output.outputBodyJson",),
        "request": ("requestId",),
        "model": ("modelId",),
        "region": ("region",),
        "endpoint": ("operation",),
        "status": ("errorCode",),
        "pt": ("input.inputTokenCount",),
        "ct": ("output.outputTokenCount",),
        "temperature": ("input.inputBodyJson.temperature", "input.inputBodyJson.inferenceConfig.temperature"),
    },
    (frozenset({"schemaType", "modelId", "requestId"}),),
    traps=(
        "Logging is off by default, and is switched on per region.",
        "Bodies over 100 KB lie in files of their own.",
    ),
)

OTEL = LogFormat(
    "otel",
    "OpenTelemetry spans (OTLP JSON)",
    {
        "ts": ("span.startTimeUnixNano",),
        "account": ("attr.`user.id`", "attr.`enduser.id`", "attr.`service.instance.id`", "attr.`service.name`"),
        "session": ("attr.`gen_ai.conversation.id`", "attr.`session.id`"),
        "prompt": ("attr.`gen_ai.input.messages`", "event.`gen_ai.user.message`", "attr.`gen_ai.prompt`"),
        "system": ("attr.`gen_ai.system_instructions`", "attr.`gen_ai.input.messages`"),
        "response": ("attr.`gen_ai.output.messages`", "event.`gen_ai.choice`", "attr.`gen_ai.completion`"),
        "request": ("span.spanId",),
        "model": ("attr.`gen_ai.response.model`", "attr.`gen_ai.request.model`"),
        "endpoint": ("attr.`gen_ai.operation.name`",),
        "address": ("attr.`client.address`",),
        "user_agent": ("attr.`user_agent.original`",),
        "pt": ("attr.`gen_ai.usage.input_tokens`",),
        "ct": ("attr.`gen_ai.usage.output_tokens`",),
        "temperature": ("attr.`gen_ai.request.temperature`",),
    },
    (frozenset({"resourceSpans"}),),
    expand="otel",
    only=(("attr.`gen_ai.request.model`", "attr.`gen_ai.response.model`"), ()),
    traps=("Content is opt-in.", "Spans are often sampled at the head."),
)

USAGE = LogFormat(
    "usage",
    "Provider's usage report",
    {
        "ts": ("start_time", "starting_at", "usage_date_utc", "date"),
        "account": ("api_key_id", "api_key", "user_id", "workspace_id", "workspace", "project_id"),
        "key": ("api_key_id", "api_key"),
        "organisation": ("organization_id", "workspace_id", "project_id"),
        "model": ("model", "model_version", "snapshot_id"),
        "pt": ("input_tokens", "uncached_input_tokens", "usage_input_tokens"),
        "ct": ("output_tokens", "usage_output_tokens"),
        "calls": ("num_model_requests", "requests", "request_count"),
    },
    (
        frozenset({"num_model_requests", "input_tokens"}),
        frozenset({"uncached_input_tokens", "output_tokens"}),
        frozenset({"usage_date_utc"}),
    ),
    traps=("Counts a bucket and no texts: what needs prompts is not computed.",),
)

FORMATS = (LITELLM, LANGFUSE, HELICONE, BEDROCK, OTEL, USAGE)


def recognised(names: Collection[str]) -> LogFormat | None:
    """The format whose marks are among the names at the top of a record; None where no format, or several, are."""
    known = frozenset(names)
    found = [one for one in FORMATS if any(mark <= known for mark in one.marks)]
    return found[0] if len(found) == 1 else None


def named(key: str) -> LogFormat:
    """The format with that key; raises UsageError for another."""
    for one in FORMATS:
        if one.key == key:
            return one
    raise UsageError(f"{key!r} is no format of usage logs.", hint=f"They are {', '.join(f.key for f in FORMATS)}.")


def mapped(pairs: Sequence[str], base: LogFormat | None = None) -> LogFormat:
    """A format as `column=field` pairs say, over another one if given; repeated columns are further fields.

    Raises UsageError for an unknown column, and where time or account have no field.
    """
    given: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        column, equals, field = pair.partition("=")
        if not equals or column not in COLUMNS or not field:
            raise UsageError(f"{pair!r} maps no column.", hint=f"Columns are {', '.join(COLUMNS)}; say column=field.")
        given[column] = (*given.get(column, ()), field)
    fields: Mapping[str, tuple[str, ...]] = {**(base.fields if base else {}), **given}
    missing = [name for name in ("ts", "account") if name not in fields]
    if missing:
        raise UsageError(f"The mapping has no field for {' and '.join(missing)}.", hint="Say --map ts=... account=...")
    if base is None:
        return LogFormat("mapped", "Mapped columns", fields)
    return replace(base, fields=fields)


_USUAL: Mapping[str, tuple[str, ...]] = {
    "ts": ("ts", "time", "timestamp", "created_at", "created", "request_time", "start_time", "datetime"),
    "account": ("account", "account_id", "user_id", "user", "customer_id", "api_key", "organization_id"),
    "prompt": ("prompt", "messages", "input", "request", "question"),
    "response": ("response", "completion", "output", "answer"),
    "system": ("system", "system_prompt", "messages"),
    "model": ("model", "model_id", "model_name"),
    "request": ("request_id", "call_id"),
    "pt": ("pt", "prompt_tokens", "input_tokens"),
    "ct": ("ct", "completion_tokens", "output_tokens"),
    "address": ("ip", "ip_address", "address", "remote_addr"),
    "payment": ("payment", "payment_id", "card_hash"),
    "device": ("device", "device_id"),
    "email": ("email",),
    "plan": ("plan", "tier"),
    "region": ("region",),
    "country": ("country", "country_code"),
    "status": ("status", "status_code"),
    "user_agent": ("user_agent",),
    "session": ("session", "session_id", "conversation_id"),
    "account_created": ("account_created", "account_created_at", "signup_time"),
    "temperature": ("temperature",),
    "latency": ("latency", "latency_ms"),
}


def guessed(names: Collection[str]) -> tuple[str, ...]:
    """Pairs `column=field` for usual names at the top of a record; what they mean is for a person to say."""
    return tuple(
        f"{column}={name}" for column, usual in _USUAL.items() for name in [n for n in usual if n in names][:1]
    )
