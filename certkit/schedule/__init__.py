"""The definitions of the job that runs `certkit renew` every night: values to the text of files. No I/O."""

from collections.abc import Mapping

from certkit.schedule.github import github
from certkit.schedule.host import cron, systemd
from certkit.schedule.job import FOLDER, Job, Kind
from certkit.schedule.kubernetes import kubernetes

__all__ = ["FOLDER", "Job", "Kind", "files"]


def files(kind: Kind, job: Job) -> Mapping[str, str]:
    """Returns the files of one kind, by their names."""
    return {Kind.CRON: cron, Kind.SYSTEMD: systemd, Kind.KUBERNETES: kubernetes, Kind.GITHUB: github}[kind](job)
