"""What `GET /metrics` answers: Prometheus text. Everything is read when somebody asks."""

import itertools
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from pathlib import Path

from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from agent_service.connections import Connections
from agent_service.dispatch import Standing
from agent_service.page import Answer
from agent_service.presence.feed import Feed
from agent_service.presence.floor import Floor
from agent_service.release import VERSION
from agent_service.tally import Spread, Unread
from agent_service.writer import Writer
from protocol.facts.agent import State
from protocol.wire.sync import Link


class Metrics:
    """A registry of this service's own, so that several can run in one process."""

    def __init__(self, collectors: Sequence[Collector]) -> None:
        self._registry = CollectorRegistry()
        for collector in collectors:
            self._registry.register(collector)
        ProcessCollector(registry=self._registry)

    def answer(self) -> Answer:
        """All figures as they are."""
        body = generate_latest(self._registry).decode()
        return Answer(HTTPStatus.OK, CONTENT_TYPE_LATEST, body)


class FloorMetrics(Collector):
    """Who is connected, and what became of it."""

    def __init__(
        self,
        connections: Connections,
        floor: Floor,
        feed: Feed,
        mono_s: Callable[[], float],
    ) -> None:
        self._connections = connections
        self._floor = floor
        self._feed = feed
        self._mono_s = mono_s
        self._started_s = mono_s()

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        yield _info("seatline_build", "The program.", version=VERSION)
        yield _gauge("seatline_uptime_seconds", "Since the start.", self._uptime_s())
        yield self._by_standing()
        yield _gauge(
            "seatline_seats_signed_in", "Connected with a person.", self._connections.signed_in
        )
        yield _gauge("seatline_seats_offline", "Signed in, not heard.", self._offline())
        yield _gauge("seatline_feed_subscribers", "Watch the floor.", len(self._feed))
        peers = self._connections.peers
        yield _counter("seatline_slow_readers_cut_off", "Left too much unread.", peers.slow_readers)
        yield self._refusals()

    def _uptime_s(self) -> float:
        return self._mono_s() - self._started_s

    def _by_standing(self) -> Metric:
        counts = Counter(self._connections.standings())
        family = GaugeMetricFamily(
            "seatline_connections", "Open, by how far they have come.", labels=["standing"]
        )
        for standing in Standing:
            family.add_metric([standing.name.lower()], counts[standing])
        return family

    def _offline(self) -> int:
        rows = self._floor.rows.values()
        return sum(row.link is Link.OFFLINE and row.state is not State.LOGGED_OFF for row in rows)

    def _refusals(self) -> Metric:
        family = CounterMetricFamily("seatline_refusals", "Errors sent.", labels=["code"])
        for code, count in sorted(self._connections.peers.refusals.items()):
            family.add_metric([code], count)
        return family


class LedgerMetrics(Collector):
    """The ledger and the disk that it is on."""

    def __init__(self, writer: Writer, unread: Unread, path: Path) -> None:
        self._writer = writer
        self._unread = unread
        self._path = path
        self._log_file = path.with_name(path.name + "-wal")

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        writer = self._writer
        facts = writer.commits.facts
        yield _gauge("seatline_ledger_position", "The last entry.", writer.head.position)
        yield _counter("seatline_facts_appended", "Since the start.", facts.total)
        yield _counter("seatline_facts_unreadable", "Kept, not understood.", self._unread.total)
        yield _histogram("seatline_commit_facts", "Facts in a transaction.", facts)
        yield _histogram(
            "seatline_commit_seconds", "A transaction on the disk.", writer.commits.seconds
        )
        yield _gauge("seatline_writer_queue_jobs", "Wait to be written.", writer.waiting)
        yield _gauge("seatline_failing", "1: the disk refuses.", writer.failing)
        yield _gauge("seatline_wal_bytes", "SQLite's log.", self._log_bytes())
        free = shutil.disk_usage(self._path.parent).free
        yield _gauge("seatline_disk_free_bytes", "Where the ledger is.", free)

    def _log_bytes(self) -> int:
        try:
            return self._log_file.stat().st_size
        except OSError:
            return 0


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(name, words, value=value)


def _info(name: str, words: str, **labels: str) -> Metric:
    family = GaugeMetricFamily(f"{name}_info", words, labels=list(labels))
    family.add_metric(list(labels.values()), 1)
    return family


def _histogram(name: str, words: str, spread: Spread) -> Metric:
    bounds = [*map(str, spread.bounds), "+Inf"]
    buckets = list(zip(bounds, itertools.accumulate(spread.counts), strict=True))
    return HistogramMetricFamily(name, words, buckets=buckets, sum_value=spread.total)
