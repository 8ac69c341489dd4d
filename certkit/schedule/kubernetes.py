"""The job in Kubernetes: a CronJob that runs with as little as certkit needs."""

from collections.abc import Mapping, Sequence

from certkit.schedule.job import FOLDER, STATE, UNIT, Job
from certkit.schedule.yaml import block


def kubernetes(job: Job) -> Mapping[str, str]:
    """Returns a CronJob, which runs with as little as certkit needs, and the account that it runs as."""
    mounts = [_mount("config", FOLDER), _mount("state", STATE), _mount("tmp", "/tmp")]  # noqa: S108 -- the container's own
    mounts += [_mount(f"secret-{number}", f"/certificates/{name}") for number, name in enumerate(job.secrets)]
    volumes: list[Mapping[str, object]] = [
        {"name": "config", "configMap": {"name": "certkit"}},
        {"name": "state", "emptyDir": {}},
        {"name": "tmp", "emptyDir": {"medium": "Memory"}},
    ]
    volumes += [
        {"name": f"secret-{number}", "secret": {"secretName": name, "defaultMode": 0o440}}
        for number, name in enumerate(job.secrets)
    ]
    container = {
        "name": "certkit",
        "image": job.image,
        "command": ["certkit", *job.arguments],
        "env": _variables(job),
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{**mount, "readOnly": mount["name"] not in {"state", "tmp"}} for mount in mounts],
    }
    return {f"{UNIT}.yaml": "---\n".join(block(each) for each in (_account(job), _cron_job(job, container, volumes)))}


def _account(job: Job) -> Mapping[str, object]:
    """Returns the service account; the annotation is for roles of EKS, and does nothing elsewhere."""
    notes = {"annotations": {"eks.amazonaws.com/role-arn": job.role}} if job.role else {}
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": UNIT, **notes}}


def _cron_job(
    job: Job, container: Mapping[str, object], volumes: Sequence[Mapping[str, object]]
) -> Mapping[str, object]:
    pod = {
        "serviceAccountName": UNIT,
        "restartPolicy": "Never",
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": list(volumes),
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": UNIT},
        "spec": {
            "schedule": f"{job.minute} {job.hour} * * *",
            "timeZone": "Etc/UTC",
            "concurrencyPolicy": "Forbid",
            "jobTemplate": {"spec": {"backoffLimit": 2, "template": {"spec": pod}}},
        },
    }


def _variables(job: Job) -> list[Mapping[str, str]]:
    settings = {"CERTKIT_STATE": STATE, **({"CERTKIT_LEDGER": job.ledger} if job.ledger else {})}
    return [{"name": name, "value": value} for name, value in settings.items()]


def _mount(name: str, path: str) -> dict[str, object]:
    return {"name": name, "mountPath": path}
