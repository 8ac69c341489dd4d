"""The job on one machine: a crontab's line, or a unit of systemd with its timer."""

import shlex
from collections.abc import Mapping

from certkit.schedule.job import FOLDER, STATE, UNIT, Job


def cron(job: Job) -> Mapping[str, str]:
    """Returns a line for a crontab, where a bare `%` would end the command: crontab(5)."""
    settings = {"CERTKIT_LEDGER": job.ledger} if job.ledger else {}
    words = [*(f"{name}={value}" for name, value in settings.items()), job.program, *job.arguments]
    command = shlex.join([*(["env"] if settings else []), *words]).replace("%", r"\%")
    return {
        UNIT: f"# crontab -e takes these lines; cron mails what the job says to the crontab's owner.\n"
        f"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
        f"{job.minute} {job.hour} * * * {command}\n"
    }


def systemd(job: Job) -> Mapping[str, str]:
    """Returns a service and its timer, which makes up for a run that a machine slept through: systemd.timer(5)."""
    words = [job.program, "renew", job.manifest]
    settings = {"CERTKIT_STATE": STATE, **({"CERTKIT_LEDGER": job.ledger} if job.ledger else {})}
    lines = "\n".join(f"Environment={_unit_word(f'{name}={value}')}" for name, value in settings.items())
    return {
        f"{UNIT}.service": f"""[Unit]
Description=Renew certificates and bring them to AWS Certificate Manager
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={" ".join(_unit_word(word.replace("$", "$$")) for word in words)}
{lines}
EnvironmentFile=-{FOLDER}/environment
StateDirectory=certkit
StateDirectoryMode=0700
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
""",
        f"{UNIT}.timer": f"""[Unit]
Description=Renew certificates every night

[Timer]
OnCalendar=*-*-* {job.hour:02}:{job.minute:02}:00
RandomizedDelaySec={job.jitter}
Persistent=yes

[Install]
WantedBy=timers.target
""",
    }


def _unit_word(word: str) -> str:
    """Returns a word as a unit file has it: systemd.syntax(7), "Quoting", and systemd.unit(5), "Specifiers"."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if escaped != word or any(map(str.isspace, word)) or "'" in word else word
