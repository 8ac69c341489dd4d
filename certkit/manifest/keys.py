"""Every key of the manifest: its reader, its form for editors, and what a user reads about it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from certkit import freeze, region, waves
from certkit.escrow import where
from certkit.manifest import values
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


SOURCE: Final = Key("source", values.source, _TEXT, "the bundle, a SOURCE", '"shop.pfx"', "required, or `body`")
BODY: Final = Key("body", values.source, _TEXT, "the certificate, a SOURCE, where `key` is another", '"shop.crt"')
KEY: Final = Key("key", values.source, _TEXT, "the private key, where the bundle lacks it", '"shop.key"')
CHAIN: Final = Key("chain", values.source, _TEXT, "more certificates for the chain", '"chain.pem"')
PASSIN: Final = Key(
    "passin",
    values.password,
    {"type": "string", "pattern": f"^({values.PASSIN_PATTERN})$"},
    "where the password is: `env:`, `file:`, `secretsmanager://` or `ssm:///`",
    '"env:PFX_PASSWORD"',
)
KEY_PASSIN: Final = Key(
    "key_passin", values.password, PASSIN.form, "the same for a key with a password of its own", '"file:key.pass"'
)
ALIAS: Final = Key("alias", values.text, _TEXT, "the entry of a keystore, as `--alias`", '"tomcat"')
NAME_MATCH: Final = Key("name_match", values.text, _TEXT, "the leaf by a DNS name, as `--name-match`", '"a.example"')
ROOTS: Final = Key("roots", values.source, _TEXT, "roots that complete the chain, as `--roots`", '"roots.pem"')
INCLUDE_ROOT: Final = Key("include_root", values.flag, _FLAG, "whether to keep a root in the chain", "true", "false")
FOR: Final = Key(
    "for", values.services, _some({"enum": list(SERVICES)}), "the services that are to use it", '["cloudfront"]'
)
REGIONS: Final = Key(
    "regions",
    values.regions,
    _some(_form(region.PATTERN)),
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
OWNER: Final = Key("owner", values.text, _TEXT, "who is told of it", '"web"')
RENEW_COMMAND: Final = Key(
    "renew_command",
    values.command,
    _COMMAND,
    "what renews the source, as a list of arguments",
    '["certbot", "renew", "--cert-name", "shop"]',
)
RENEW_WHEN: Final = Key(
    "renew_when",
    values.threshold,
    _form(values.THRESHOLD_PATTERN),
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

ACCOUNT_ID: Final = Key("id", values.account_id, _form(values.ACCOUNT_PATTERN), "its ID", '"111122223333"', "required")
ROLE: Final = Key(
    "role",
    values.role,
    _form(values.ROLE_PATTERN),
    "the role to assume in it",
    '"arn:aws:iam::111122223333:role/certkit"',
    "none: the caller is in it",
)
WAVE: Final = Key("wave", values.wave, _WAVE, "when it gets its certificates", "2", "1, the first")
EXTERNAL_ID: Final = Key(
    "external_id", values.external_id, _form(values.EXTERNAL_ID_PATTERN), "what the role asks for", '"k3x0"'
)

SNS: Final = Key(
    "sns",
    values.topic,
    _form(values.TOPIC_PATTERN),
    "the SNS topic that is told",
    '"arn:aws:sns:us-east-1:111122223333:certificates"',
)
WEBHOOK: Final = Key(
    "webhook",
    values.webhook,
    PASSIN.form,
    "where the address of the webhook is that is told, in Slack's form",
    '"env:SLACK_WEBHOOK"',
)
EVENTS: Final = Key(
    "events",
    values.bus,
    _form(values.BUS_PATTERN),
    "the EventBridge bus that gets an event for each certificate",
    '"default"',
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

JOB_NAME: Final = Key(
    "name", values.job, _form(values.JOB_PATTERN), "what ledger and CloudWatch call it", '"nightly"', "renew"
)
JOB_COMMAND: Final = Key(
    "command", values.job_command, {"enum": list(values.JOB_COMMANDS)}, "the command that it is", '"apply"', "renew"
)
EVERY: Final = Key(
    "every", values.interval, _form(values.INTERVAL_PATTERN), "how often it runs", '"1d"', "as its heartbeats say"
)
PING: Final = Key(
    "ping",
    values.webhook,
    PASSIN.form,
    "where the address is that is called after each run, with `/fail` behind it where it failed",
    '"env:PING"',
)
HEARTBEAT: Final = Key("heartbeat", values.flag, _FLAG, "whether CloudWatch gets a metric of each run", "true", "false")

RULE: Final = Key(
    "rule", values.text, {"enum": [one.id for one in CRITERIA]}, "the rule", '"validity-over-public-limit"', "required"
)
MATCH: Final = Key("match", values.text, _TEXT, "a pattern for the certificate's name", '"shop*"', "required")
REASON: Final = Key("reason", values.text, _TEXT, "why it is waived", '"internal CA"', "required")
UNTIL: Final = Key(
    "until",
    lambda value: value if isinstance(value, dt.date) else None,
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "the last day on which it holds, in UTC",
    "2027-01-31",
    "required",
)

PAUSE: Final = Key(
    "pause",
    values.interval,
    _form(values.INTERVAL_PATTERN),
    "how long to wait after a wave in which something was written",
    '"30m"',
)
WAVE_REGIONS: Final = Key(
    "regions",
    values.wave_table,
    {"type": "object", "propertyNames": _form(region.PATTERN), "additionalProperties": _WAVE},
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
    "time_zone", values.zone, _TEXT, "the time zone of what names none, by its IANA name", '"Europe/Berlin"', "UTC"
)
FREEZE_MATCH: Final = Key("match", values.text, _TEXT, "a pattern for the certificate's name", '"shop*"', "`*`")
FREEZE_ACCOUNTS: Final = Key(
    "accounts", values.some, _some(_TEXT), "the accounts that it is for, by their names here", '["prod"]', "all"
)
FREEZE_REASON: Final = Key("reason", values.text, _TEXT, "why nothing is written", '"the week\'s end"', "required")
BREAK_WITHIN: Final = Key(
    "break_within",
    values.interval,
    _form(values.INTERVAL_PATTERN),
    "what ACM holds and has no more than this left is replaced all the same",
    '"7d"',
    "nothing is",
)

BUCKET: Final = Key(
    "bucket", values.bucket, _form(where.BUCKET_PATTERN), "the bucket, which keeps versions", '"escrow"'
)
PREFIX: Final = Key("prefix", values.prefix, _form(where.PREFIX_PATTERN), "what its keys begin with", '"certkit"')
KMS_KEY: Final = Key(
    "kms_key",
    values.kms_key,
    _form(where.KMS_KEY_PATTERN),
    "the KMS key that S3 encrypts under",
    '"alias/certkit"',
    "required with `bucket`",
)
BUCKET_REGION: Final = Key(
    "region", values.region_name, _form(region.PATTERN), "the bucket's", '"eu-west-1"', "found out"
)
FOLDER: Final = Key("folder", values.path, _TEXT, "a folder of this machine, in the bucket's place", '"escrow"')
RECIPIENT: Final = Key(
    "recipient",
    values.path,
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
