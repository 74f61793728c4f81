"""Each chapter and each lab is a notebook that opens, reads and runs outside the book."""

import ast
import base64
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from IPython.core.inputtransformer2 import TransformerManager

from sepconv import figures
from tests.book.conftest import HEAD, ROOT, pages

PAGE = (
    HEAD
    + """# One

It is {glue:text}`answer`, as {cite:t}`someone` and {cite:p}`someone,three` say.
See {doc}`two` and [there](place).

(place)=
## Place

```{code-cell}
:tags: [remove-stderr]
import sys
from myst_nb import glue
print("noise", file=sys.stderr)
glue("answer", 6 * 7, display=False)
```

term
: What it means, in $x_1$ and `f[0](x)`.

: What else it means.

: And a third meaning.

```{literalinclude} code.py
:pyobject: Shape.area
```

```{quiz}
- ask: Which?
  answers:
    - say: this
      right: true
      because: it is.
    - say: that
      because: it is not.
```

:::{tip} Mind {glue:text}`answer`
words
:::

```{exercise}
:label: ex-one
Do it.
```

````{solution-start} ex-one
````

```{code-cell}
print("done")
```

````{solution-end}
````
"""
)
BIBLIOGRAPHY = """
@misc{someone, author = {{A Team}}, title = {T}, year = {2001}}
@misc{three, author = {Ada One and Bea Two and Cy Three}, title = {T}, year = {2002}}
"""


def links(page: Path) -> dict[str, str]:
    """Addresses in the menus of a built page by what they are called."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {a.get_text(strip=True): a["href"] for a in soup.select(".article-header-buttons a[href]")}


def text(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Folder of a built book of two pages, in a repository of its own, with our extension."""
    root = tmp_path_factory.mktemp("small")
    shutil.copytree(ROOT / "book" / "_ext", root / "book" / "_ext")
    lab = root / "labs" / "first"
    lab.mkdir(parents=True)
    cells = [nbformat.v4.new_markdown_cell("# Lab"), nbformat.v4.new_code_cell("1 / 0")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), lab / "first.ipynb")
    (lab / "data.csv").write_text("1,2\n")
    (root / "one.md").write_text(PAGE, encoding="utf-8")
    (root / "two.md").write_text(HEAD + "# Two\n\n```{code-cell}\n1 + 1\n```\n", encoding="utf-8")
    (root / "index.md").write_text("# Book\n\n```{toctree}\none\ntwo\nlabs/first/first\n```\n")
    (root / "code.py").write_text(
        "class Shape:\n    @property\n    def area(self):\n        return 2\n\n    side = 1\n"
    )
    (root / "works.bib").write_text(BIBLIOGRAPHY)
    (root / "conf.py").write_text(
        "import sys\nsys.path.insert(0, 'book/_ext')\n"
        "extensions = ['myst_nb', 'sphinx_exercise', 'sphinxcontrib.bibtex', 'quiz', 'notebooks']\n"
        "exclude_patterns = ['_build']\nnb_execution_mode = 'cache'\nnb_execution_raise_on_error = True\n"
        "nb_execution_excludepatterns = ['labs/*/*']\nbibtex_bibfiles = ['works.bib']\n"
        "myst_enable_extensions = ['colon_fence', 'deflist', 'dollarmath']\n"
        "html_theme = 'sphinx_book_theme'\nsuppress_warnings = ['bibtex.missing_field']\n"
        "html_theme_options = {'repository_url': 'https://github.com/someone/course'}\n"
    )
    return root


def build(root: Path, **environment) -> Path:
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "_build/html"]
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(root)} | environment
    done = subprocess.run(command, cwd=root, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return root / "_build" / "html"


@pytest.mark.slow
def test_a_page_is_a_plain_notebook_and_its_buttons_open_it(small):
    built = build(small)
    branch = built / "_notebooks"
    for page, path in {
        "one": "one.ipynb",
        "two": "two.ipynb",
        "labs/first/first": "labs/first/first.ipynb",
    }.items():
        opened = links(built / f"{page}.html")
        assert (built / page).parent.joinpath(opened[".ipynb"]).resolve() == branch / path
        colab, binder = urlsplit(opened["Colab"]), urlsplit(opened["Binder"])
        assert colab.path.startswith("/github/someone/course/blob/notebooks/")
        assert (branch / colab.path.partition("/notebooks/")[2]).is_file()
        assert binder.path == "/v2/gh/someone/course/notebooks"
        assert (branch / parse_qs(binder.query)["urlpath"][0].removeprefix("lab/tree/")).is_file()
    assert (built / "labs/first").joinpath(links(built / "labs/first/first.html")[".zip"]).is_file()
    assert "git+https://github.com/someone/course@main" in (branch / "binder/requirements.txt").read_text()

    notebook = nbformat.read(branch / "one.ipynb", as_version=4)
    nbformat.validate(notebook)
    written = text(notebook)
    assert "It is 42, as A Team (2001) and (A Team, 2001; One et al., 2002) say." in written
    assert "See [Two](two.ipynb) and there." in written
    assert "- **term**: What it means, in $x_1$ and `f[0](x)`.\n\n- What else it means.\n\n" in written
    assert "\n\n- And a third meaning." in written
    assert "```python\n    @property\n    def area(self):\n        return 2\n```" in written
    assert "<details><summary>Answer</summary>\n\nthis\n\nit is." in written
    assert "> **Mind 42**\n>\n> words" in written
    assert "**Exercise**\n\nDo it.\n\n**Solution**" in written
    assert not re.search(r"\{[\w:-]+\}`|`\{|:::|^\(\w+\)=", written, re.MULTILINE)
    setup, first, solution = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert "convolutions-taken-apart[notebooks] @ git+https://github.com/someone/course@main" in setup.source
    assert first.outputs == []
    assert solution.outputs[0].text == "done\n"
    assert solution.metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}


