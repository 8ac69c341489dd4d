"""AWS: sessions, the one typed wrapper of ACM, and what AWS's errors mean. boto3 is reached from here only."""

from collections.abc import Mapping


def lambda_handler(event: object, context: object) -> Mapping[str, object]:
    """Runs one command in AWS Lambda: the handler's name in the template of `certkit schedule lambda`.

    `certkit.invocation` says what an event may be, and what comes back.
    """
    from certkit.invocation import run  # noqa: PLC0415 -- it stands above the command line, and this package far below

    return run(event, context)
