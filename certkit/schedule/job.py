"""What is to be run every night, and by whom: values alone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

UNIT: Final = "certkit-renew"
"""What the job is called wherever it has a name."""

FOLDER: Final = "/etc/certkit"
"""Where a manifest stands that has no place yet."""

STATE: Final = "/var/lib/certkit"


class Kind(StrEnum):
    """Who runs it."""

    CRON = "cron"
    SYSTEMD = "systemd"
    KUBERNETES = "kubernetes"
    GITHUB = "github"
    LAMBDA = "lambda"


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run, and when.

    Attributes:
        program: certkit, by its whole path.
        package: what pip installs first, where nothing stays installed.
        manifest: by its whole path; for GitHub by that in the repository.
        hour, minute: when, in the time zone of who runs it; GitHub's and Kubernetes's is UTC.
        jitter: the most that each run waits first.
        ledger: where the ledger is, None for the state folder.
        role: the ARN of the role that the job has, or takes.
        image: the container's.
        secrets: the Kubernetes Secrets that the bundles are in.
    """

    program: str
    package: str
    manifest: str
    hour: int
    minute: int
    jitter: str
    ledger: str | None = None
    role: str | None = None
    image: str = ""
    secrets: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command and its arguments, without the program."""
        return ("renew", self.manifest, "--jitter", self.jitter)
