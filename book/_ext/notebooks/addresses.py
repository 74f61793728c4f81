"""Where published notebooks lie, and the addresses that open them."""

import os
import re

from sphinx.errors import ConfigError

FOLDER = "_notebooks"  # of the built book
BRANCH = "notebooks"  # of the repository: the workflow pushes that folder there
PACKAGE = "convolutions-taken-apart"
LAB = re.compile(r"labs/(?P<lab>\w+)/(?P=lab)")
GITHUB = re.compile(r"https://github\.com/(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?")


def path(docname: str) -> str:
    """Path of a page's notebook below the folder: chapters lie flat, labs each in a folder."""
    return f"{docname.removeprefix('book/')}.ipynb"


def repository(configured: str) -> str:
    """Give "OWNER/NAME" of the project on GitHub, or "" where it has no public home.

    Parameters
    ----------
    configured : str
        The URL in `_config.yml`; `COURSE_REPOSITORY` in the environment goes before it.

    Raises
    ------
    sphinx.errors.ConfigError
        If it is set and is not a repository on GitHub, which is where Colab looks.
    """
    url = os.environ.get("COURSE_REPOSITORY") or configured
    match = GITHUB.fullmatch(url)
    if url and not match:
        raise ConfigError(f"the repository must be https://github.com/OWNER/NAME, got {url!r}")
    return match["name"] if match else ""


def commit() -> str:
    """Name the commit of the pages: `COURSE_COMMIT` of the environment, or main."""
    return os.environ.get("COURSE_COMMIT") or "main"


def colab(repository: str, path: str) -> str:
    """Give the address that opens a published notebook in Colab."""
    return f"https://colab.research.google.com/github/{repository}/blob/{BRANCH}/{path}"


def binder(repository: str, path: str) -> str:
    """Give the address that opens a published notebook in Binder's JupyterLab."""
    return f"https://mybinder.org/v2/gh/{repository}/{BRANCH}?urlpath=lab/tree/{path}"


def raw(repository: str, path: str) -> str:
    """Give the address of a published file as it is."""
    return f"https://raw.githubusercontent.com/{repository}/{BRANCH}/{path}"


def requirement(repository: str, commit: str) -> str:
    """Name the course's library at a commit as pip takes it."""
    return f"{PACKAGE}[notebooks] @ git+https://github.com/{repository}@{commit}"
