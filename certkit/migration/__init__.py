"""The way to a new ARN: what is to be done, in which order, and what stands in its way. No I/O."""

from certkit.migration.course import Migration, Obstacle, Stage
from certkit.migration.keeper import Keeper, keeper_of
from certkit.migration.move import Move, ordered

__all__ = ["Keeper", "Migration", "Move", "Obstacle", "Stage", "keeper_of", "ordered"]
