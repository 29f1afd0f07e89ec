"""What a rule is, and what it may look at besides the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from sphinx_modelzoo.lint.finding import Remark, Severity
from sphinx_modelzoo.manifest.loader_table import LoaderTable
from sphinx_modelzoo.manifest.model import Zoo


@dataclass(frozen=True, slots=True)
class Options:
    """What is at hand besides the manifest; nothing is ever fetched from a network.

    ``loader`` is the table of the zoo's loader, None where it is not known. ``logs`` is a folder
    of training logs. ``files`` says whether weights beside the manifest are read.
    ``loader_models`` asks for the models that the loader has and the manifest has not.
    """

    loader: LoaderTable | None = None
    logs: Path | None = None
    files: bool = True
    loader_models: bool = False


class Need(StrEnum):
    """What a rule needs besides the manifest; without it the rule is silent."""

    NOTHING = ""
    LOADER = "the loader's table"
    LOADER_MODELS = "--loader-models"
    FILES = "the weights' file"
    LOGS = "the training log"


@dataclass(frozen=True, slots=True)
class Example:
    """A manifest (without its line ``zoo: 1``), and the files that lie beside it."""

    manifest: str
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its code, its texts, its examples, and the function that finds what breaks it.

    ``whole`` says that the rule is asked only of a manifest in which the reader found nothing
    wrong. ``check`` is None for the rules that the run itself applies.
    """

    code: str
    name: str
    summary: str
    explanation: str
    severity: Severity
    wrong: Example
    right: Example
    check: Callable[[Zoo, Options], Iterator[Remark]] | None
    need: Need = Need.NOTHING
    whole: bool = False
