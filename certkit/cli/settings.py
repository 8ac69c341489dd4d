"""What the options that several commands share have set: plain values, which the session carries."""

from certkit import limits


class ReadingOptions:
    """How the user wants SOURCEs to be read; see `options.reading_options` for what each means."""

    key: str | None = None
    chain: str | None = None
    passin: str | None = None
    key_passin: str | None = None
    alias: str | None = None
    name_match: str | None = None
    roots: str | None = None
    include_root: bool = False
    prefer_root: str | None = None
    intermediates: tuple[str, ...] = ()
    complete: bool = False
    allow_private_aia: bool = False
    strict: bool = False
    max_iterations: int = limits.MAX_ITERATIONS


class AwsOptions:
    """Where in AWS, and as whom; see `options.aws_options` for what each means."""

    region: tuple[str, ...] = ()
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    expect_account: tuple[str, ...] = ()


class LedgerOptions:
    """Where what is done is kept; see `options.ledger_options` for what each means."""

    ledger: str | None = None
    no_ledger: bool = False
    lock_timeout: float = 60.0


class EscrowOptions:
    """Where the last good bundles are kept, and what opens them; see `options.escrow_options` for what each means."""

    escrow: str | None = None
    key: str | None = None
