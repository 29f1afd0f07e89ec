"""What a session of ``verify-zoo`` leaves of each number: signatures, reasons, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sphinx_modelzoo.errors import Exit, ModelZooError
from sphinx_modelzoo.manifest.model import Zoo
from sphinx_modelzoo.receipts.bundle import bundle_path
from sphinx_modelzoo.receipts.claims import file_sha256, local_file
from sphinx_modelzoo.receipts.evidence import read_evidence
from sphinx_modelzoo.receipts.evidence_lines import read_item_line
from sphinx_modelzoo.receipts.model import FULL, SPOT, NumberKey, Receipt, Verdict
from sphinx_modelzoo.receipts.signing import SigningKey, read_signing_key, sign_receipt
from sphinx_modelzoo.receipts.status import number_key
from sphinx_modelzoo.receipts.store import read_receipt, receipt_path
from sphinx_modelzoo.receipts.trust import signed_files
from sphinx_modelzoo.verify.outcome import Outcome
from sphinx_modelzoo.verify.plan import Run
from sphinx_modelzoo.verify.recording import evidence_path
from sphinx_modelzoo.verify.refuted import predictions_path
from sphinx_modelzoo.verify.report.against_evidence import evidence_reasons
from sphinx_modelzoo.verify.report.reasons import Reason, likely_reasons
from sphinx_modelzoo.verify.shards.part import Part
from sphinx_modelzoo.verify.shares import journal_path
from sphinx_modelzoo.verify.text import printable


def former_receipts(runs: Sequence[Run], folder: Path) -> dict[NumberKey, Receipt]:
    """Read the newest receipt of each number, of whichever tier.

    Damaged ones, and those of other numbers that were copied there, are passed over.
    """
    found = {}
    for run in runs:
        for metric in run.metrics:
            number = number_key(run.entry, run.result, metric.key)
            paths = [receipt_path(folder, number, tier) for tier in (FULL, SPOT)]
            read = [receipt for path in paths if (receipt := _read(path)) is not None]
            known = [receipt for receipt in read if receipt.number == number]
            if known:
                found[number] = max(known, key=lambda receipt: receipt.started)
    return found


def signing_key(path: Path | None) -> SigningKey | None:
    """Read the key that receipts are to be signed with, where there is one.

    Raises:
        CallError: it cannot sign.
    """
    return read_signing_key(path) if path is not None else None


@dataclass(frozen=True, slots=True)
class Keeper:
    """Completes outcomes.

    ``receipts`` is their folder, ``former`` the receipts from before, ``key`` signs new ones.
    ``recorded`` is the folder of evidence that the session records, None where the manifest says.
    ``part`` is the shard that it predicts, None where it is all items.
    """

    zoo: Zoo
    receipts: Path
    former: Mapping[NumberKey, Receipt]
    key: SigningKey | None = None
    recorded: Path | None = None
    part: Part | None = None

    def completed(self, outcome: Outcome) -> Outcome:
        """Sign a number's receipt, where there is a key, and say what was kept of it."""
        receipt = _read(outcome.receipt) if outcome.receipt is not None else None
        if receipt is not None and outcome.receipt is not None and self.key is not None:
            outcome = self._signed(outcome, outcome.receipt, receipt, self.key)
        return replace(outcome, artefacts=self._artefacts(outcome))

    def explained(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Say of each refuted number what may be the reason, now that all are known."""
        return [
            replace(each, reasons=self._reasons(each, outcomes))
            if each.verdict is Verdict.REFUTED
            else each
            for each in outcomes
        ]

    def _reasons(self, outcome: Outcome, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
        now = _read(outcome.receipt) if outcome.receipt is not None else None
        if now is None:
            return ()
        others = [each for each in outcomes if each is not outcome]
        former = self.former.get(now.number)
        found = [
            *self._compared(outcome, now),
            *likely_reasons(self.zoo, outcome, now, former, others),
        ]
        return tuple(printable(str(reason), limit=1000) for reason in found)

    def _compared(self, outcome: Outcome, now: Receipt) -> tuple[Reason, ...]:
        """Compare the predictions that were kept with the evidence, where there is any."""
        run = outcome.run
        evidence = local_file(self.zoo, run.result.evidence)
        kept = predictions_path(self.receipts, run)
        if evidence is None or not kept.is_file():
            return ()
        with kept.open("rb") as lines:
            predictions = [each for line in lines if (each := read_item_line(line)) is not None]
        try:
            recorded = read_evidence(evidence)
        except ModelZooError:
            return ()  # whoever reads it for a verdict says what is wrong with it
        return evidence_reasons(run, outcome.metric, now, predictions, recorded)

    def _signed(self, outcome: Outcome, path: Path, receipt: Receipt, key: SigningKey) -> Outcome:
        run, root = outcome.run, self.zoo.root.resolve()
        files = signed_files(self.zoo, run.entry, run.result, receipt)
        recorded = evidence_path(self.zoo, run, self.recorded).resolve()
        if recorded.is_file() and recorded.is_relative_to(root):
            files[recorded.relative_to(root).as_posix()] = file_sha256(recorded)
        try:
            sign_receipt(path, receipt, files, key)
        except ModelZooError as error:
            problems = (*outcome.problems, *error.problems)
            code = outcome.exit_code or Exit.UNDECIDED
            return replace(outcome, problems=problems, exit_code=code)
        return outcome

    def _artefacts(self, outcome: Outcome) -> tuple[Path, ...]:
        """Give the files that there are of a number's run."""
        run = outcome.run
        paths = [*outcome.artefacts, journal_path(self.receipts, run, self.part)]
        if self.part is not None:
            paths.append(self.part.path(run))
        paths.append(predictions_path(self.receipts, run))
        paths.append(evidence_path(self.zoo, run, self.recorded))
        if outcome.receipt is not None:
            paths[:0] = [outcome.receipt, bundle_path(outcome.receipt)]
        return tuple(path for path in dict.fromkeys(paths) if path.is_file())


def _read(path: Path) -> Receipt | None:
    if not path.is_file():
        return None
    try:
        return read_receipt(path)
    except ModelZooError:
        return None
