"""The definitions of the job that runs `certkit renew` every night: values to the text of files. No I/O."""

from collections.abc import Mapping

from certkit.schedule import members as roles
from certkit.schedule import stack
from certkit.schedule.function import Function, Program
from certkit.schedule.github import github
from certkit.schedule.host import cron, systemd
from certkit.schedule.job import FOLDER, Job, Kind
from certkit.schedule.kubernetes import kubernetes
from certkit.schedule.members import Members

__all__ = ["FOLDER", "Function", "Job", "Kind", "Members", "Program", "files", "lambda_files"]


def files(kind: Kind, job: Job) -> Mapping[str, str]:
    """Returns the files of one kind, by their names; those of Lambda are `lambda_files`."""
    return {Kind.CRON: cron, Kind.SYSTEMD: systemd, Kind.KUBERNETES: kubernetes, Kind.GITHUB: github}[kind](job)


def lambda_files(function: Function, manifest: str, package: str, members: Members | None) -> Mapping[str, str]:
    """Returns the templates and what they refer to, by their names.

    Args:
        manifest: its text, which goes with the function whether or not it is read from there.
        package: what pip installs where certkit is not a zip.
        members: None where no other account has roles.
    """
    return {
        "template.yaml": stack.template(function),
        "function/certkit.toml": manifest,
        **({} if function.program.is_ready else {"program/requirements.txt": f"{package}\n"}),
        **({"members.yaml": roles.template(members)} if members else {}),
    }
