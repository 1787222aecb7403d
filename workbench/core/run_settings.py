"""Settings that say how requests are sent, and nothing of how a model decodes."""

from __future__ import annotations

from workbench.core.model import Json

RUN_SETTINGS = frozenset({
    "max_connections", "adaptive_connections", "max_retries", "num_retries", "retries", "retry", "retry_delay",
    "retry_on_error", "timeout", "attempt_timeout", "request_timeout", "max_samples", "max_tasks", "max_subprocesses",
    "max_sandboxes", "max_workers", "num_workers", "concurrency", "num_concurrent", "rate_limit",
    "max_requests_per_minute",
    "batch", "batch_size", "cache", "cache_prompt", "use_cache", "log_level", "log_level_transcript", "log_samples",
    "log_images", "log_buffer", "log_shared", "log_realtime", "verbose", "debug", "display", "stream", "stream_options",
    "api_base", "base_url", "api_version", "organization", "extra_headers", "headers", "user", "metadata", "store",
    "fail_on_error", "continue_on_fail", "score_display",
})  # fmt: skip
"""Their names, as the tools that write logs and the interfaces that they call have them."""


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


_PLAIN = frozenset(map(_plain, RUN_SETTINGS))


def split_settings(settings: Json) -> tuple[Json, Json]:
    """The decoding settings among some settings, and the others; what is no object is decoding, whole."""
    if not isinstance(settings, dict):
        return settings, None
    run = {name: value for name, value in settings.items() if _plain(name) in _PLAIN}
    return {name: value for name, value in settings.items() if name not in run}, run
