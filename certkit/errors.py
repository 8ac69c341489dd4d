"""Every failure certkit reports: whose move it is, what happened, and what to do about it.

A broken rule is a finding and a bug is a traceback; everything else that goes wrong is one of these. The tree follows who
can mend it: the caller's usage, the input, the bundle's content, the output folder, AWS.
"""

from typing import ClassVar


class CertkitError(Exception):
    """A failure with a stable code, a message for people and, where there is one, a remedy.

    Attributes:
        code: the stable word in `certkit.error/1` documents; listed in `docs/errors.md`.
        exit_code: what the process exits with when this ends it.
        message: lower case, no full stop, the thing first.
        hint: what to do, or None where no remedy can be named.
    """

    code: ClassVar[str] = "failure"
    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def about(self, thing: str) -> "CertkitError":
        """Returns the same error with `thing` (a SOURCE, say) in front of its message."""
        named = type(self).__new__(type(self))
        named.__dict__.update(self.__dict__)
        CertkitError.__init__(named, f"{thing}: {self.message}", hint=self.hint)
        return named


class UsageError(CertkitError):
    """The command line does not say what to do."""

    code = "usage"
    exit_code = 2


class ConfigurationError(CertkitError):
    """A setting, in a file or the environment, cannot be used."""

    code = "configuration"
    exit_code = 2


class InputError(CertkitError):
    """The input cannot be read."""


class InputUnreadableError(InputError):
    """Malformed, empty, not a file, or in a format that is none."""

    code = "input-unreadable"


class NothingToReadError(InputUnreadableError):
    """It is whole, and holds neither a certificate nor a private key that can be read."""


class InputTooLargeError(InputError):
    """Reading it would take more bytes or more key derivation than `limits` allows."""

    code = "input-too-large"


class PasswordMissingError(InputError):
    """The input is encrypted and there is no password for it."""

    code = "password-missing"


class PasswordWrongError(InputError):
    """The password given does not open the input."""

    code = "password-wrong"


class AlgorithmUnsupportedError(InputError):
    """A cipher, key derivation or key type that cannot be used here."""

    code = "algorithm-unsupported"


class KeyUnsupportedError(AlgorithmUnsupportedError):
    """A private key that is as it should be, of a kind or on a curve that cannot be used here.

    Attributes:
        algorithm: its AlgorithmIdentifier (RFC 5958 section 2), encoded.
    """

    def __init__(self, message: str, *, hint: str | None = None, algorithm: bytes) -> None:
        super().__init__(message, hint=hint)
        self.algorithm = algorithm


class ContentError(CertkitError):
    """The input was read, and what it holds does not make a bundle. In `validate` a finding.

    Attributes:
        part: where the fault is: `bundle`, `key`, `leaf` or `chain[N]`.
    """

    def __init__(self, message: str, *, hint: str | None = None, part: str = "bundle") -> None:
        super().__init__(message, hint=hint)
        self.part = part


class NoKeyError(ContentError):
    """A private key is needed and there is none."""

    code = "no-key"


class NoLeafError(ContentError):
    """There is no certificate at all."""

    code = "no-leaf"


class KeyMismatchError(ContentError):
    """There are certificates, but none for the private key."""

    code = "key-mismatch"


class SeveralLeavesError(ContentError):
    """More than one certificate could be the leaf and nothing chooses between them."""

    code = "several-leaves"


class ChainBrokenError(ContentError):
    """A signature in the chain does not verify with its issuer's key."""

    code = "chain-broken"


class RepairRefusedError(CertkitError):
    """The input needs mending, and `--strict` forbids that."""

    code = "repair-refused"


class OutputExistsError(CertkitError):
    """A file is in the way and `--force` was not given."""

    code = "output-exists"


class OutputUnwritableError(CertkitError):
    """The output folder cannot be written."""

    code = "output-unwritable"


class StateUnwritableError(CertkitError):
    """What certkit remembers from run to run cannot be kept."""

    code = "state-unwritable"


class LedgerError(CertkitError):
    """The ledger cannot be reached, read or written."""

    code = "ledger-unreachable"


