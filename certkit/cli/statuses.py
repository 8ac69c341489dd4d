"""The wiring of `status`."""

from certkit.cli.cloud import Cloud
from certkit.cli.options import OutputFormat
from certkit.cli.session import Session
from certkit.errors import CertkitError
from certkit.expiry import Threshold
from certkit.inventory import problems, take
from certkit.report import status as report


def show(session: Session, threshold: Threshold, output_format: OutputFormat, *, counts: bool) -> int:
    """Shows what is in ACM and returns the exit code.

    Args:
        counts: whether an expiring certificate makes it 1.

    Raises:
        CertkitError: AWS cannot be reached at all.
    """
    cloud = Cloud(session)
    regions = cloud.regions_to_read()
    identity = cloud.identity(regions[0])
    inventory = take(cloud.aws, regions)
    now = session.clock()
    if output_format is OutputFormat.JSON:
        session.show_document(report.document(inventory, identity.account, now, threshold))
    else:
        session.show(report.text(inventory, now, threshold))
    for problem in problems(inventory):
        session.say(f"certkit: warning: {problem}")
    if not inventory.is_complete:
        return CertkitError.exit_code
    return int(counts and any(report.is_expiring(one, now, threshold) for one in inventory.certificates))
