"""MyST as plain Markdown, for Jupyter and Colab, which know no directives or roles.

Directives become what they say: code a fenced block, a quiz a list with folded answers, an
admonition a quotation, an exhibit its still. Roles become their text or a link. Definition lists,
which Jupyter does not know, become lists.
"""

import base64
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import yaml
from sphinx.directives.code import LiteralIncludeReader

from exhibit import drawing

FENCE = re.compile(r"^(?P<fence>`{3,}(?=[^`]*$)|:{3,}|~{3,})(?P<info>.*)$")
DIRECTIVE = re.compile(r"^\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)$")
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
INLINE = re.compile(
    r"\{(?P<role>[\w:-]+)\}`(?P<text>[^`]+)`"
    r"|(?P<code>(?P<ticks>`+).+?(?P=ticks))"
    r"|(?<!!)\[(?P<words>[^\]]+)\]\((?P<target>[^()\s]+)\)",
    re.DOTALL,
)
TARGET = re.compile(r"^\([\w:-]+\)=\s*$", re.MULTILINE)
DEFINITION = re.compile(
    r"^(?P<term>(?!:[ ])\S[^\n]*)\n\n?:[ ]+(?P<body>[^\n]*(?:\n+[ ]{2,}[^\n]*|\n(?!\n)(?!:[ ])\S[^\n]*)*)",
    re.MULTILINE,
)
NAMED = re.compile(r"^(?P<text>.*?)\s*<(?P<target>[^>]+)>$", re.DOTALL)
DROPPED = {"exercise-end", "solution-end", "bibliography", "tableofcontents", "contents", "index"}
CODE = {"code", "code-block", "sourcecode"}


@dataclass(frozen=True)
class Plain:
    """Writes MyST as plain Markdown.

    Parameters
    ----------
    folder : pathlib.Path
        Of the page: paths in it start there.
    role : callable
        Gives the Markdown of a role from its name, its text and its target (the text again where
        none is named), or None where it has nothing better than the text.
    """

    folder: Path
    role: Callable[[str, str, str], str | None]

    def page(self, source: str) -> str:
        """Write MyST as plain Markdown."""
        written, prose = [], []
        lines = iter(source.splitlines())
        for line in lines:
            opening = FENCE.match(line)
            if not opening:
                prose.append(line)
                continue
            written += [self._prose("\n".join(prose))]
            prose = []
            body, fence = [], opening["fence"]
            for inner in lines:
                if inner.strip() and set(inner.strip()) == {fence[0]} and len(inner.strip()) >= len(fence):
                    break
                body.append(inner)
            directive = DIRECTIVE.match(opening["info"].strip())
            if directive:
                written.append(self._directive(directive["name"], directive["argument"], body))
            else:
                written.append("\n".join([line, *body, fence]))
        written.append(self._prose("\n".join(prose)))
        return "\n\n".join(part.strip("\n") for part in written if part.strip())

    def _prose(self, text: str) -> str:
        text = TARGET.sub("", text)
        text = DEFINITION.sub(self._definition, text)
        text = re.sub(r"^:[ ]+", "- ", text, flags=re.MULTILINE)  # a term's further definitions
        return INLINE.sub(self._inline, text)

    @staticmethod
    def _definition(match) -> str:
        return f"- **{match['term'].strip('*')}**: {match['body'].strip()}"

    def _inline(self, match) -> str:
        if match["code"]:
            return match[0]
        if match["words"]:
            elsewhere = re.match(r"[a-z]+:|#", match["target"])
            found = None if elsewhere else self.role("link", match["words"], match["target"])
            return found or match[0]
        named = NAMED.match(match["text"])
        text, target = (named["text"], named["target"]) if named else (match["text"], match["text"])
        found = self.role(match["role"], text, target)
        return text if found is None else found

    def _directive(self, name: str, argument: str, body: list[str]) -> str:
        options, rest = _options(body)
        text = "\n".join(rest)
        written = {
            "math": lambda: f"$$\n{text}\n$$",
            "raw": lambda: text if argument == "html" else "",
            "literalinclude": lambda: f"```python\n{included(self.folder / argument, options)}\n```",
            "image": lambda: self._image(argument, options, text),
            "figure": lambda: self._image(argument, options, text),
            "exhibit": lambda: _still(options),
            "quiz": lambda: self._quiz(yaml.safe_load(text)),
            **dict.fromkeys(DROPPED, lambda: ""),
            **dict.fromkeys(CODE, lambda: f"```{argument}\n{text}\n```"),
        }
        if name in written:
            return written[name]()
        if name.startswith(("exercise", "solution")):
            title = name.partition("-")[0].capitalize()
            if argument and title == "Exercise":
                title += f": {argument}"
            return f"**{title}**\n\n{self.page(text)}"
        return self._quoted(argument or name.rpartition(":")[2].replace("-", " ").capitalize(), text)

    def _quoted(self, title: str, body: str) -> str:
        text = self.page(body)
        if not text:
            return ""
        quoted = [f"**{self._prose(title)}**", "", *text.splitlines()]
        return "\n".join(f"> {line}".rstrip() for line in quoted)

    def _image(self, path: str, options: dict, caption: str) -> str:
        file = self.folder / path
        data = base64.b64encode(file.read_bytes()).decode()
        image = f"![{options.get('alt', '')}](data:{mimetypes.guess_type(file.name)[0]};base64,{data})"
        return f"{image}\n\n{self.page(caption)}"

    def _quiz(self, questions: list[dict]) -> str:
        parts = []
        for number, question in enumerate(questions, 1):
            right = next(answer for answer in question["answers"] if answer.get("right"))
            asked = [
                f"**{number}.** {self.page(str(question['ask']))}",
                "\n".join(f"- {self.page(str(answer['say']))}" for answer in question["answers"]),
                "<details><summary>Answer</summary>",
                f"{self.page(str(right['say']))}\n\n{self.page(str(right['because']))}",
                "</details>",
            ]
            parts.append("\n\n".join(asked))
        return "\n\n".join(parts)


def _still(options: dict[str, str]) -> str:
    """Write the picture that stands for an exhibit, which a notebook does not run."""
    if "still" not in options:
        return ""
    figure = drawing(options["still"])
    data = base64.b64encode(figure.svg.encode()).decode()
    return f"![{figure.alt}](data:image/svg+xml;base64,{data})"


def _options(body: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split the body of a directive into its options and the rest."""
    options, at = {}, 0
    if body and body[0].strip() == "---":
        at = body.index("---", 1) + 1
        return yaml.safe_load("\n".join(body[1 : at - 1])) or {}, body[at:]
    while at < len(body) and (option := OPTION.match(body[at])):
        options[option[1]] = option[2]
        at += 1
    return options, body[at:]


def included(path: Path, options: dict[str, str]) -> str:
    """Give the lines of a file that a `literalinclude` shows, as Sphinx reads them.

    Raises
    ------
    ValueError
        If the file does not have what the options name.
    """
    read = dict(options)
    if "dedent" in read:
        read["dedent"] = int(read["dedent"]) if read["dedent"] else None
    text, _ = LiteralIncludeReader(str(path), read, SimpleNamespace(source_encoding="utf-8")).read()
    return text.strip("\n")
