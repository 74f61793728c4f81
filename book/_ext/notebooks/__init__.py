"""Publish a notebook of each page that is one, and of each lab, and say on the page where it opens.

Below `_notebooks/` of the built book lies what a reader downloads: the executed chapters, and the
labs as they are released, each with a first cell that installs the course's library where it is
missing. The publishing workflow pushes the same tree as the branch `notebooks`, which Colab and
Binder open.

Where the project lives is `repository: url` in `_config.yml`, or `COURSE_REPOSITORY` in the
environment, which the workflow sets. While neither is set Colab and Binder have nothing to open,
and there is no button.
"""

import zipfile
from contextlib import suppress
from pathlib import Path

import nbformat
from jupyter_cache import get_cache

from . import addresses
from .cells import plain_notebook, setup_cell
from .plain import Plain
from .roles import Roles, is_notebook, works

ROOT = Path(__file__).resolve().parents[3]


def _read(app, path: Path):
    """Read an executed page, with its outputs from the cache where MyST-NB wrote it without."""
    notebook = nbformat.read(path, as_version=4)
    if not any(cell.get("outputs") for cell in notebook.cells):
        with suppress(KeyError):
            cache = get_cache(app.env.mystnb_config.execution_cache_path)
            _, notebook = cache.merge_match_into_notebook(notebook, cell_meta=())
    return notebook


def _write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)
    return path


def _chapters(app, folder: Path):
    executed = Path(app.outdir).parent / "jupyter_execute"
    cited = works(Path(app.srcdir), app.config.bibtex_bibfiles)
    setup = setup_cell(app.config.notebooks_repository, app.config.notebooks_commit, ("sepconv", "myst_nb"))
    for docname in sorted(app.env.found_docs):
        page = executed / f"{docname}.ipynb"
        if addresses.LAB.fullmatch(docname) or not is_notebook(app.env, docname) or not page.exists():
            continue
        plain = Plain(Path(app.env.doc2path(docname)).parent, Roles(app.env, docname, executed, cited))
        notebook = plain_notebook(_read(app, page), plain, setup)
        yield _write(folder / addresses.path(docname), nbformat.writes(notebook).encode())


def _labs(app, folder: Path):
    for released in sorted((ROOT / "labs").glob("*/*.ipynb")):
        lab, home = released.parent.name, released.parent
        files = {
            path.relative_to(home).as_posix(): path.read_bytes()
            for path in sorted(home.rglob("*"))
            if path.is_file() and path != released and not path.relative_to(home).as_posix().startswith(".")
        }
        setup = setup_cell(
            app.config.notebooks_repository,
            app.config.notebooks_commit,
            ("sepconv", "autograder"),
            {name: f"labs/{lab}/{name}" for name in files},
        )
        notebook = nbformat.read(released, as_version=4)
        notebook.cells.insert(1, setup)
        files[released.name] = nbformat.writes(notebook).encode()
        for name, data in files.items():
            yield _write(folder / "labs" / lab / name, data)
        yield _archive(folder / "labs" / f"{lab}.zip", {f"{lab}/{name}": files[name] for name in files})


def _archive(path: Path, files: dict[str, bytes]) -> Path:
    """Write a ZIP file that is the same for the same files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def _for_binder(app, folder: Path):
    if name := app.config.notebooks_repository:
        wanted = addresses.requirement(name, app.config.notebooks_commit)
        yield _write(folder / "binder" / "requirements.txt", f"{wanted}\n".encode())
        yield _write(folder / "binder" / "runtime.txt", b"python-3.12\n")


def _publish(app, exception):
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / addresses.FOLDER
    kept = {*_chapters(app, folder), *_labs(app, folder), *_for_binder(app, folder)}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def _button(url: str, text: str, tooltip: str, icon: str) -> dict:
    label = f"notebook-{text.strip('.').lower()}"
    return {"type": "link", "url": url, "text": text, "tooltip": tooltip, "icon": icon, "label": label}


def _add_buttons(app, pagename, templatename, context, doctree):
    """Offer the page's notebook in the theme's menus."""
    if doctree is None or not is_notebook(app.env, pagename):
        return
    path, lab = addresses.path(pagename), addresses.LAB.fullmatch(pagename)

    def here(name: str) -> str:
        return context["pathto"](f"{addresses.FOLDER}/{name}", 1)

    downloads = [_button(here(path), ".ipynb", "Download this page as a notebook", "fas fa-code")]
    if lab:
        archive = here(f"labs/{lab['lab']}.zip")
        downloads.append(_button(archive, ".zip", "Download the lab, notebook and files", "fas fa-box"))
    for group in context["header_buttons"]:
        if group.get("label") == "download-buttons":
            others = [b for b in group["buttons"] if not lab or b["label"] != "download-source-button"]
            group["buttons"] = downloads + others
    if name := app.config.notebooks_repository:
        launch = [
            _button(addresses.colab(name, path), "Colab", "Open in Colab", "_static/images/logo_colab.png"),
            _button(
                addresses.binder(name, path), "Binder", "Open in Binder", "_static/images/logo_binder.svg"
            ),
        ]
        group = {"type": "group", "tooltip": "Run this page", "icon": "fas fa-rocket", "buttons": launch}
        context["header_buttons"].insert(0, group | {"label": "launch-buttons"})


def _set_repository(app, config):
    config.notebooks_repository = addresses.repository(config.html_theme_options.get("repository_url", ""))
    config.notebooks_commit = addresses.commit()


def setup(app):
    """Sphinx calls this."""
    app.add_config_value("notebooks_repository", "", "html")
    app.add_config_value("notebooks_commit", "", "")
    app.connect("config-inited", _set_repository)
    app.connect("html-page-context", _add_buttons, priority=502)  # after the theme has made its menus
    app.connect("build-finished", _publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
