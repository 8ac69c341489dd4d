"""Partitions: which one a region belongs to, and the region that stands for us-east-1 where there is none."""

from typing import Final

from certkit.region import HOME_REGION

AWS: Final = "aws"
"""The partition of everybody who is in no other."""

_OTHERS: Final = {
    "aws-cn": ("cn-", "cn-north-1"),
    "aws-us-gov": ("us-gov-", "us-gov-west-1"),
    "aws-eusc": ("eusc-", "eusc-de-east-1"),
    "aws-iso": ("us-iso-", "us-iso-east-1"),
    "aws-iso-b": ("us-isob-", "us-isob-east-1"),
    "aws-iso-e": ("eu-isoe-", "eu-isoe-west-1"),
    "aws-iso-f": ("us-isof-", "us-isof-south-1"),
}
"""The prefix of its regions' names and its first region, by partition: botocore's `partitions.json`."""


def partition_of(region: str) -> str:
    """Returns the partition that a region belongs to, by its name."""
    return next((partition for partition, (prefix, _) in _OTHERS.items() if region.startswith(prefix)), AWS)


def home_of(partition: str) -> str:
    """Returns the region that global things are asked of: us-east-1, in other partitions the first of theirs."""
    return _OTHERS[partition][1] if partition in _OTHERS else HOME_REGION
