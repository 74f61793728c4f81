"""Answers that reach for the page in which a person reads them. They lose nothing by it."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from tests.autograder.corpus.case import HANDED_IN, Submission, case
from tests.autograder.corpus.lab import Lab

PAGE = "<script>document.title = 'ran'; fetch('https://elsewhere.example/')</script>"
DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg" onload="top.ran = 1"><script>{PAGE[8:-9]}</script></svg>'
SETTINGS = "import pathlib\npathlib.Path(__file__).with_name('settings-ran').touch()\n"
FILES = {
    "plot.html": PAGE,
    "plot.svg": DRAWING,
    "feed.xml": f'<html xmlns="http://www.w3.org/1999/xhtml">{PAGE}</html>',
    "nbgrader_config.py": SETTINGS,
    "notes.txt": PAGE,
}
COVERS = (
    "position: fixed; inset: 0; z-index: 9999; margin: -5000px; width: 9999px; height: 9999px; "
    "transform: scale(99); float: left; opacity: 0"
)


def names_of(test: str) -> str:
    """Return elements that bear the names by which the page finds a test's field and buttons."""
    return (
        f'<a id="{test}" name="{test}">.</a> <span id="{test}-comment" class="score comment">.</span>\n\n'
        f'<div class="nbgrader_cell">'
        f'<b class="full-credit mark-graded tabbable" id="{test}">Full</b></div>\n\n'
        f'# {test}\n\n<h2 id="{test}">{test}</h2>\n'
    )


def covering() -> str:
    """Return elements that lie over the page, as links to elsewhere."""
    return (
        f'<a href="https://elsewhere.example/" style="{COVERS}">over all</a>\n\n'
        f'<div class="modal-backdrop full-credit navbar-fixed-top" style="{COVERS}">over all</div>\n\n'
        '<img src="https://elsewhere.example/a.png" width="99999" height="99999" alt="a map">\n\n'
        "![far](https://elsewhere.example/b.png) ![gone](attachment:gone.png)\n"
    )


def formulas() -> str:
    """Return formulas that link, name elements, lie over the page and redefine others."""
    return (
        r"$\href{javascript:top.ran=1}{\smash{\rlap{\rule{900em}{900em}}}}$ "
        r"$\cssId{test}{x} \class{full-credit}{y} \style{position:fixed;inset:0}{z}$ "
        r"$\def\frac#1#2{#2} \require{unicode}$ $\mmlToken{mi}[href='/formgrader']{m}$" + "\n\n"
        r"$x\smash{\raise 200em{\rlap{\rule{900em}{900em}}}}$" + "\n\n"
    )


def links(folder: str) -> str:
    """Return links to what was handed in beside the notebook, and to what the server does."""
    ask = f"../../formgrader?path={folder}"
    return (
        f"[page](plot.html) [drawing](plot.svg) [feed](feed.xml) [up](../next) [next](next)\n\n"
        f"![asks]({ask}) <img src='/formgrader?path={folder}'> [ask]({ask}) [out](/logout)\n\n"
        f"[text](notes.txt)\n"
    )


def display(html: str) -> str:
    """Return code that shows HTML, Markdown, a formula and a drawing."""
    return (
        "from IPython.display import HTML, SVG, Latex, Markdown, display\n"
        f"for shown in (HTML({html!r}), Markdown({html!r}), Latex({formulas()!r}), SVG({DRAWING!r})):\n"
        "    display(shown)\n"
    )


def reaching(notebook: NotebookNode, test: str, folder: str = "/") -> NotebookNode:
    """Add cells of every kind that reach for the page to a notebook, and return it."""
    text = names_of(test) + covering() + formulas() + links(folder)
    notebook.cells += [new_markdown_cell(text), new_raw_cell(text), new_code_cell(display(text))]
    return notebook


def _in_words(lab: Lab, text: str, files: dict[str, bytes | str | None] | None = None) -> Submission:
    """Return a right submission whose answers in words are this text."""
    return Submission(lab.full(), lab.right(**dict.fromkeys(lab.in_words, text)), files or {})


def _asks_for_words(lab: Lab) -> bool:
    return bool(lab.in_words)


@case(HANDED_IN, applies=_asks_for_words)
def words_with_the_names_of_the_page(lab: Lab) -> Submission:
    return _in_words(lab, names_of(next(iter(lab.tests))))


@case(HANDED_IN, applies=_asks_for_words)
def words_over_the_page(lab: Lab) -> Submission:
    return _in_words(lab, covering())


@case(HANDED_IN, applies=_asks_for_words)
def words_in_formulas_that_reach_out(lab: Lab) -> Submission:
    return _in_words(lab, formulas())


@case(HANDED_IN, applies=_asks_for_words)
def words_that_link_to_pages_beside(lab: Lab) -> Submission:
    return _in_words(lab, links("."), dict(FILES))


@case(HANDED_IN)
def cells_that_reach_for_the_page(lab: Lab) -> Submission:
    return Submission(lab.full(), reaching(lab.right(), next(iter(lab.tests))), dict(FILES))
