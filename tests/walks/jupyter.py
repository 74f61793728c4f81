"""A person with a home of their own, and what they do in JupyterLab."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from course.sample_class.notebooks import index
from tests.children import PYTHONPATH
from tests.servers import free_port, running

SIZE = {"width": 1100, "height": 700}
SECONDS = 90  # that a kernel may take, with TensorFlow, on a busy machine
# Nothing on the network: no look for a newer JupyterLab, no list of extensions, no news.
OFFLINE = [
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]
CHOICES = {
    # as after answering JupyterLab's first question, whether it may fetch news
    "apputils-extension/notification": '{"fetchNews": "false"}',
    # what a terminal shows is then text on the page, as for those who have it read to them
    "terminal-extension/plugin": '{"screenReaderMode": true}',
}


def choose(home: Path) -> None:
    """Write somebody's choices of settings in JupyterLab into their home."""
    for name, choice in CHOICES.items():
        file = home / ".jupyter/lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(choice)


class Person:
    """Somebody at a machine where the course's packages are installed, and nothing is set up yet.

    Parameters
    ----------
    home : Path
        Their home, which is made if it is not there. Settings, caches and work lie there and
        nowhere else.
    **variables : str
        Further variables of their environment.
    """

    def __init__(self, home: Path, **variables: str):
        self.home = home
        home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            "HOME": str(home),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": PYTHONPATH,
            "LANG": "C.UTF-8",
            **variables,
        }
        choose(home)

    def settings(self, text: str) -> None:
        """Write nbgrader's settings where every nbgrader command and JupyterLab find them."""
        (self.home / ".jupyter" / "nbgrader_config.py").write_text(text)

    def types(self, command: str, cwd: Path | None = None, code: int = 0, seconds: float = 300) -> str:
        """Run a command as typed into a terminal; return its output, or fail if it fails."""
        done = subprocess.run(
            shlex.split(command),
            cwd=cwd or self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout[-6000:]}"
        return done.stdout

    @contextmanager
    def jupyterlab(self, log: Path, cwd: Path | None = None, *options: str) -> Iterator[str]:
        """Start JupyterLab in a folder (the home by default); give the address to open."""
        port, token = free_port(), "walk"
        root = ["--allow-root"] if os.geteuid() == 0 else []
        where = [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"]
        command = ["jupyter", "lab", "--no-browser", *where, *OFFLINE, *root, *options]
        ready = f"http://127.0.0.1:{port}/api"
        with running([sys.executable, "-m", *command], ready, log, cwd or self.home, self.environment):
            yield f"http://127.0.0.1:{port}/lab?token={token}"


class Lab:
    """JupyterLab in a browser's page.

    Parameters
    ----------
    page : Page
    address : str
        As `Person.jupyterlab` gives it.
    folder : Path
        Where JupyterLab was started.
    """

    def __init__(self, page: Page, address: str, folder: Path):
        self.page, self.folder, self.address = page, folder, address.partition("?")[0]
        page.set_viewport_size(SIZE)
        page.goto(address)
        self.menu("File").wait_for(timeout=SECONDS * 1000)
        expect(page.locator("#jupyterlab-splash")).to_have_count(0)

    def menu(self, *names: str) -> Locator:
        """Click through the menus; give the last item, not yet clicked."""
        bar, *items = names
        item = self.page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{bar}$"))
        for name in items:
            item.click()
            label = self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{re.escape(name)}$"))
            item = self.page.locator(".lm-Menu-item:visible", has=label)
        return item

    def notebook(self, path: str) -> "Notebook":
        """Open a notebook, named from the folder where JupyterLab was started."""
        self.page.goto(f"{self.address}/tree/{path}")
        return Notebook(self, path)

    def terminal(self) -> "Terminal":
        """Open a new terminal."""
        terminals = self.page.locator(".jp-Terminal")
        number = terminals.count()
        self.menu("File", "New", "Terminal").click()
        return Terminal(self.page, terminals.nth(number))


class Notebook:
    """An opened notebook, whose kernel has started."""

    def __init__(self, lab: Lab, path: str):
        self.lab, self.page, self.path = lab, lab.page, lab.folder / path
        self.panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        expect(self.page.locator("#jp-main-statusbar")).to_contain_text("| Idle", timeout=SECONDS * 1000)

    def cell(self, grade_id: str) -> Locator:
        """The cell that has this id for nbgrader, scrolled to."""
        number = index(nbformat.read(self.path, as_version=4), grade_id)
        cell = self.panel.locator(f'.jp-Cell[data-windowed-list-index="{number}"]')
        cell.scroll_into_view_if_needed()
        return cell

    def write(self, grade_id: str, text: str) -> Locator:
        """Write into a cell, in the place of what stands there."""
        cell = self.cell(grade_id)
        if "jp-MarkdownCell" in cell.get_attribute("class"):
            cell.dblclick()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text.strip("\n"))
        return cell

    def run(self, grade_id: str) -> Locator:
        """Run a cell, and wait until it has."""
        cell = self.cell(grade_id)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"), timeout=SECONDS * 1000)
        return cell

    def save(self) -> None:
        """Save, and wait until it has."""
        self.page.keyboard.press("Control+S")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)

    def validate(self) -> Locator:
        """Press *Validate*; give the window with the results."""
        self.panel.get_by_role("button", name="Validate").click()
        window = self.page.locator(".jp-Dialog", has_text="Validation Results")
        window.wait_for(timeout=3 * SECONDS * 1000)
        return window


class Terminal:
    """A terminal in JupyterLab."""

    def __init__(self, page: Page, terminal: Locator):
        self.page, self.terminal = page, terminal
        terminal.wait_for()
        self.screen = self.terminal.locator(".xterm-accessibility")
        expect(self.screen).to_contain_text(re.compile(r"[$#]"))

    def types(self, command: str, until: str, seconds: float = SECONDS) -> None:
        """Type a command, and wait until the terminal shows a text that is not in the command."""
        self.terminal.click()
        expect(self.terminal.locator(".xterm-helper-textarea")).to_be_focused()
        self.page.keyboard.type(command)
        self.page.keyboard.press("Enter")
        expect(self.screen).to_contain_text(until, timeout=seconds * 1000)
