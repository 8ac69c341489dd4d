"""The wiring of `doctor`'s question to IAM: would the caller's policies allow this?"""

from collections.abc import Callable, Iterable

from certkit.aws import survey
from certkit.aws.sessions import Identity
from certkit.cli.cloud import Cloud
from certkit.doctor import Check, State, of_error
from certkit.errors import AwsDeniedError, AwsRefusedError, CertkitError
from certkit.policy import probes
from certkit.policy.statement import Statement


def ask(
    cloud: Cloud,
    identity: Identity,
    region: str,
    about: str,
    held: Iterable[Statement],
    judge: Callable[[set[str]], Check],
) -> Check:
    """Returns what comes of the question.

    Args:
        region: of the partition.
        held: what the caller should be allowed.
        judge: makes a check of the actions that are denied.
    """
    principal = survey.principal_of(identity.arn)
    if principal is None:
        return Check(about, State.WARN, f"not provable: IAM simulates no {identity.arn}")
    denied: set[str] = set()
    try:
        for probe in probes(held):
            denied |= survey.denied(cloud.aws, region, principal, (probe.actions, probe.resources, probe.context))
    except (AwsDeniedError, AwsRefusedError) as error:
        hint = "allow iam:SimulatePrincipalPolicy, or compare with certkit policy"
        return Check(about, State.WARN, f"not provable: {error.message}", hint)
    except CertkitError as error:
        return of_error(about, error)
    return judge(denied)
