"""Every key of the manifest: its reader, its form for editors, and what a user reads about it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from certkit import freeze, waves
from certkit.manifest import texts, values
from certkit.manifest.texts import Identifier
from certkit.rules import CRITERIA
from certkit.rules.services import SERVICES

Value_co = TypeVar("Value_co", covariant=True)

_TEXT: Final = {"type": "string", "pattern": r"\S"}
_FLAG: Final = {"type": "boolean"}
_WAVE: Final = {"type": "integer", "minimum": 1, "maximum": values.LAST_WAVE}


def _form(pattern: str) -> dict[str, object]:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _some(each: Mapping[str, object]) -> dict[str, object]:
    return {"type": "array", "items": dict(each), "minItems": 1, "uniqueItems": True}


_COMMAND: Final = {"type": "array", "items": _TEXT, "minItems": 1}
_MOMENT: Final = {
    "type": "string",
    "pattern": f"^({freeze.MARK_PATTERN}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?)$",
}
_TAGS: Final = {"type": "object", "additionalProperties": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Key(Generic[Value_co]):
    """One key.

    Attributes:
        read: from what TOML gives to certkit's own value.
        form: of what TOML gives, as JSON Schema.
        meaning: a sentence for the page of all keys, without its full stop.
        example: as it stands behind the equals sign.
        default: what holds without it, `required` where something must be said.
    """

    name: str
    read: Callable[[object], Value_co]
    form: Mapping[str, object]
    meaning: str
    example: str
    default: str = "none"


def _text(name: str, meaning: str, example: str, default: str = "none") -> Key[str]:
    return Key(name, texts.text, _TEXT, meaning, example, default)


def _identifier(name: str, kind: Identifier, meaning: str, example: str, default: str = "none") -> Key[str]:
    return Key(name, kind.read, _form(kind.pattern), meaning, example, default)


def _interval(name: str, meaning: str, example: str, default: str = "none") -> Key[dt.timedelta]:
    return Key(name, texts.interval, _form(texts.INTERVAL_PATTERN), meaning, example, default)


SOURCE: Final = Key("source", texts.source, _TEXT, "the bundle, a SOURCE", '"shop.pfx"', "required, or `body`")
BODY: Final = Key("body", texts.source, _TEXT, "the certificate, a SOURCE, where `key` is another", '"shop.crt"')
KEY: Final = Key("key", texts.source, _TEXT, "the private key, where the bundle lacks it", '"shop.key"')
CHAIN: Final = Key("chain", texts.source, _TEXT, "more certificates for the chain", '"chain.pem"')
PASSIN: Final = Key(
    "passin",
    texts.password,
    {"type": "string", "pattern": f"^({texts.PASSIN_PATTERN})$"},
    "where the password is: `env:`, `file:`, `secretsmanager://` or `ssm:///`",
    '"env:PFX_PASSWORD"',
)
KEY_PASSIN: Final = Key(
    "key_passin", texts.password, PASSIN.form, "the same for a key with a password of its own", '"file:key.pass"'
)
ALIAS: Final = _text("alias", "the entry of a keystore, as `--alias`", '"tomcat"')
NAME_MATCH: Final = _text("name_match", "the leaf by a DNS name, as `--name-match`", '"a.example"')
ROOTS: Final = Key("roots", texts.source, _TEXT, "roots that complete the chain, as `--roots`", '"roots.pem"')
INCLUDE_ROOT: Final = Key("include_root", values.flag, _FLAG, "whether to keep a root in the chain", "true", "false")
FOR: Final = Key(
    "for", values.services, _some({"enum": list(SERVICES)}), "the services that are to use it", '["cloudfront"]'
)
REGIONS: Final = Key(
    "regions",
    values.regions,
    _some(_form(texts.REGION.pattern)),
    "where it goes",
    '["us-east-1", "eu-west-1"]',
    "`CERTKIT_REGION`, else us-east-1",
)
ACCOUNTS: Final = Key(
    "accounts",
    values.some,
    _some(_TEXT),
    "the accounts it goes to, by their names here",
    '["prod"]',
    "the caller's own",
)
TAGS: Final = Key("tags", values.tag_table, _TAGS, "tags of yours, beside certkit's own", '{ team = "web" }')
OWNER: Final = _text("owner", "who is told of it", '"web"')
RENEW_COMMAND: Final = Key(
    "renew_command",
    values.command,
    _COMMAND,
    "what renews the source, as a list of arguments",
    '["certbot", "renew", "--cert-name", "shop"]',
)
RENEW_WHEN: Final = Key(
    "renew_when",
    texts.threshold,
    _form(texts.THRESHOLD_PATTERN),
    "the lifetime left at which `renew_command` is due",
    '"33%"',
    "a third, half below ten days",
)
RENEW_ALLOW: Final = Key(
    "renew_allow",
    values.dangers,
    _some({"enum": list(values.DANGERS)}),
    "what a reimport may do although `renew` would stop it",
    '["lost-name"]',
)
VERIFY: Final = Key(
    "verify",
    values.endpoints,
    _some(_form(values.ENDPOINT_PATTERN)),
    "the endpoints that should serve it",
    '["shop.example.com:443"]',
)
VERIFY_IN: Final = Key(
    "verify_in",
    values.endpoint_table,
    {"type": "object", "additionalProperties": VERIFY.form},
    "the endpoints that should serve it once it is in an account or a region, before the next wave",
    '{ eu-west-1 = ["eu.shop.example.com:443"] }',
)
PRE: Final = Key("pre", values.command, _COMMAND, "a command before a renewal", '["./freeze.sh"]')
POST: Final = Key("post", values.command, _COMMAND, "a command after a renewal", '["./announce.sh"]')
ON_FAILURE: Final = Key("on_failure", values.command, _COMMAND, "a command after a failed one", '["./page.sh"]')

ACCOUNT_ID: Final = _identifier("id", texts.ACCOUNT, "its ID", '"111122223333"', "required")
ROLE: Final = _identifier(
    "role",
    texts.ROLE,
    "the role to assume in it",
    '"arn:aws:iam::111122223333:role/certkit"',
    "none: the caller is in it",
)
WAVE: Final = Key("wave", values.wave, _WAVE, "when it gets its certificates", "2", "1, the first")
EXTERNAL_ID: Final = _identifier("external_id", texts.EXTERNAL_ID, "what the role asks for", '"k3x0"')

SNS: Final = _identifier(
    "sns", texts.TOPIC, "the SNS topic that is told", '"arn:aws:sns:us-east-1:111122223333:certificates"'
)
WEBHOOK: Final = Key(
    "webhook",
    texts.webhook,
    PASSIN.form,
    "where the address of the webhook is that is told, in Slack's form",
    '"env:SLACK_WEBHOOK"',
)
EVENTS: Final = _identifier(
    "events", texts.BUS, "the EventBridge bus that gets an event for each certificate", '"default"'
)
METRICS: Final = Key("metrics", values.flag, _FLAG, "whether CloudWatch gets metrics and a heartbeat", "true", "false")
ALLOW_PRIVATE: Final = Key(
    "allow_private",
    values.flag,
    _FLAG,
    "whether webhooks and `ping` may be inside a private network, and without TLS",
    "true",
    "false",
)

JOB_NAME: Final = _identifier("name", texts.JOB, "what ledger and CloudWatch call it", '"nightly"', "renew")
JOB_COMMAND: Final = Key(
    "command", values.job_command, {"enum": list(values.JOB_COMMANDS)}, "the command that it is", '"apply"', "renew"
)
EVERY: Final = _interval("every", "how often it runs", '"1d"', "as its heartbeats say")
PING: Final = Key(
    "ping",
    texts.webhook,
    PASSIN.form,
    "where the address is that is called after each run, with `/fail` behind it where it failed",
    '"env:PING"',
)
HEARTBEAT: Final = Key("heartbeat", values.flag, _FLAG, "whether CloudWatch gets a metric of each run", "true", "false")

RULE: Final = Key(
    "rule", texts.text, {"enum": [one.id for one in CRITERIA]}, "the rule", '"validity-over-public-limit"', "required"
)
MATCH: Final = _text("match", "a pattern for the certificate's name", '"shop*"', "required")
REASON: Final = _text("reason", "why it is waived", '"internal CA"', "required")
UNTIL: Final = Key(
    "until",
    lambda value: value if isinstance(value, dt.date) else None,
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "the last day on which it holds, in UTC",
    "2027-01-31",
    "required",
)

PAUSE: Final = _interval("pause", "how long to wait after a wave in which something was written", '"30m"')
WAVE_REGIONS: Final = Key(
    "regions",
    values.wave_table,
    {"type": "object", "propertyNames": _form(texts.REGION.pattern), "additionalProperties": _WAVE},
    "the waves of regions; of account and region the later one counts",
    "{ us-east-1 = 2 }",
    "1, the first",
)
MAX_FAILURES: Final = Key(
    "max_failures",
    values.limit,
    {"anyOf": [{"type": "integer", "minimum": 1, "maximum": values.MOST_FAILURES}, _form(waves.LIMIT_PATTERN)]},
    "after how many failures nothing more is begun, as `--max-failures`",
    '"10%"',
)

FROM: Final = Key(
    "from",
    values.moment,
    _MOMENT,
    "when it begins: a day, a time, or, in quotes, a time of every week or every day",
    '"Fri 16:00"',
    "required",
)
FREEZE_UNTIL: Final = Key(
    "until", values.moment, _MOMENT, "when it ends, a day with its end; of the same kind", '"Mon 06:00"', "required"
)
TIME_ZONE: Final = Key(
    "time_zone", texts.zone, _TEXT, "the time zone of what names none, by its IANA name", '"Europe/Berlin"', "UTC"
)
FREEZE_MATCH: Final = _text("match", "a pattern for the certificate's name", '"shop*"', "`*`")
FREEZE_ACCOUNTS: Final = Key(
    "accounts", values.some, _some(_TEXT), "the accounts that it is for, by their names here", '["prod"]', "all"
)
FREEZE_REASON: Final = _text("reason", "why nothing is written", '"the week\'s end"', "required")
BREAK_WITHIN: Final = _interval(
    "break_within", "what ACM holds and has no more than this left is replaced all the same", '"7d"', "nothing is"
)

BUCKET: Final = _identifier("bucket", texts.BUCKET, "the bucket, which keeps versions", '"escrow"')
PREFIX: Final = _identifier("prefix", texts.PREFIX, "what its keys begin with", '"certkit"')
KMS_KEY: Final = _identifier(
    "kms_key", texts.KMS_KEY, "the KMS key that S3 encrypts under", '"alias/certkit"', "required with `bucket`"
)
BUCKET_REGION: Final = _identifier("region", texts.REGION, "the bucket's", '"eu-west-1"', "found out")
FOLDER: Final = Key("folder", texts.path, _TEXT, "a folder of this machine, in the bucket's place", '"escrow"')
RECIPIENT: Final = Key(
    "recipient",
    texts.path,
    _TEXT,
    "the file of the certificate to whose key bundles are closed",
    '"escrow.crt"',
    "required with `folder`",
)

_BUNDLE: Final = (SOURCE, BODY, KEY, CHAIN, PASSIN, KEY_PASSIN, ALIAS, NAME_MATCH, ROOTS, INCLUDE_ROOT)
_PLACE: Final = (FOR, REGIONS, ACCOUNTS, TAGS, OWNER)
_RENEWAL: Final = (RENEW_COMMAND, RENEW_WHEN, RENEW_ALLOW, VERIFY, VERIFY_IN, PRE, POST, ON_FAILURE)

CERTIFICATE_KEYS: Final[tuple[Key[object], ...]] = (*_BUNDLE, *_PLACE, *_RENEWAL)
"""What `[certificates.NAME]` may say."""

DEFAULT_KEYS: Final[tuple[Key[object], ...]] = (*_PLACE, INCLUDE_ROOT, RENEW_WHEN, PRE, POST, ON_FAILURE)
"""What `[defaults]` may say for all certificates; tags are joined, everything else is replaced by the certificate's own."""

