"""Making a network's files for the fast engines, each only where it is not there yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sphinx_modelzoo.recognizers.engines.cache import (
    Cache,
    DamagedError,
    read_record,
    write_record,
)
from sphinx_modelzoo.recognizers.engines.engine import MNN, Network
from sphinx_modelzoo.recognizers.engines.exported import (
    GRAPH,
    PARAMETERS,
    SCORES,
    Reference,
)
from sphinx_modelzoo.recognizers.engines.graph import ConversionError
from sphinx_modelzoo.recognizers.engines.task import CrashError, Note, run_task
from sphinx_modelzoo.recognizers.libraries import LibraryError
from sphinx_modelzoo.recognizers.weights import Found, Wanted

# Raised whenever more converts than before: what did not convert is tried again then.
CONVERTER = 1

_ONNX = "network.onnx"
_REFERENCE_RECORD = "reference.json"
_ONNX_RECORD = "onnx.json"


@dataclass(frozen=True, slots=True)
class Making:
    """What the files are made of, and where they are kept.

    ``python`` is the interpreter that has MXNet; empty means the one that runs this.
    """

    network: Network
    wanted: Wanted
    found: Found
    cache: Cache
    python: str
    note: Note

    @property
    def folder(self) -> Path:
        """Where the network's files are kept."""
        return self.cache.folder(self.network, self.found.sha256)

    def reference(self) -> Reference:
        """Give what the reference said of the network.

        Raises:
            ConversionError: when the network does not convert.
            LibraryError: when it is not converted yet, and a library for that is missing.
            CallError: when the network is not known.
            UndecidedError: when the weights do not fit.
        """
        data = self._kept(_REFERENCE_RECORD, self._convert)
        return Reference(**data["reference"])

    def model(self, engine: str, version: str) -> Path:
        """Give the file that an engine loads.

        Raises:
            ConversionError: see :meth:`reference`, as for the others; or the engine's own converter
                cannot make the file.
            LibraryError: when the file is not there yet, and a library for that is missing.
            CallError: when the network is not known.
            UndecidedError: when the weights do not fit.
        """
        if engine != MNN:
            self._kept(_ONNX_RECORD, self._convert)
            return self.folder / _ONNX
        self._kept(f"mnn-{version}.json", lambda: self._convert_to_mnn(version))
        return self.folder / f"mnn-{version}.mnn"

    def _kept(self, record: str, make: Callable[[], None]) -> dict[str, Any]:
        """Give the data of a record; have it made where it is missing or damaged."""
        data = None
        with suppress(DamagedError):
            data = self._read(record)
        if data is None:
            with self.cache.lock(self.folder, self.note):
                data = self._kept_alone(record, make)
        if "problem" in data:
            raise ConversionError(data["problem"])
        return data

    def _kept_alone(self, record: str, make: Callable[[], None]) -> dict[str, Any]:
        why = f"{self.network.architecture} with these weights is not converted yet"
        data = None
        try:
            data = self._read(record)
        except DamagedError as error:
            why = str(error)
            self.note(f"{why}; it is made again")
        if data is None:
            try:
                make()
            except LibraryError as error:
                (problem,) = error.problems
                what = f"{why}, and {problem.what}"
                raise LibraryError(replace(problem, what=what)) from error
            data = self._read(record)
        if data is None:
            raise ConversionError(why)
        return data

    def _read(self, record: str) -> dict[str, Any] | None:
        """Give a record's data; ``None`` where there is none, or an older converter failed."""
        data = read_record(self.folder, record)
        if data is None or ("problem" in data and data.get("converter") != CONVERTER):
            return None
        return data

    def _convert(self) -> None:
        """Have the reference write the network down, and convert that to ONNX."""
        self.note(f"converting {self.network.architecture}, which is done once")
        with self.cache.new_folder(self.folder) as folder:
            request = {
                **asdict(self.network),
                "wanted": asdict(replace(self.wanted, file=str(self.found.path))),
                "sha256": self.found.sha256,
                "folder": str(folder),
            }
            answer = run_task("export", request, self.note, self.python)
            problem = answer.get("problem", "")
            if not problem:
                request = {"folder": str(folder), "view": self.network.view, "file": _ONNX}
                problem = run_task("to-onnx", request, self.note).get("problem", "")
            for file in (GRAPH, PARAMETERS):
                (folder / file).unlink(missing_ok=True)
            if problem:
                data = {"problem": problem, "converter": CONVERTER}
                for record in (_REFERENCE_RECORD, _ONNX_RECORD):
                    write_record(folder, record, data)
                return
            write_record(folder, _ONNX_RECORD, {}, _ONNX)
            write_record(folder, _REFERENCE_RECORD, {"reference": answer}, SCORES)

    def _convert_to_mnn(self, version: str) -> None:
        """Have MNN make its file from the ONNX file."""
        self._kept_alone(_ONNX_RECORD, self._convert)
        name = f"mnn-{version}.mnn"
        record = f"mnn-{version}.json"
        with self.cache.workshop(self.folder) as workshop:
            new = workshop / name
            request = {"source": str(self.folder / _ONNX), "target": str(new)}
            # What is of the machine is not recorded: want of memory, or a full disk.
            try:
                answer = run_task("to-mnn", request, self.note)
            except CrashError as error:
                raise ConversionError(str(error)) from error
            if "unsound" in answer:
                msg = f"{answer['unsound']} ({self.cache.root})"
                raise ConversionError(msg)
            if "problem" in answer:
                data = {"problem": answer["problem"], "converter": CONVERTER}
                write_record(self.folder, record, data)
                return
            new.replace(self.folder / name)
        write_record(self.folder, record, {}, name)