class LedgerUnreadableError(LedgerError):
    """What stands where the ledger should be is damaged, of a later certkit, or none."""

    code = "ledger-unreadable"


class LedgerConflictError(CertkitError):
    """The ledger says already that the same write ended otherwise."""

    code = "ledger-conflict"


class LockedError(CertkitError):
    """Another run holds the lock.

    Attributes:
        who: who holds it, empty where that cannot be told.
        since: from when on, as RFC 3339, empty where that cannot be told.
    """

    code = "locked"

    def __init__(self, message: str, *, hint: str | None = None, who: str = "", since: str = "") -> None:
        super().__init__(message, hint=hint)
        self.who = who
        self.since = since


class EscrowError(CertkitError):
    """The escrow cannot be reached, read or written, or is not safe to put a key into."""

    code = "escrow-unusable"


class EscrowUnreadableError(EscrowError):
    """What stands in the escrow is damaged, closed to another key, or not what its name promises."""

    code = "escrow-unreadable"


class NothingEscrowedError(CertkitError):
    """There is no bundle in escrow to go back to."""

    code = "nothing-escrowed"


class NotImportableError(CertkitError):
    """An error-level finding stops the import before any call to AWS."""

    code = "not-importable"
    exit_code = 1


class ReimportIncompatibleError(CertkitError):
    """ACM would refuse to put this certificate under that ARN."""

    code = "reimport-incompatible"


class UnsafeError(CertkitError):
    """A plan holds what a person should look at first."""

    code = "unsafe"
    exit_code = 1


class HeldError(CertkitError):
    """What was rolled back to is about to expire, and the SOURCE gives nothing but what was rolled back from."""

    code = "held"


class PlanChangedError(CertkitError):
    """The plan is not the one that was reviewed."""

    code = "plan-changed"


class AmbiguousError(CertkitError):
    """More than one certificate in ACM could be meant."""

    code = "ambiguous"


class ReadOnlyError(CertkitError):
    """A write was asked for while `CERTKIT_READ_ONLY=1` forbids every write."""

    code = "read-only"
    exit_code = 2


class NotBegunError(CertkitError):
    """A write was held back: so many others have failed, or the same one in an earlier wave, or there is no time left."""

    code = "not-begun"


class ItemLostError(CertkitError):
    """The worker of a fleet's item ended without saying what came of it."""

    code = "item-lost"


class CommandError(CertkitError):
    """A program that the configuration names, to renew or as a hook, failed."""

    code = "command-failed"


class NotToldError(CertkitError):
    """Somebody who should know of an expiry could not be told."""

    code = "not-told"


class AwsError(CertkitError):
    """AWS did not do what was asked.

    Attributes:
        aws_code: the error code in AWS's answer, empty where there was no answer.
        request_id: AWS's identifier of the request, empty where there was no answer.
    """

    code = "aws-refused"

    def __init__(self, message: str, *, hint: str | None = None, aws_code: str = "", request_id: str = "") -> None:
        super().__init__(message, hint=hint)
        self.aws_code = aws_code
        self.request_id = request_id


class AwsRefusedError(AwsError):
    """AWS understood the request and refused it."""


class AwsAuthError(AwsError):
    """There are no credentials, or AWS does not accept them."""

    code = "aws-auth"


class AwsDeniedError(AwsError):
    """The caller may not do this."""

    code = "aws-denied"


class AwsThrottledError(AwsError):
    """The rate limit was still exceeded after the retries."""

    code = "aws-throttled"


class AwsQuotaError(AwsError):
    """A quota of the account is used up."""

    code = "aws-quota"


class AwsUnreachableError(AwsError):
    """No answer from AWS: what was asked may or may not have been done."""

    code = "aws-unreachable"


class AwsNotSentError(AwsUnreachableError):
    """No connection to AWS: the request, at least the last time, was not sent."""


class AwsMismatchError(AwsRefusedError):
    """ACM does not show what it was given, within the deadline.

    Attributes:
        holds_leaf: whether it shows the leaf, and something else is wrong: its chain.
    """

    def __init__(self, message: str, *, hint: str | None = None, holds_leaf: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.holds_leaf = holds_leaf
