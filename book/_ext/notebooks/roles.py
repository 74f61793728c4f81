"""What the roles of a page say: values handed to it, titles of pages and sections, works cited."""

import json
import os
from pathlib import Path

from pybtex.database import parse_file

from . import addresses


def is_notebook(env, docname: str) -> bool:
    """Whether a page has cells, or is a notebook."""
    return Path(env.doc2path(docname)).suffix == ".ipynb" or "kernelspec" in env.metadata.get(docname, {})


def works(folder: Path, files: list[str]) -> dict:
    """Read the entries of bibliographies by key."""
    return {key: entry for file in files for key, entry in parse_file(str(folder / file)).entries.items()}


class Roles:
    """Writes the roles of one page as Markdown.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
    docname : str
    executed : pathlib.Path
        Folder of the executed pages, where the values handed to their text lie.
    works : dict
        Entries of the bibliography by key.
    """

    def __init__(self, env, docname: str, executed: Path, works: dict):
        self._env, self._docname, self._executed, self._works = env, docname, executed, works

    def __call__(self, role: str, text: str, target: str) -> str | None:
        """Give the Markdown of a role, or None where its text is all there is to say.

        Raises
        ------
        KeyError
            If a value, a work or a page is not there.
        """
        domain, _, name = role.rpartition(":")
        own = text if text != target else None
        if domain.startswith("glue"):
            return self._value(target)
        if domain == "cite":
            cited = "; ".join(self._work(key.strip(), name) for key in target.split(","))
            return f"({cited})" if name == "p" else cited
        if name == "doc":
            return self._link(own, self._page(target))
        if name in ("ref", "numref", "link"):
            page, _, title = self._env.get_domain("std").labels.get(target.lower(), (self._docname, "", text))
            return self._link(own or title, self._page(target) if target.endswith(".md") else page)
        patterns = {"math": "${}$", "sub": "<sub>{}</sub>", "sup": "<sup>{}</sup>", "kbd": "<kbd>{}</kbd>"}
        return patterns[name].format(text) if name in patterns else None

    def _page(self, target: str) -> str:
        path, _ = self._env.relfn2path(f"{target.removesuffix('.md')}.md", self._docname)
        return path.removesuffix(".md")

    def _value(self, target: str) -> str:
        key, _, form = target.partition(":")
        page, _, key = key.rpartition("::")
        file = self._executed / f"{self._page(page) if page else self._docname}.glue.json"
        value = json.loads(file.read_text(encoding="utf-8"))[key]["data"]["text/plain"]
        if form:
            return format(float(value) if set(value) & set(".e") else int(value), form)
        return value.strip("'\"")

    def _link(self, text: str | None, page: str) -> str:
        text = text or self._env.titles[page].astext()
        if page == self._docname or not is_notebook(self._env, page):
            return text
        here = Path(addresses.path(self._docname)).parent
        return f"[{text}]({os.path.relpath(addresses.path(page), here)})"

    def _work(self, key: str, kind: str) -> str:
        entry = self._works[key]
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [" ".join(person.last_names).strip("{}") for person in people]
        if len(names) > 2 or "others" in names:
            names = [f"{names[0]} et al."]
        who, year = " and ".join(names), entry.fields.get("year", "n.d.")
        return f"{who}, {year}" if kind == "p" else f"{who} ({year})"
