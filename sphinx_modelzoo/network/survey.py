"""All addresses of a zoo, looked at once each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.network.cache import Journal
from sphinx_modelzoo.network.http import Client
from sphinx_modelzoo.network.links import Look, Patience, Step, start, take_step
from sphinx_modelzoo.network.model import Finding, Outcome, State
from sphinx_modelzoo.network.schedule import Again, Limits, Schedule
from sphinx_modelzoo.network.targets import addresses


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """How links are checked; what is unknown is asked again in the next run."""

    journal: Journal
    patience: Patience
    limits: Limits
    timeout: float

    def run(self, zoo: Zoo) -> Iterator[Finding]:
        """Look at every address of a zoo; give each finding as it is there."""
        uses = addresses(zoo)
        jobs: list[Again[Look]] = []
        for address in uses:
            known = self._known(address)
            if known is None:
                jobs.append(start(address))
            else:
                yield Finding(address, known, uses[address], cached=True)
        client = Client(self.timeout)
        schedule = Schedule[Look, Step](
            lambda look, _: take_step(client, look, self.patience), _lost, self.limits
        )
        try:
            for address, outcome in schedule.run(jobs):
                if outcome.state is not State.UNKNOWN:
                    self.journal.put(
                        address,
                        state=outcome.state.value,
                        what=outcome.what,
                        remedy=outcome.remedy,
                    )
                yield Finding(address, outcome, uses[address])
        finally:
            client.close()

    def _known(self, address: str) -> Outcome | None:
        fact = self.journal.get(address)
        try:
            if fact is None:
                return None
            return Outcome(State(fact["state"]), str(fact["what"]), str(fact["remedy"]))
        except (KeyError, ValueError):
            return None


def _lost(look: Look) -> Step:
    outcome = Outcome(State.UNKNOWN, "the server does not answer in time", "try again")
    return look.address, outcome
