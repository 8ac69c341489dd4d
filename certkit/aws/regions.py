"""The regions that botocore knows: a list that may be older than AWS, and good enough for suggestions."""

from botocore.session import get_session


def known_regions(service: str = "acm") -> tuple[str, ...]:
    """Returns the regions in which `service` is by botocore's list, of all partitions, sorted; AWS is not asked."""
    session = get_session()
    partitions = session.get_available_partitions()
    return tuple(sorted({name for one in partitions for name in session.get_available_regions(service, one)}))
