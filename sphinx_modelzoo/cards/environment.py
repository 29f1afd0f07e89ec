"""The environment in which templates of cards run: closed in, strict, and escaping."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound
from jinja2.loaders import split_template_path
from jinja2.runtime import BlockReference, Context, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sphinx_modelzoo.cards.blocks import check_blocks
from sphinx_modelzoo.cards.formats import Format
from sphinx_modelzoo.cards.source import Source

OURS = Path(__file__).parent / "templates"
"""The folder of this package's templates."""

_EXPLICIT = "!"


class TemplateFolders(BaseLoader):
    """Finds templates: in a project's folders, in their order, then in this package.

    A name after an exclamation mark means this package's template, so that a project's
    ``zoo/card.rst`` can extend ``!zoo/card.rst``.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._folders = tuple(folders)
        self.asked: dict[str, None] = {}
        """The templates that were asked for so far, whether there are such or not."""

    def find(self, name: str) -> Path | None:
        """Give the file of a template, if there is one."""
        plain = name.removeprefix(_EXPLICIT)
        folders = (OURS,) if plain != name else (*self._folders, OURS)
        try:
            parts = split_template_path(plain)
        except TemplateNotFound:  # it leads out of its folder
            return None
        return next((file for each in folders if (file := each.joinpath(*parts)).is_file()), None)

    def digest(self, name: str) -> str:
        """Give a digest of which file a template is now, and of its content."""
        file = self.find(name)
        content = file.read_bytes() if file else b""
        return hashlib.sha256(f"{file}\0".encode() + content).hexdigest()

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Load a template.

        Raises:
            TemplateNotFound: there is no such template.
            TemplateSyntaxError: it is wrong, or fills a block that is nowhere.
        """
        template = super().load(environment, name, globals)
        check_blocks(environment, name)
        return template

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Give a template's text and file; it stays as it is while the environment lives.

        Raises:
            TemplateNotFound: there is no such template.
        """
        del environment
        self.asked[template] = None
        file = self.find(template)
        if file is None:
            raise TemplateNotFound(template)
        return file.read_text(encoding="utf-8"), str(file), lambda: True


class CardEnvironment(ImmutableSandboxedEnvironment):
    """Runs the templates of one format.

    Whatever a template prints is escaped as plain text, but for what is :class:`Source`: what the
    format's filters give, and the output of blocks and macros.
    """

    def __init__(self, form: Format, loader: TemplateFolders) -> None:
        super().__init__(
            autoescape=False,  # that is for HTML; finalize escapes for the format
            finalize=lambda value: _printed(value, form),
            keep_trailing_newline=True,
            loader=loader,
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )
        self.filters.update(form.filters)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something from a template; what templates give is markup, all else plain text."""
        result = super().call(context, obj, *args, **kwargs)
        if isinstance(obj, (BlockReference, Macro)):
            return Source(result)
        return str(result) if isinstance(result, Source) else result


def _printed(value: object, form: Format) -> Source:
    return value if isinstance(value, Source) else form.escape("" if value is None else str(value))
