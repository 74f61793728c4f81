"""An exhibit on the page: its modules come inside the page, so that it runs from a disk, too.

````
```{exhibit} explorer
:still: depthwise

What stands here is shown where scripts do not run, with that case of `sepconv.figures`.
```
````

A browser loads modules from a server only, and from a disk not at all. So the page carries the
exhibit's modules (`_static/exhibits/`, as they are) in an import map of `data:` addresses. Only the
relative names after `from` become names of that map.

The role {explore}`words <mode=separable&size=12x12x3>` links to the explorer with a setting.
"""

import json
import re
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

MODULES = Path(__file__).resolve().parents[1] / "_static" / "exhibits"
IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*)["'](\.[^"']+)["']""")
PAGES = {"explorer": "book/explorer", "draw": "book/draw"}


class Exhibit(nodes.General, nodes.Element):
    """Where an exhibit lives; its children are shown without scripts."""


def _with_names(source: str, folder: str) -> tuple[str, list[str]]:
    """Give a module's imports the names of the map; return it with the paths of what it imports."""
    imported = []

    def named(match):
        imported.append(normpath(join(folder, match[2])))
        return f'{match[1]}"exhibits/{imported[-1]}"'

    return IMPORT.sub(named, source), imported


def module_map(name: str) -> dict[str, str]:
    """Return the modules that an exhibit is made of, by name, as `data:` addresses.

    Parameters
    ----------
    name : str
        The exhibit's folder; its main module has the folder's name.

    Raises
    ------
    ValueError
        If there is no such exhibit, or a module that one imports.
    """
    found: dict[str, str] = {}
    waiting = [f"{name}/{name}.js"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        if not (MODULES / path).is_file():
            raise ValueError(f"exhibit {name!r} needs the module {path}, which is not in {MODULES.name}/")

        found[path], imported = _with_names((MODULES / path).read_text(encoding="utf-8"), dirname(path))
        waiting += imported
    safe = " ~()*!.'/:;,=+-_$[]{}|&?@`"
    return {
        f"exhibits/{path}": f"data:text/javascript;charset=utf-8,{quote(text, safe=safe)}"
        for path, text in sorted(found.items())
    }


class ExhibitDirective(SphinxDirective):
    """Place an exhibit."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"still": directives.unchanged_required}

    def run(self):
        """Make the exhibit's node."""
        name = self.arguments[0]
        if name not in PAGES:
            raise self.error(f"exhibit must be one of {', '.join(PAGES)}, got {name!r}")
        exhibit = Exhibit(name=name)
        exhibit += self.parse_content_to_nodes()
        if case := self.options.get("still"):
            exhibit += nodes.raw("", _still(case), format="html")
        return [exhibit]


def _still(case: str) -> str:
    from sepconv import figures  # noqa: PLC0415 - pages without an exhibit need no drawing

    try:
        return figures.still(case).html
    except ValueError as error:
        raise ExtensionError(f"exhibit: {error}") from error


class ExploreRole(SphinxRole):
    """Link to the explorer with a setting."""

    def run(self):
        """Make the link; its address is known when the page is written."""
        words, _, setting = self.text.partition(" <")
        if not setting.endswith(">"):
            message = f"explore needs a setting in <…>, got {self.text!r}"
            return [], [self.inliner.reporter.error(message, line=self.lineno)]
        return [nodes.reference(self.rawtext, words, explore=setting[:-1], internal=True)], []


def _resolve(app, doctree, docname):
    for node in doctree.findall(nodes.reference):
        if "explore" in node:
            target = app.builder.get_relative_uri(docname, PAGES["explorer"])
            node["refuri"] = f"{target}?{node['explore']}"


def _visit(translator, node):
    name = node["name"]
    imports = json.dumps({"imports": module_map(name)})
    translator.body.append(f'<div class="exhibit" data-exhibit="{name}"><div class="exhibit-still">\n')
    node["after"] = (
        f'</div></div>\n<script type="importmap">{imports}</script>\n'
        f'<script type="module">import "exhibits/{name}/{name}.js";</script>\n'
    )


def _depart(translator, node):
    translator.body.append(node["after"])


def _pass(translator, node):
    """Other builders show the still."""


def setup(app):
    """Sphinx calls this."""
    app.add_node(Exhibit, html=(_visit, _depart), latex=(_pass, _pass), text=(_pass, _pass))
    app.add_directive("exhibit", ExhibitDirective)
    app.add_role("explore", ExploreRole())
    app.connect("doctree-resolved", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
