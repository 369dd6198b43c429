"""The report of training tells what the statistics of the tasks tell."""

from agent_service.attendance.month import Wanted
from agent_service.training.figures import statistics
from agent_service.training.store import Filter
from protocol.facts.document import DocumentPublished, TrainingTask
from protocol.facts.training import TrainingAssigned, TrainingItem, TrainingWithdrawn
from tests.service.reports.scene import APRIL, report, rows
from tests.service.shifts import Shifts, at

DRAWN = (TrainingItem("c", 1),)


def give(floor: Shifts, task: str, *agents: str) -> None:
    """At this moment."""
    for agent in agents:
        floor.record(TrainingAssigned(f"{task} {agent}", task, 1, agent, DRAWN, 20, "2001"))


def test_a_row_a_task_in_the_order_of_their_numbers(floor: Shifts) -> None:
    for number, name in ((2, "规章"), (1, "新人培训")):
        body = TrainingTask(name, contents=("c",))
        floor.record(DocumentPublished(f"t{number}", 1, number, body, "2001"))
    give(floor, "t2", "1001", "1002", "1003")
    give(floor, "t1", "1001")
    floor.record(TrainingWithdrawn("t2 1002", "2001", ""))
    *found, total = rows(report(floor, "training"))
    assert [(each["task_number"], each["task"], each["participants"]) for each in found] == [
        ("1", "新人培训", 1),
        ("2", "规章", 2),
    ]
    assert (total["participants"], total["not_completed"], total["completion"]) == (3, 3, 0)
    told = statistics(floor.connection, Filter())
    assert [each.participants for each in told] == [each["participants"] for each in found]
    (of_team,), of_one = (
        rows(report(floor, "training", Wanted(team="B")))[:-1],
        rows(report(floor, "training", Wanted(agent="1001"))),
    )
    assert (of_team["task_number"], of_team["participants"]) == ("2", 1)
    assert of_one[-1]["participants"] == 2
    floor.now_ms = at("12:00", APRIL)
    give(floor, "t1", "1002")
    assert rows(report(floor, "training"))[-1]["participants"] == 3