@pytest.mark.slow
def test_a_build_from_the_cache_keeps_the_outputs_and_a_fork_opens_its_own(small):
    build(small)
    (small / "one.md").write_text(PAGE.replace("# One", "# Another"), encoding="utf-8")
    (small / "_build/html/_notebooks/gone.ipynb").write_text("of a page that was removed")
    built = build(small, COURSE_REPOSITORY="https://github.com/fork/of", COURSE_COMMIT="abc")
    notebook = nbformat.read(built / "_notebooks/one.ipynb", as_version=4)
    assert notebook.cells[0].source.startswith("# Another")
    assert notebook.cells[-1].outputs[0].text == "done\n"
    assert "fork/of@abc" in notebook.cells[1].source
    assert "/fork/of/" in links(built / "two.html")["Colab"]
    assert not (built / "_notebooks/gone.ipynb").exists()


def test_a_notebook_shows_an_exhibits_still_with_its_alt_text(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from notebooks import plain

    page = plain.Plain(tmp_path, lambda *_: None)
    text = page.page("Before.\n\n```{exhibit} volumes\n:still: channels\n\nNeeds scripts.\n```\n\nAfter.")
    image = re.search(r"^!\[([^]]+)\]\(data:image/svg\+xml;base64,([^)]+)\)$", text, re.MULTILINE)
    still = figures.channel_diagram(filters=8)
    assert image[1] == still.alt
    assert base64.b64decode(image[2]).decode() == still.svg
    assert "{exhibit}" not in text
    with pytest.raises(ValueError, match="nothing"):
        page.page("```{exhibit} volumes\n:still: nothing\n```")


@pytest.mark.parametrize("url", ["https://example.org/a/b", "github.com/a/b", "https://github.com/a", "a/b"])
def test_a_repository_that_colab_cannot_open_is_refused(monkeypatch, url):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from notebooks import addresses
    from sphinx.errors import ConfigError

    monkeypatch.delenv("COURSE_REPOSITORY", raising=False)
    assert addresses.repository("https://github.com/a/b.git") == "a/b"
    assert addresses.repository("") == ""
    monkeypatch.setenv("COURSE_REPOSITORY", url)
    with pytest.raises(ConfigError, match=f"must be https://github.com/OWNER/NAME, got '{url}'"):
        addresses.repository("https://github.com/a/b")


def test_every_page_that_runs_has_its_notebook(site):
    found = 0
    for name in pages():
        source = ROOT / f"{name}.md"
        if source.exists() and not source.read_text(encoding="utf-8").startswith("---\njupytext"):
            continue
        if not source.exists() and not (ROOT / f"{name}.ipynb").exists():
            continue
        page = site / f"{name}.html"
        notebook = nbformat.read((page.parent / unquote(links(page)[".ipynb"])).resolve(), as_version=4)
        nbformat.validate(notebook)
        found += 1
    assert found >= 4


def test_published_notebooks_are_plain(site):
    plain = TransformerManager()
    for path in sorted((site / "_notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        # A word stays in the place of code, so that no line begins with what follows it.
        written = re.sub(r"```.*?```|`[^`\n]*`", "code", text(notebook), flags=re.DOTALL)
        written = re.sub(r"\$\$.*?\$\$", "formula", written, flags=re.DOTALL)
        assert not re.search(r"^:::|^\([\w-]+\)=|^\s*: ", written, re.MULTILINE), path.name
        assert not re.search(r"\{[a-z]+(:[a-z]+)?\}`|^`{3,}\{", text(notebook), re.MULTILINE), path.name
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert any(cell.outputs for cell in code), path.name
        for cell in code:
            ast.parse(plain.transform_cell(cell.source))
            assert not any(output.get("name") == "stderr" for output in cell.outputs), path.name
            kinds = {kind for output in cell.outputs for kind in output.get("data", {"": ""})}
            assert not any("papermill" in kind for kind in kinds), path.name


def test_a_labs_archive_holds_what_is_released(site):
    labs = sorted((ROOT / "labs").glob("*/*.ipynb"))
    assert labs
    for released in labs:
        lab = released.parent.name
        with zipfile.ZipFile(site / f"_notebooks/labs/{lab}.zip") as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        notebook = nbformat.reads(held.pop(f"{lab}/{lab}.ipynb").decode(), as_version=4)
        own = nbformat.read(released, as_version=4)
        assert notebook.cells[1].id == "setup"
        assert notebook.cells[:1] + notebook.cells[2:] == own.cells
        assert held == {f"{lab}/{p.name}": p.read_bytes() for p in released.parent.iterdir() if p != released}


@pytest.mark.slow
def test_a_published_notebook_runs_in_an_empty_folder(site, tmp_path):
    notebook = nbformat.read(site / "_notebooks/transposed.ipynb", as_version=4)
    # As a script: what a kernel would add to it is nbclient's concern, not ours.
    shell = TransformerManager()
    source = "\n".join(
        shell.transform_cell(cell.source) for cell in notebook.cells if cell.cell_type == "code"
    )
    (tmp_path / "notebook.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "notebook.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_labs_are_shown_as_students_get_them_and_chapters_run():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    for name in pages():
        path = PurePosixPath("/somewhere", f"{name}.ipynb")
        is_out = any(path.match(pattern) for pattern in config["execute"]["exclude_patterns"])
        assert is_out == name.startswith("labs/"), name
