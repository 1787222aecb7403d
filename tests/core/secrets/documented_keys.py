"""Samples of the kinds of secrets whose shape their issuers document, each drawn at random in that shape.

No sample is a real key, and none stands here whole: its prefix is put before it when it is drawn. `around` is what
must stand around a value that has no shape of its own.
"""

from __future__ import annotations

import base64
import json
import random
import string
from typing import NamedTuple

_LETTERS = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
_URL = _LETTERS + "-_"


class Sample(NamedTuple):
    """A kind, a value drawn for it, and what stands around it, `{}` in its place."""

    kind: str
    value: str
    around: str = "{}"

    @property
    def text(self) -> str:
        """The value with what stands around it."""
        return self.around.replace("{}", self.value)


class _Source:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def of(self, alphabet: str, length: int) -> str:
        """So many characters; the first and the last are letters or digits, and one is a digit."""
        ends = "".join(c for c in alphabet if c.isalnum())
        digit = "7" if "7" in alphabet else ends[0]
        middle = "".join(self._random.choice(alphabet) for _ in range(length - 3))
        return self._random.choice(ends) + digit + middle + self._random.choice(ends)

    def uuid(self) -> str:
        return "-".join(self.of(_HEX, n) for n in (8, 4, 4, 4, 12))

    def octets(self, length: int) -> str:
        return base64.b64encode(self._random.randbytes(length)).decode()


_PREFIXED = """
OpenAI project|sk-proj-|url|120
OpenAI service account|sk-svcacct-|url|120
OpenAI admin|sk-admin-|url|120
OpenAI of before 2024|sk-|word|48
Anthropic|sk-ant-api03-|url|93
Anthropic admin|sk-ant-admin01-|url|93
OpenRouter|sk-or-v1-|hex|64
Google API|AIza|url|35
Google OAuth|ya29.|url|120
Google refresh|1//0|url|60
Google client|GOCSPX-|url|28
AWS access|AKIA|upper|16
AWS session|ASIA|upper|16
AWS Bedrock|ABSK|word|128
GitHub classic|ghp_|word|36
GitHub OAuth|gho_|word|36
GitHub user|ghu_|word|36
GitHub server|ghs_|word|36
GitHub refresh|ghr_|word|76
GitHub fine-grained|github_pat_|word|82
GitLab personal|glpat-|url|20
GitLab runner|glrt-|url|20
GitLab trigger|glptt-|hex|40
GitLab deploy|gldt-|url|20
Bitbucket app password|ATBB|word|32
Slack bot|xoxb-|word|50
Slack user|xoxp-|word|60
Slack app|xapp-1-A|word|80
Stripe secret|sk_live_|word|24
Stripe restricted|rk_live_|word|24
Stripe webhook|whsec_|word|32
Hugging Face|hf_|word|34
Groq|gsk_|word|52
xAI|xai-|word|80
Replicate|r8_|word|37
Perplexity|pplx-|word|48
Cerebras|csk-|word|48
NVIDIA|nvapi-|url|64
Fireworks|fw_|word|24
Pinecone|pcsk_|word|70
Tavily|tvly-|word|32
Jina|jina_|word|60
Together|tgp_v1_|url|43
Voyage|pa-|url|43
ElevenLabs|sk_|hex|48
E2B|e2b_|hex|40
Firecrawl|fc-|hex|32
Apify|apify_api_|word|36
npm|npm_|word|36
PyPI|pypi-AgEIcHlwaS5vcmc|url|150
RubyGems|rubygems_|hex|48
Clojars|CLOJARS_|hex|60
Docker|dckr_pat_|url|27
Artifactory|AKCp|word|69
Brevo|xkeysib-|hex|64
Mailgun|key-|hex|32
Twilio|SK|hex|32
Shopify|shpat_|hex|32
Square|sq0atp-|url|22
Notion|ntn_|word|46
Linear|lin_api_|word|40
Figma|figd_|url|40
Atlassian|ATATT3|url|186
Grafana service|glsa_|word|41
New Relic|NRAK-|upper|27
Sentry|sntryu_|hex|64
Vault|hvs.|url|95
Doppler|dp.pt.|word|43
Supabase|sbp_|hex|40
PlanetScale|pscale_tkn_|url|43
Alibaba Cloud|LTAI|word|20
Databricks|dapi|hex|32
DigitalOcean|dop_v1_|hex|64
Heroku|HRKU-AA|url|58
Netlify|nfp_|word|36
Tailscale|tskey-auth-|word|50
Fly.io|fm2_|word|200
Buildkite|bkua_|hex|40
Pulumi|pul-|hex|40
Contentful|CFPAT-|url|43
Sourcegraph|sgp_|hex|40
Yandex|AQVN|url|36
Dropbox short-lived|sl.u.|url|140
1Password service account|ops_eyJ|word|400
"""
"""Kind, prefix, alphabet and length of what follows."""

_ALPHABETS = {"url": _URL, "word": _LETTERS, "hex": _HEX, "upper": _UPPER}


def samples(seed: int = 20260301) -> list[Sample]:
    """One sample of each kind, 97 in all."""
    source = _Source(seed)
    found = []
    for line in _PREFIXED.strip().splitlines():
        kind, prefix, alphabet, length = line.split("|")
        tail = f"-{source.of(_LETTERS, 16)}" if kind == "Brevo" else ""
        found.append(Sample(kind, prefix + source.of(_ALPHABETS[alphabet], int(length)) + tail))
    header, claims = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "HS256", "typ": "JWT"}, {"sub": "12", "iat": 1760000000})
    )
    block = "\n".join(source.of(_LETTERS, 64) for _ in range(5))
    one = source.of(_UPPER, 6)
    found += [
        Sample("SendGrid", "SG." + source.of(_URL, 22) + "." + source.of(_URL, 43)),
        Sample("HubSpot", "pat-na1-" + source.uuid()),
        Sample("Telegram bot", "AA" + source.of(_URL, 33), "71234567:{}"),
        Sample("JSON web token", f"{header}.{claims}.{source.of(_URL, 43)}"),
        Sample("private key", f"-----BEGIN PRIVATE KEY-----\n{block}\n-----END PRIVATE KEY-----"),
        Sample("AWS secret", source.of(_LETTERS + "+/", 40), "AWS_SECRET_ACCESS_KEY={}"),
        Sample("Azure storage", source.octets(64), "AccountKey={};EndpointSuffix=core.windows.net"),
        Sample("Azure client secret", source.of(_LETTERS, 3) + "8Q~" + source.of(_LETTERS, 34)),
        Sample("password", source.of(_LETTERS, 9) + "!" + source.of(_LETTERS, 5), "password: {}"),
        Sample("password in an address", source.of(_LETTERS, 16), "postgres://app:{}@db.example.org:5432/x"),
        Sample("bearer token", source.of(_LETTERS, 40), "Authorization: Bearer {}"),
        Sample("WireGuard", source.octets(32), "PrivateKey = {}"),
        Sample("1Password secret key", f"A3-{one}-" + "-".join(source.of(_UPPER, n) for n in (6, 5, 5, 5, 5))),
    ]
    assert len({sample.kind for sample in found}) == len(found) == 97
    return found
