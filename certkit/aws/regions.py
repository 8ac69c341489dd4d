"""The regions that botocore knows: a list that may be older than AWS, and good enough for suggestions."""

from botocore.session import get_session


def known_regions() -> tuple[str, ...]:
    """Returns the regions of all partitions that have ACM by botocore's list, sorted; AWS is not asked."""
    session = get_session()
    partitions = session.get_available_partitions()
    return tuple(sorted({name for one in partitions for name in session.get_available_regions("acm", one)}))
