"""Partitions and their first regions."""

from __future__ import annotations

import boto3
import pytest

from certkit.aws.partitions import home_of, partition_of


def test_every_region_that_boto3_knows_is_in_its_partition() -> None:
    session = boto3.Session()
    partitions = session.get_available_partitions()

    told = {
        partition: {*map(partition_of, session.get_available_regions("acm", partition))} for partition in partitions
    }

    assert told == {partition: {partition} for partition in partitions}


def test_every_partition_has_a_first_region_of_its_own() -> None:
    session = boto3.Session()
    partitions = session.get_available_partitions()

    homes = {partition: home_of(partition) for partition in partitions}

    assert {partition: partition_of(home) for partition, home in homes.items()} == {one: one for one in partitions}


@pytest.mark.parametrize("partition", ["aws", "aws-of-tomorrow"])
def test_where_nothing_else_is_known_home_is_us_east_1(partition: str) -> None:
    assert home_of(partition) == "us-east-1"
