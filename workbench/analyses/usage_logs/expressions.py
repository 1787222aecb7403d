"""Every question to the logs, written once in Ibis: the same runs embedded, on Spark, or in a warehouse.

Expressions group by whole numbers and give small results; no expression reads a text column but the exhibits'.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis

BIN_SECONDS = 300
"""Length of the time bins in which accounts are compared."""


def moment(time: Any) -> Any:
    """Seconds since 1970 of a time column, as whole numbers."""
    return time.epoch_seconds()


def totals(exchange: ibis.Table) -> ibis.Table:
    """One row: calls, accounts, first and last second, and how many calls lack what."""
    return exchange.aggregate(
        rows=exchange.count(),
        calls=exchange.calls.sum(),
        accounts=exchange.who.nunique(),
        first=moment(exchange.ts.min()),
        last=moment(exchange.ts.max()),
        with_prompt=exchange.prompt_sha.count(),
        with_answer=exchange.answer_sha.count(),
        with_payment=exchange.payment.count(),
        with_device=exchange.device.count(),
        with_network=exchange.network.count(),
        with_plan=exchange.plan.count(),
        with_region=exchange.region.count(),
        with_created=exchange.account_created.count(),
        with_model=exchange.model.count(),
        failed=(~exchange.ok).cast("int64").sum(),
    )


def by_hour(exchange: ibis.Table) -> ibis.Table:
    """Calls in each hour that has any, by hours since 1970."""
    hour = (moment(exchange.ts) // 3600).cast("int64").name("hour")
    return exchange.group_by(hour).aggregate(calls=exchange.count()).order_by("hour")


def templates(exchange: ibis.Table, column: str, accounts: int, calls: int) -> ibis.Table:
    """The values of `head`, `tail` or `system_hash` with at least so many accounts and calls, and their facts."""
    known = exchange.filter(exchange[column].notnull())
    grouped = known.group_by(value=known[column]).aggregate(
        calls=known.calls.sum(),
        accounts=known.who.nunique(),
        fillings=known.prompt_sha.nunique(),
        tokens=(known.pt.fill_null(0) + known.ct.fill_null(0)).sum(),
        first=moment(known.ts.min()),
        last=moment(known.ts.max()),
        failed=(~known.ok).cast("int64").sum(),
    )
    kept = grouped.filter((grouped.accounts >= accounts) & (grouped.calls >= calls))
    return kept.order_by("value")


def head_texts(heads: ibis.Table, share: int, shares: int) -> ibis.Table:
    """One share of all masked beginnings with their calls: those whose hash leaves `share` when divided by `shares`."""
    own = heads.filter(heads["head"] % shares == share)
    return own.select("head", "text", "calls").order_by("head")


def covered(exchange: ibis.Table, column: str, values: Sequence[int], heads: Sequence[int]) -> ibis.Table:
    """For each of some tails or system prompts its calls, and how many of them begin with one of some heads."""
    own = exchange.filter(exchange[column].isin(list(values)))
    inside = own["head"].isin(list(heads)).ifelse(own.calls, 0)
    return own.group_by(value=own[column]).aggregate(calls=own.calls.sum(), covered=inside.sum()).order_by("value")


def texts_of(texts: ibis.Table, values: Sequence[int]) -> ibis.Table:
    """The masked texts that some hashes stand for."""
    return texts.filter(texts["hash"].isin(list(values))).order_by("hash")


def shared_items(exchange: ibis.Table, column: str, values: Sequence[int]) -> ibis.Table:
    """For each of some templates its different prompts, and the pairs of accounts that sent the same one."""
    own = exchange.filter(exchange[column].isin(list(values)) & exchange.prompt_sha.notnull())
    items = own.group_by(value=own[column], item=own.prompt_sha).aggregate(accounts=own.who.nunique())
    pairs = (items.accounts * (items.accounts - 1) / 2).cast("int64")
    return items.group_by("value").aggregate(items=items.count(), pairs=pairs.sum()).order_by("value")


def members(exchange: ibis.Table, column: str, values: Sequence[int]) -> ibis.Table:
    """For each of some templates and each account its calls, fillings, failures, first and last second."""
    own = exchange.filter(exchange[column].isin(list(values)))
    return (
        own.group_by(value=own[column], who=own.who)
        .aggregate(
            calls=own.calls.sum(),
            fillings=own.prompt_sha.nunique(),
            failed=(~own.ok).cast("int64").sum(),
            tokens=(own.pt.fill_null(0) + own.ct.fill_null(0)).sum(),
            first=moment(own.ts.min()),
            last=moment(own.ts.max()),
        )
        .order_by("value", "who")
    )


def bins_of_templates(exchange: ibis.Table, column: str, values: Sequence[int]) -> ibis.Table:
    """For each of some templates and each account its calls in each 5 minutes that have any."""
    own = exchange.filter(exchange[column].isin(list(values)))
    bin_ = (moment(own.ts) // BIN_SECONDS).cast("int64")
    return own.group_by(value=own[column], who=own.who, bin=bin_).aggregate(calls=own.calls.sum())


def bins_of_accounts(exchange: ibis.Table, accounts: Sequence[int]) -> ibis.Table:
    """For each of some accounts all its calls in each 5 minutes that have any."""
    own = exchange.filter(exchange.who.isin(list(accounts)))
    bin_ = (moment(own.ts) // BIN_SECONDS).cast("int64")
    return own.group_by(who=own.who, bin=bin_).aggregate(calls=own.calls.sum())


def entropy_of_accounts(exchange: ibis.Table, accounts: Sequence[int]) -> ibis.Table:
    """For each of some accounts its calls with a prompt, and the sum of n ln n over its masked beginnings."""
    own = exchange.filter(exchange.who.isin(list(accounts)) & exchange["head"].notnull())
    counted = own.group_by("who", "head").aggregate(n=own.calls.sum().cast("float64"))
    each = counted.group_by("who").aggregate(calls=counted.n.sum(), n_log_n=(counted.n * counted.n.ln()).sum())
    return each.order_by("who")


def account_facts(exchange: ibis.Table) -> ibis.Table:
    """One row an account: calls, plan, region, first second, and the second of its creation where the log has it."""
    return (
        exchange.group_by("who")
        .aggregate(
            calls=exchange.calls.sum(),
            plan=exchange.plan.max(),
            region=exchange.region.max(),
            first=moment(exchange.ts.min()),
            created=moment(exchange.account_created.min()),
        )
        .order_by("who")
    )


def account_names(exchange: ibis.Table, accounts: Sequence[int]) -> ibis.Table:
    """The pseudonyms of some accounts."""
    own = exchange.filter(exchange.who.isin(list(accounts)))
    return own.group_by("who").aggregate(account=own.account.max()).order_by("who")


def shared_values(exchange: ibis.Table, column: str) -> ibis.Table:
    """Accounts with a payment, device or network that two accounts or more have, and how many have it."""
    known = exchange.filter(exchange[column].notnull()).select("who", value=exchange[column]).distinct()
    held = known.group_by("value").aggregate(accounts=known.who.nunique())
    several = held.filter(held.accounts >= 2)
    return known.join(several, "value").select("who", "value", "accounts").order_by("value", "who")


def models_of_accounts(exchange: ibis.Table, accounts: Sequence[int], start: int, end: int) -> ibis.Table:
    """For each of some accounts its calls to each model from one second up to another."""
    second = moment(exchange.ts)
    own = exchange.filter(exchange.who.isin(list(accounts)) & (second >= start) & (second < end))
    return own.group_by("who", "model").aggregate(calls=own.calls.sum())


def models_of_templates(exchange: ibis.Table, column: str, values: Sequence[int], start: int, end: int) -> ibis.Table:
    """For each of some templates its calls to each model from one second up to another."""
    second = moment(exchange.ts)
    own = exchange.filter(exchange[column].isin(list(values)) & (second >= start) & (second < end))
    return own.group_by(value=own[column], model=own.model).aggregate(calls=own.calls.sum())


def examples(exchange: ibis.Table, column: str, value: int, most: int) -> ibis.Table:
    """Some calls of one template with their texts, the earliest first."""
    own = exchange.filter(exchange[column] == value)
    kept = own.order_by("ts", "file", "row").limit(most)
    return kept.select("file", "row", "ts", "account", "model", "prompt", "response")


def served(exchange: ibis.Table, accounts: Sequence[int]) -> ibis.Table:
    """The answers that some accounts were served, with their prompts."""
    own = exchange.filter(exchange.who.isin(list(accounts)) & exchange.response.notnull() & exchange.prompt.notnull())
    return own.select("ts", "account", "model", "temperature", "head", "prompt_sha", "answer_sha", "prompt", "response")


def equal_answers(exchange: ibis.Table, digests: Sequence[str]) -> ibis.Table:
    """The calls whose answer has one of some digests."""
    own = exchange.filter(exchange.answer_sha.isin(list(digests)))
    return own.select("file", "row", "ts", "account", "model", "prompt_sha", "answer_sha")