ACCOUNT_KEYS: Final[tuple[Key[object], ...]] = (ACCOUNT_ID, ROLE, EXTERNAL_ID, WAVE)
"""What `[accounts.NAME]` may say."""

ADDRESS_KEYS: Final[tuple[Key[object], ...]] = (SNS, WEBHOOK)
"""What `[owners.NAME]` may say."""

NOTIFY_KEYS: Final[tuple[Key[object], ...]] = (*ADDRESS_KEYS, EVENTS, METRICS, ALLOW_PRIVATE)
"""What `[notify]` may say; its own addresses are for what no owner with an address has."""

JOB_KEYS: Final[tuple[Key[object], ...]] = (JOB_NAME, JOB_COMMAND, EVERY, PING, HEARTBEAT)
"""What `[job]` may say."""

ESCROW_KEYS: Final[tuple[Key[object], ...]] = (BUCKET, PREFIX, KMS_KEY, BUCKET_REGION, FOLDER, RECIPIENT)
"""What `[escrow]` may say."""

WAVES_KEYS: Final[tuple[Key[object], ...]] = (PAUSE, WAVE_REGIONS, MAX_FAILURES)
"""What `[waves]` may say."""

FREEZE_KEYS: Final[tuple[Key[object], ...]] = (
    FROM,
    FREEZE_UNTIL,
    TIME_ZONE,
    FREEZE_REASON,
    FREEZE_MATCH,
    FREEZE_ACCOUNTS,
    BREAK_WITHIN,
)
"""What `[[freeze]]` may say."""

WAIVER_KEYS: Final[tuple[Key[object], ...]] = (RULE, MATCH, REASON, UNTIL)
"""What `[[waiver]]` may say; `certkit.waiver` reads it."""
