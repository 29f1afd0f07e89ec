"""Commands to GitHub's runners, which show messages beside the lines of files."""

from __future__ import annotations


def annotation(
    level: str,
    message: str,
    *,
    title: str,
    path: str = "",
    line: int | None = None,
    column: int | None = None,
) -> str:
    """Give the command that shows a message; ``level`` is error, warning or notice.

    See https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions.
    """
    fields = {"file": path or None, "line": line, "col": column, "title": title}
    given = ",".join(
        f"{key}={_property(str(value))}" for key, value in fields.items() if value is not None
    )
    return f"::{level} {given}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
