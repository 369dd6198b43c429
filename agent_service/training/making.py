"""Putting together the room of training."""

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent_service.allowance import Allowance
from agent_service.connections import Connections
from agent_service.core import Core
from agent_service.settings import Settings
from agent_service.training.assigning import RuleRounds
from agent_service.training.centre_handlers import CentreHandlers
from agent_service.training.handlers import TrainingHandlers
from agent_service.training.own import Teller
from agent_service.training.own_trainings import OwnTrainings
from agent_service.training.planned import PlannedTraining
from agent_service.training.recalls import Recalls
from agent_service.training.register import TrainingRegister
from agent_service.training.studying import Studying
from agent_service.training.trainees import TraineeHandlers


class TrainingRoom(NamedTuple):
    """What answers, and what goes on by itself."""

    rooms: tuple[object, ...]
    """The handlers."""
    own: OwnTrainings
    recalls: Recalls
    rules: RuleRounds
    register: TrainingRegister


def make_training(
    core: Core,
    settings: Settings,
    connections: Connections,
    allowance: Callable[[], Allowance],
) -> TrainingRoom:
    """Each handler has an allowance of its own."""
    kept, directory, now_ms = core.projections, core.directory, core.clock.now_ms
    training, news = settings.training, core.training
    register = TrainingRegister(core.appender, kept.assignments, kept.documents, now_ms)
    studying = Studying(core.floor, core.breaks.levels, settings.breaks, now_ms)
    planned = PlannedTraining(core.following, ZoneInfo(settings.site.zone), now_ms)
    return TrainingRoom(
        (
            TraineeHandlers(directory, allowance()),
            TrainingHandlers(
                register, studying, training, core.writer, directory, allowance(), now_ms
            ),
            CentreHandlers(core.archive, directory, allowance(), allowance()),
        ),
        OwnTrainings(
            news,
            Teller(studying, planned, training.idle_s),
            planned,
            core.following,
            directory.find,
            connections.people,
            connections.push,
            now_ms,
        ),
        Recalls(news, studying, register, core.writer, directory.find, training.recall_s, now_ms),
        RuleRounds(news, register, core.archive, core.writer, directory.people),
        register,
    )
