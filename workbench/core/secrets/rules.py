"""The forms of secrets: each a pattern, the literals without one of which it is not tried, and a check of the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from workbench.core.secrets.values import (
    address_password,
    anything,
    bare_mixed,
    bare_password,
    basic,
    discord,
    jwt,
    keylike,
    mixed,
    opaque,
    password,
    varied,
)

RULES_VERSION = "secrets-7"
"""Name of the rules; a change of any of them, or of a check of values, changes the name."""


class Secret(NamedTuple):
    """A stretch of a text that has the form of a secret: kind, start and length in characters."""

    kind: str
    start: int
    length: int


class Rule(NamedTuple):
    """A form: it begins at one of the literals (lower case), and a group of the pattern is the secret.

    A literal that the secret begins with is its prefix: the check gets what follows. Where a pattern has several
    groups, the secret is the one that matched.
    """

    kind: str
    literals: tuple[str, ...]
    pattern: re.Pattern[str]
    check: Callable[[str], bool]
    short: bool = False
    """Whether it may be found far from any run of 16 characters of keys."""
    back: int = 0
    """Characters of the form before the literal."""

    def found(self, text: str, at: int, literal: str) -> Secret | None:
        """The secret of this form whose literal stands at that place of the text."""
        match = self.pattern.match(text, max(0, at - self.back))
        if match is None:
            return None
        group = match.lastindex or 0
        prefixed = self.check is keylike and match.start(group) == match.start() and not self.back
        if self.check(match[group][len(literal) if prefixed else 0 :]):
            return Secret(self.kind, match.start(group), len(match[group]))
        return None


def _rule(
    kind: str,
    literals: str,
    pattern: str,
    check: Callable[[str], bool] = keylike,
    *,
    case: bool = True,
    short: bool = False,
    back: int = 0,
) -> Rule:
    flags = re.ASCII if case else re.ASCII | re.IGNORECASE
    return Rule(kind, tuple(literals.split("|")), re.compile(pattern, flags), check, short, back)


def _key(kind: str, literals: str, rest: str, *, whole: bool = True) -> Rule:
    """A key that begins with one of some prefixes, given in their own case, and goes on as `rest` says."""
    prefixes = "|".join(map(re.escape, literals.split()))
    end = r"(?![\w-])" if whole else ""
    return _rule(kind, "|".join(literals.lower().split()), rf"(?<![\w-])((?:{prefixes}){rest}){end}")


_QUOTE = r"(?:\\?[\"'])?"
_HEX32 = r"[0-9a-f]{32}"
_WORD = "[A-Za-z0-9]"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

_KEYS = (
    _key("Anthropic key", "sk-ant-", r"[\w-]{20,200}"),
    _key("OpenRouter key", "sk-or-", r"(?:v1-)?[0-9a-f]{32,100}", whole=False),
    _key("Langfuse key", "sk-lf-", r"[0-9a-f-]{32,40}"),
    _key("OpenAI key", "sk-proj- sk-svcacct- sk-admin- sk-None-", r"[\w-]{20,250}"),
    _key("OpenAI key", "sk-", rf"{_WORD}{{32,100}}", whole=False),
    _rule("AWS access key", "akia|asia", r"(?<![A-Za-z0-9])((?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])"),
    _key("AWS Bedrock key", "ABSK", r"[A-Za-z0-9+/]{100,270}={0,2}", whole=False),
    _key("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", rf"{_WORD}{{36,255}}", whole=False),
    _key("GitHub token", "github_pat_", r"\w{22,255}", whole=False),
    _key("GitLab token", "glpat- gldt- glrt- glptt- glft- glcbt- glsoat-", r"[\w.-]{20,100}", whole=False),
    _key("Google API key", "AIza", r"[\w-]{35}"),
    _key("Google token", "ya29.", r"[\w-]{20,500}", whole=False),
    _key("Google token", "1//0", r"[\w-]{40,200}"),
    _key("Google client secret", "GOCSPX-", r"[\w-]{28}"),
    _key("Slack token", "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-", r"[\w%.-]{10,250}"),
    _key("Stripe key", "sk_live_ sk_test_ rk_live_ rk_test_ whsec_", r"[A-Za-z0-9+/]{16,250}", whole=False),
    _key("Hugging Face token", "hf_ api_org_", rf"{_WORD}{{30,100}}", whole=False),
    _key("Groq key", "gsk_", rf"{_WORD}{{40,100}}", whole=False),
    _key("xAI key", "xai-", rf"{_WORD}{{40,200}}", whole=False),
    _key("Replicate token", "r8_", rf"{_WORD}{{30,100}}", whole=False),
    _key("Perplexity key", "pplx-", rf"{_WORD}{{40,100}}", whole=False),
    _key("Cerebras key", "csk-", rf"{_WORD}{{40,100}}"),
    _key("NVIDIA key", "nvapi-", r"[\w-]{50,100}"),
    _key("Fireworks key", "fw_", rf"{_WORD}{{20,40}}"),
    _key("Pinecone key", "pcsk_", r"\w{40,100}"),
    _key("LangSmith key", "lsv2_pt_ lsv2_sk_", r"[0-9a-f]{32}_[0-9a-f]{10}"),
    _key("Tavily key", "tvly-", r"[\w-]{20,60}"),
    _key("Jina key", "jina_", r"[\w-]{50,80}"),
    _key("npm token", "npm_", rf"{_WORD}{{36}}"),
    _rule("PyPI token", "pypi-ageichlwas5vcmc", r"(?<!\w)(pypi-AgEIcHlwaS5vcmc[\w-]{50,500})"),
    _key("RubyGems key", "rubygems_", r"[0-9a-f]{48}"),
    _key("Docker token", "dckr_pat_ dckr_oat_", r"[\w-]{20,60}"),
    _key("SendGrid key", "SG.", r"[\w-]{22}\.[\w-]{43}"),
    _key("Brevo key", "xkeysib- xsmtpsib-", r"[0-9a-f]{64}-\w{16}"),
    _key("Mailgun key", "key-", _HEX32),
    _rule("Mailchimp key", "-us", rf"(?<!\w)({_HEX32}-us\d{{1,2}})(?!\w)", back=32),
    _key("Twilio key", "SK", _HEX32),
    _rule("Twilio token", "twilio", rf"twilio[^\n]{{0,60}}?(?<!\w)({_HEX32})(?!\w)", case=False),
    _rule("Twilio token", "ac", rf"(?<!\w)AC{_HEX32}(?!\w)[^\n]{{1,80}}?(?<!\w)({_HEX32})(?!\w)"),
    _key("Shopify token", "shpat_ shpca_ shppa_ shpss_", r"[0-9a-fA-F]{32}"),
    _key("Square token", "sq0atp- sq0csp-", r"[\w-]{22,60}"),
    _rule("Square token", "eaaa", r"(?<![\w+/=-])(EAAA[\w-]{60})(?![\w+/=-])", varied),
    _key("Notion token", "secret_ ntn_", rf"{_WORD}{{40,50}}"),
    _key("Linear key", "lin_api_", rf"{_WORD}{{40}}"),
    _key("Figma token", "figd_", r"[\w-]{38,60}"),
    _key("Postman key", "PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),
    _key("Atlassian token", "ATATT3 ATCTT3", r"[\w=-]{50,300}"),
    _rule("Airtable token", "pat", r"(?<![\w-])(pat[A-Za-z0-9]{14}\.[0-9a-f]{64})(?!\w)"),
    _key("Grafana token", "glsa_ glc_", r"[\w=+/]{30,400}"),
    _key("New Relic key", "NRAK-", r"[A-Z0-9]{27}"),
    _key("Sentry token", "sntrys_ sntryu_", r"[\w=+/]{40,400}", whole=False),
    _key("Vault token", "hvs. hvb.", r"[\w-]{24,300}"),
    _rule("Terraform token", ".atlasv1.", r"(?<!\w)(\w{14}\.atlasv1\.[\w=-]{60,70})(?![\w-])", back=14),
    _key("Doppler token", "dp.pt. dp.st. dp.ct. dp.sa.", r"[\w.-]{40,60}"),
    _key("Supabase key", "sbp_ sb_secret_", r"[\w-]{24,60}"),
    _key("PlanetScale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w=.-]{32,64}"),
    _key("Alibaba Cloud key", "LTAI", rf"{_WORD}{{12,26}}"),
    _rule("Facebook token", "eaa", r"(?<![\w+/=-])(EAA[A-Za-z0-9]{97,400})(?![\w+/=-])", varied),
    _rule("Azure storage key", "accountkey=|accesskey=", r"Acc(?:ount|ess)Key=([A-Za-z0-9+/]{40,90}={0,2})"),
    _rule("Azure client secret", "8q~", r"(?<![\w~.-])([\w~.]{3}8Q~[\w~.-]{31,34})(?![\w~-])", back=3),
    _rule("Azure signature", "sig=", r"(?<=[?&])sig=([A-Za-z0-9%+/]{40,120}={0,2})", mixed),
    _key("Databricks token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _key("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", r"[0-9a-f]{64}"),
    _key("age key", "AGE-SECRET-KEY-1", r"[0-9A-Z]{58}"),
    _key("1Password token", "ops_eyJ", r"[\w+/=-]{60,4000}", whole=False),
    _rule(
        "1Password secret key",
        "a3-",
        r"(?<![\w-])(A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3})(?![\w-])",
    ),
    _rule(
        "WireGuard key",
        "privatekey|presharedkey",
        r"\b(?:private|preshared)key\s{0,4}=\s{0,4}([a-z0-9+/]{43}=)(?!\w)",
        case=False,
    ),
    _key("Dropbox token", "sl.", r"(?:[a-z]\.)?[\w-]{60,4000}", whole=False),
    _rule("Dropbox token", "aaaaaaaaaa", r"(?<![\w-])([a-zA-Z0-9]{11}A{10}[\w=-]{43})(?![\w-])", back=11),
    _key("Tailscale key", "tskey-auth- tskey-api- tskey-client- tskey-scim- tskey-webhook-", r"[\w-]{20,90}"),
    _key("Fly.io token", "fm1r_ fm1a_ fm2_", r"[\w+/=-]{80,4000}", whole=False),
    _key("Netlify token", "nfp_", rf"{_WORD}{{36}}"),
    _key("Heroku key", "HRKU-AA", r"[\w-]{58}"),
    _key("CircleCI token", "CCIPAT_ CCIPRJ_", rf"{_WORD}{{22}}_[0-9a-f]{{40}}"),
    _key("Buildkite token", "bkua_", r"[0-9a-f]{40}"),
    _key("Contentful token", "CFPAT-", r"[\w-]{43}"),
    _key("Typeform token", "tfp_", r"[\w.=-]{40,80}"),
    _key("Pulumi token", "pul-", r"[0-9a-f]{40}"),
    _key("Prefect key", "pnu_ pnb_", rf"{_WORD}{{36}}"),
    _key("ReadMe key", "rdme_", r"[a-z0-9]{70}"),
    _key("Shippo token", "shippo_live_ shippo_test_", r"[0-9a-f]{40}"),
    _key("Dynatrace token", "dt0c01. dt0s01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _key("Infracost key", "ico-", rf"{_WORD}{{32}}"),
    _key("Mapbox token", "sk.eyJ", r"[\w-]{40,120}\.[\w-]{20,40}"),
    _key("Neon key", "napi_", r"[a-z0-9]{64}"),
    _key("Together key", "tgp_v1_", r"[\w-]{40,60}"),
    _key("Apify token", "apify_api_", rf"{_WORD}{{36}}"),
    _key("Firecrawl key", "fc-", _HEX32),
    _key("E2B key", "e2b_", r"[0-9a-f]{40}"),
    _key("ElevenLabs key", "sk_", r"[0-9a-f]{48}"),
    _key("Adafruit key", "aio_", rf"{_WORD}{{28}}"),
    _key("Clojars token", "CLOJARS_", r"[0-9a-f]{60}"),
    _key("Duffel token", "duffel_live_ duffel_test_", r"[\w=-]{43}"),
    _key("EasyPost key", "EZAK EZTK", rf"{_WORD}{{54}}"),
    _key("Flutterwave key", "FLWSECK_TEST- FLWSECK-", r"[0-9a-f]{32}-X"),
    _key("Frame.io token", "fio-u-", r"[\w=-]{64}"),
    _key("Scalingo token", "tk-us-", r"[\w-]{48}"),
    _key("Yandex key", "AQVN", r"[\w-]{35,38}"),
    _key("Bitbucket password", "ATBB", rf"{_WORD}{{32}}"),
    _key("Cloudflare key", "v1.0-", r"[0-9a-f]{24}-[0-9a-f]{146}"),
    _key("Voyage key", "pa-", r"[\w-]{43}"),
    _key("Sourcegraph token", "sgp_", r"(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    _key("SonarQube token", "sqp_ squ_ sqa_", r"[0-9a-f]{40}"),
    _key("OpenShift token", "sha256~", r"[\w-]{43}"),
    _key("Artifactory key", "AKCp", rf"{_WORD}{{69}}"),
    _key("HubSpot token", "pat-na1- pat-na2- pat-eu1-", _UUID),
    _key("Plaid token", "access-sandbox- access-production-", _UUID),
    _key("Octopus key", "API-", r"[A-Z0-9]{25,27}"),
    _rule("Slack address", "hooks.slack.com/", r"hooks\.slack\.com/[a-z]{4,12}/([A-Z0-9]{6,14}/[\w/]{20,90})"),
    _rule("Discord address", "/webhooks/", r"/webhooks/(\d{17,20}/[\w-]{60,80})"),
    _rule("Telegram token", ":aa", r"(?<=\d):(AA[\w-]{33})(?![\w-])"),
)
"""Keys with a prefix that their issuer published, or a place that names them."""

DISCORD = re.compile(r"(?<![\w-])([MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,38})(?![\w-])", re.ASCII)
DISCORD_LOWERED = re.compile(r"(?:[mno][dtjz][aeimquycgk][w-z0-5]){4}[\w-]{6,11}\.[\w-]{6}\.[\w-]{27}", re.ASCII)
"""No literal tells a Discord token: it begins with the digits of a number, three at a time in four letters."""


def discord_tokens(text: str) -> Iterator[Secret]:
    """The bot tokens in a text that holds something like one."""
    for match in DISCORD.finditer(text):
        if discord(match[1]):
            yield Secret("Discord token", match.start(1), len(match[1]))


_STOP = (
    r"\\{0,4}[\"'`](?=[,;:.)\]}>|*]{0,5}(?:[\s\"'`\\{]|\Z))|[;,&](?=[a-zA-Z_][\w.-]{0,30}(?: \w{1,20})?=)|"
    r"<(?=/?[a-zA-Z]\w{0,9}(?:\s?/?>| [a-z-]{1,20}=))|\\(?-i:[nrt](?![a-z0-9]))|\|(?=[\s|]|\Z)"
)
"""Where a value without quotes ends before white space does: at a quote around it, a tag, the next name of several."""

_INNER = rf"(?:[^\s\x00-\x1f\x7f-\x9f⟦⟧\"'`;,&<|\\]|(?!{_STOP})[\"'`;,&<|\\])"
_CLOSING = r"\s⟦⟧\"'`<>,;.:)\]}*|\\"


def _bare(least: int) -> str:
    """A value without quotes: all characters up to white space, without the punctuation that closes a sentence."""
    return rf"(?!\\{{0,4}}[\"'`])({_INNER}{{{least - 1},199}}(?<![{_CLOSING}]))(?<!\\(?-i:[nrt]))"


def _quoted(least: int) -> str:
    """A value up to the closing quote; the quotes may have a backslash before them, as in JSON inside of JSON."""
    plain = [rf"{quote}((?:[^\s⟦⟧{quote}\\]|\\[^\s⟦⟧]){{{least},300}}){quote}" for quote in "\"'`"]
    inside = [
        rf"\\{quote}((?:[^\s⟦⟧{quote}\\]|\\\\(?:\\[^\s⟦⟧]|[^\s⟦⟧{quote}\\])){{{least},300}})\\{quote}"
        for quote in "\"'`"
    ]
    return f"(?:{'|'.join(plain + inside)})"


PASSWORD = (
    r"(?:pass(?:e|w(?:or[dt]s?|d)?|phrase)?|pwd|(?<![a-z])pw(?![a-z])|kennwort|contrase(?:[ñÑ]|\\u00f1|n)a|senha|"
    r"wachtwoord|heslo|has[łŁ]o|haslo|[şŞ]ifre|salasana|salas[õÕ]na|geslo|lozinka|zaporka|clave|"
    r"parol(?:[aeăĂ]|(?![a-z]))|parool|jelsz[óÓ]|l[öÖ]senord|losenord|adgangskode|lykilor[ðÐ]|slapta[žŽ]odis|"
    r"fjal[ëË]kalimi|kata sandi|m[ậẬ]t kh[ẩẨ]u|[пП](?:ароль|арола)|[лЛ]озинка|[κΚ]ωδικ[όΌ][ςσ]|"
    r"[σΣ]υνθηματικ[όΌ]|סיסמה|كلمة (?:المرور|السر)|رمز عبور|گذرواژه|पासवर्ड|পাসওয়ার্ড|รหัสผ่าน|"
    r"密码|密碼|口令|パスワード|パスフレーズ|비밀번호|암호|"
    r"secret(?![_-]?[a-z])|secret(?=[_-]?(?:access|api|code|hash|id|key|phrase|string|text|token|value|word)))"
)
"""A name for passwords, in the languages that the rules know."""

# “One pass is enough”, “a passion was born” and “the secret is trust” name nothing.
_SAID = r"(?:secret|pass(?!w(?:or[dt]|d)|phrase|code)\w{0,14})\s{1,4}(?:is|was|ist|lautet|est|es)\b"
_NAME = rf"(?!{_SAID}){PASSWORD}\w{{0,14}}{_QUOTE}\]?"
_NAMED = (
    rf"{_NAME}(?:\s{{0,4}}(?:[:\uff1a=]{{1,3}}|=>)\*{{0,2}}(?:</[a-z]\w{{0,9}}>)?\s{{0,4}}|\s{{1,20}}\|\s{{1,20}}|"
    r"\s?(?:是|为|為|は)\s?[:\uff1a]?\s?|</\w{1,9}>\s{0,9}<\w{1,9}>|"
    r"\*{0,2}\s{1,4}(?:is|was|ist|lautet|est|es)\s{0,2}:?\s{1,4})\*{0,2}"
)
_PASSWORDS = (
    "pass|pwd|pw|secret|kennwort|contrase|senha|wachtwoord|heslo|hasło|haslo|şifre|salasana|salasõna|geslo|lozinka|"
    "zaporka|clave|parol|parool|jelszó|lösenord|losenord|adgangskode|lykilorð|slaptažodis|fjalëkalimi|kata sandi|"
    "mật khẩu|пароль|парола|лозинка|κωδικ|συνθηματικ|סיסמה|كلمة المرور|كلمة السر|رمز عبور|گذرواژه|पासवर्ड|"
    "পাসওয়ার্ড|รหัสผ่าน|密码|密碼|口令|パスワード|パスフレーズ|비밀번호|암호"
)
_NAMES = (
    "secret|api_key|api-key|apikey|api key|access_key|access-key|accesskey|private_key|signing_key|encryption_key|"
    "master_key|subscription-key|token|auth|session_id|sessionid|sessid|credential|pass"
)

_ASSIGNED = rf"[\w -]{{4,20}}?{_QUOTE}\]?\s{{0,4}}(?:[:=]|=>)\s{{0,4}}"

_PLACES = (
    _rule(
        "JSON web token", "eyj",
        r"(?<![\w-])(eyJ[\w-]{5,4000}\.[\w-]{0,8000}\.[\w-]{10,8000}(?:\.[\w-]{10,8000}){0,2})", jwt,
    ),
    _rule(
        "private key", "-----begin",
        r"(-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\w+/=\s\\:,.]|-(?!-)){40,12000}"
        r"(?:-----END [A-Z0-9 ]{1,70}-----)?)",
        anything,
    ),
    _rule("bearer token", "bearer", r"\bbearer\s{1,4}([\w.~+/=-]{16,4000})", mixed, case=False),
    _rule(
        "bearer token", "authorization",
        rf"\bauthorization{_QUOTE}\s{{0,4}}[:=,]\s{{0,4}}{_QUOTE}(?:bearer|token|apikey|api-key|key)(?:\s{{1,4}}|%20)"
        r"([^\s\"'`\\,;<>]{8,4000})",
        opaque, case=False, short=True,
    ),
    _rule(
        "basic authorisation", "authorization",
        rf"\bauthorization{_QUOTE}\s{{0,4}}[:=,]\s{{0,4}}{_QUOTE}basic\s{{1,4}}([A-Za-z0-9+/=]{{8,400}})",
        basic, case=False, short=True,
    ),
    _rule(
        "cookie", "cookie",
        rf"\bcookie{_QUOTE}\s{{0,4}}[:=]\s{{0,4}}{_QUOTE}"
        r"((?:[\w.!#$%&*+^`|~-]{1,80}=[^\s;,\"'\\]{6,4000}(?:;\s?)?){1,60})",
        mixed, case=False, short=True,
    ),
    _rule("cookie", '"cookies"', r'"cookies"\s{0,4}:\s{0,4}\[(\s{0,40}\{[^\[\]]{10,16000})\]', anything, short=True),
    _rule(
        "header", '"name"',
        r'"name"\s{0,4}:\s{0,4}"(?:(?:set-)?cookie|(?:proxy-)?authorization|x-api-key|api-key)"\s{0,40},\s{0,40}'
        r'"value"\s{0,4}:\s{0,4}"(?!⟦)((?:[^"\\]|\\.){4,12000})"',
        anything, case=False, short=True,
    ),
    _rule(
        "password in an address", "://",
        r"://[^\s/:@\"'<>`]{0,100}:(?!//)([^\s\"'<>`\\]{4,100})@(?=[\w.\[-])", address_password, short=True,
    ),
    _rule(
        "password", "curl ",
        r"curl\s(?:[^\n]{0,200}?\s)?(?:-u|--user)\s{1,4}[\"']?[\w.+@-]{1,64}:([^\s\"'`]{6,100})",
        bare_password, short=True,
    ),
    _rule("password", "sshpass -p", rf"sshpass -p\s{{0,4}}(?:{_quoted(6)}|{_bare(6)})", password, short=True),
    _rule(
        "password", "mysql|mariadb",
        rf"(?:mysql|mariadb)(?:-?[a-z]{{1,10}})?\s(?:[^\n]{{0,200}}?\s)?-p(?:{_quoted(6)}|{_bare(6)})",
        bare_password, short=True,
    ),
    _rule("password", _PASSWORDS, rf"{_NAMED}{_quoted(6)}", password, case=False, short=True),
    _rule("password", _PASSWORDS, rf"{_NAMED}{_bare(8)}", bare_password, case=False, short=True),
    _rule(
        "password", _PASSWORDS, rf"{PASSWORD}[\w-]{{0,14}}>([^\s<>]{{6,100}})</", password, case=False, short=True,
    ),
    _rule("assigned secret", _NAMES, rf"{_ASSIGNED}{_QUOTE}([\w+/=.~-]{{16,500}})(?![^\s\"'`\\,;:)\]}}<>&|.])", mixed),
    _rule("assigned secret", _NAMES, rf"{_ASSIGNED}{_quoted(16)}", mixed),
    _rule("assigned secret", _NAMES, rf"{_ASSIGNED}(?![Bb]earer|[Bb]asic){_bare(16)}", bare_mixed),
)  # fmt: skip
"""Secrets without a form of their own, known by what stands before them."""

RULES = _KEYS + _PLACES
