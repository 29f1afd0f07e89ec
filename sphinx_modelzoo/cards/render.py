"""Rendering cards, with every mistake in a template as a message at its file and line."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Template
from jinja2.exceptions import (
    SecurityError,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)

from sphinx_modelzoo.cards.blocks import UnknownBlockError
from sphinx_modelzoo.cards.environment import CardEnvironment, TemplateFolders
from sphinx_modelzoo.cards.formats import Format
from sphinx_modelzoo.cards.model import Card
from sphinx_modelzoo.errors import ModelZooError, Problem


class TemplateFaultError(ModelZooError):
    """A template of cards is wrong."""


_OURS = f"{Card.__module__}."  # Jinja calls a card by its class and module
_FAULTS: Sequence[tuple[type[Exception] | tuple[type[Exception], ...], str, str]] = (
    (
        TemplateNotFound,
        "there is no template {error.name!r}",
        "name one of the project's, or the package's own with '!' before its name",
    ),
    (
        RecursionError,
        "the template extends or includes itself",
        "write '!' before the name of a template to mean the package's own",
    ),
    (
        UndefinedError,
        "the template uses what is not there: {error.message}",
        "the documentation of cards lists what a template can use",
    ),
    (
        SecurityError,
        "the template does what it must not: {error}",
        "a template can read the card's fields and use filters, nothing else",
    ),
    ((OSError, UnicodeDecodeError), "the template cannot be read: {error}", "save it as UTF-8"),
)


class Renderer:
    """Renders the cards of one format with the templates of a project.

    ``folders`` are searched for templates before this package's own.
    """

    def __init__(self, form: Format, folders: Sequence[Path] = ()) -> None:
        self._form = form
        self._folders = TemplateFolders(folders)
        self._environment = CardEnvironment(form, self._folders)
        self._template: Template | None = None

    def render(self, card: Card, template: str = "") -> str:
        """Give a card's text, with one line end behind it.

        ``template`` is another than the format's own.

        Raises:
            TemplateFaultError: a template is wrong.
        """
        name = template or self._form.template
        try:
            if self._template is None or self._template.name != name:
                self._template = self._environment.get_template(name)
            text = self._template.render(card=card)
        except Exception as error:
            raise TemplateFaultError(self._problem(error, name)) from error
        return f"{text.rstrip()}\n"

    def used(self) -> Mapping[str, str]:
        """Give the templates that were asked for so far, with their digests."""
        return {name: self._folders.digest(name) for name in sorted(self._folders.asked)}

    def _problem(self, error: Exception, name: str) -> Problem:
        if isinstance(error, TemplateSyntaxError):
            place = f"{error.filename or error.name}:{error.lineno}"
            if isinstance(error, UnknownBlockError):
                return Problem(str(error.message), error.remedy, place)
            return Problem(f"the template is wrong: {error.message}", "correct it", place)
        place = self._place(error) or str(self._folders.find(name) or name)
        for kind, what, remedy in _FAULTS:
            if isinstance(error, kind):
                said = what.format(error=error).replace(_OURS, "")
                return Problem(said, remedy, place)
        title = "" if isinstance(error, TemplateError) else f"{type(error).__name__}: "
        return Problem(f"the template failed: {title}{error}", "correct it", place)

    def _place(self, error: Exception) -> str:
        """Give the file and line of the innermost template that was running."""
        files = {str(self._folders.find(name)) for name in self._folders.asked}
        ran = [each for each in traceback.extract_tb(error.__traceback__) if each.filename in files]
        return f"{ran[-1].filename}:{ran[-1].lineno}" if ran else ""
