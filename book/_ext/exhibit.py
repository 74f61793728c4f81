"""An exhibit on the page: its modules come inside the page, so that it runs from a disk, too.

````
```{exhibit} explorer
:still: depthwise

What stands here is shown where scripts do not run, with that case of `sepconv.figures`, or with
`channels` or `cone`, which are drawings of two chapters.
```
````

With `:brief:` it shows itself in little, as on the first page.

A browser loads modules from a server only, and from a disk not at all. So the page carries the
exhibit's modules (`_static/exhibits/`, as they are) in an import map of `data:` addresses. Only the
relative names after `from` become names of that map.

A chapter's cell hands its own numbers to an exhibit by `sepconv.figures.live`, which places it and
holds its still picture; the directive after that cell, with `:in-cell:`, brings the scripts alone.

The modules of all exhibits of a page are in one map, as not every browser reads a second one. They
run as soon as they are read (`async`), so that a figure is drawn while the rest of the page is
still being read, and not after MathJax has set every formula. The styles stand by then: scripts of
the theme in the head wait for them, and the page's text for these.

A style beside an exhibit's main module (`NAME/NAME.css`) is loaded by the pages that show it.

The role {explore}`words <mode=separable&size=12x12x3>` links to the explorer with a setting.
"""

import json
import re
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

if TYPE_CHECKING:
    from sepconv.figures import Figure

MODULES = Path(__file__).resolve().parents[1] / "_static" / "exhibits"
IMPORT = re.compile(r"""(\bfrom\s*|\bimport\s*)["'](\.[^"']+)["']""")
PAGES = {
    "explorer": "book/explorer",
    "draw": "book/draw",
    "field": "book/convolution",
    "volumes": "book/separable",
    "checkerboard": "book/transposed",
    "decoders": "book/transposed",
    "matrix": "book/transposed",
    "networks": "book/inception",
    "spectrum": "book/inception",
    "answers": "book/fcn",
    "depth": "book/mnist",
    "tradeoff": "book/mnist",
}


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
    option_spec: ClassVar = {
        "still": directives.unchanged_required,
        "brief": directives.flag,
        "in-cell": directives.flag,
    }

    def run(self):
        """Make the exhibit's node."""
        name = self.arguments[0]
        if name not in PAGES:
            raise self.error(f"exhibit must be one of {', '.join(PAGES)}, got {name!r}")
        exhibit = Exhibit(name=name, brief="brief" in self.options, in_cell="in-cell" in self.options)
        if exhibit["in_cell"]:
            if self.content or "still" in self.options:
                raise self.error(f"exhibit {name!r} is in a cell, which holds its still; found another here")
            return [exhibit]
        exhibit += self.parse_content_to_nodes()
        if case := self.options.get("still"):
            exhibit += nodes.raw("", _still(case), format="html")
        return [exhibit]


def drawing(case: str) -> "Figure":
    """Draw what stands for an exhibit where it does not run: on paper, in a notebook.

    Raises
    ------
    ValueError
        If there is no such drawing.
    """
    from sepconv import figures  # noqa: PLC0415 - pages without an exhibit need no drawing

    own = {
        "channels": lambda: figures.channel_diagram(filters=8),
        "cone": lambda: figures.receptive_field([(3, 1, 1), (3, 1, 2), (3, 1, 4)]),
    }
    return own[case]() if case in own else figures.still(case)


def _still(case: str) -> str:
    try:
        return drawing(case).html
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


def styles(name: str) -> list[str]:
    """Return the styles that lie beside an exhibit's modules, as addresses below `_static`."""
    own = f"{name}/{name}.css"
    return [f"{MODULES.name}/{own}"] if (MODULES / own).is_file() else []


def _add_styles(app, pagename, templatename, context, doctree):
    names = [node["name"] for node in doctree.findall(Exhibit)] if doctree else []
    for style in dict.fromkeys(style for name in names for style in styles(name)):
        app.add_css_file(style)


def _visit(translator, node):
    name = node["name"]
    on_page = list(translator.document.findall(Exhibit))
    last = [one for one in on_page if one["name"] == name][-1]
    run = f'<script type="module" async>import "exhibits/{name}/{name}.js";</script>\n'
    scripts = run if node is last else ""
    if node is on_page[0]:
        modules = {key: text for one in on_page for key, text in module_map(one["name"]).items()}
        scripts = f'<script type="importmap">{json.dumps({"imports": modules})}</script>\n{scripts}'
    if node["in_cell"]:
        node["after"] = scripts
        return
    brief = " data-brief" if node["brief"] else ""
    translator.body.append(f'<div class="exhibit" data-exhibit="{name}"{brief}><div class="exhibit-still">\n')
    node["after"] = f"</div></div>\n{scripts}"


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
    app.connect("html-page-context", _add_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
