"""What ACM says instead of doing what it was asked."""

from __future__ import annotations


class AwsRefusal(Exception):  # noqa: N818 - an answer of the service, not a failure of it
    """An error answer of ACM.

    Attributes:
        code: AWS's error code, by which clients tell refusals apart.
        message: AWS's text; a text that no public source quotes is marked where it is raised.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def invalid(message: str) -> AwsRefusal:
    """The refusal that nearly all of ACM's checks end in."""
    return AwsRefusal("ValidationException", message)


def not_found(arn: str) -> AwsRefusal:
    """The refusal of an ARN that nothing has."""
    return AwsRefusal("ResourceNotFoundException", f"Could not find certificate {arn}.")
