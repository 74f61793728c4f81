"""The workflows are well formed, and every command and file that they name is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from course.stamps import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")


def steps(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def scripts(path):
    return [EXPRESSION.sub("x", step["run"]) for step in steps(path) if "run" in step]


def test_they_have_the_form_that_github_reads():
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [checker, "--builtin-schema", "vendor.github-workflows", *WORKFLOWS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_they_run_is_there(path):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for script in scripts(path):
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
        for line in script.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "make":
                assert {word for word in words[1:] if "=" not in word} <= targets, line
            for word in words:
                if re.match(r"(course|tests)/", word):
                    assert (ROOT / word).exists(), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_they_keep_is_what_make_writes(path):
    from course.book import PAGE
    from course.process import LOGS
    from course.stamps import BUILD

    made = {str(folder.relative_to(ROOT)) for folder in (PAGE.parent, LOGS, BUILD / ".jupyter_cache")}
    for step in steps(path):
        if kept := step.get("with", {}).get("path"):
            assert kept.rstrip("/") in made, kept


def test_they_may_write_only_where_they_publish():
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {"contents": "read"}, path.name
        for name, job in workflow["jobs"].items():
            assert "permissions" not in job or path.stem == "publish", name
            assert job.get("timeout-minutes") or name == "deploy", name


def test_the_notebooks_are_pushed_as_the_branch_that_the_pages_open(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from notebooks.addresses import BRANCH, FOLDER

    folder, remote = tmp_path / "_build" / "html" / FOLDER, tmp_path / "remote"
    (folder / "labs").mkdir(parents=True)
    (folder / "one.ipynb").write_text("{}")
    (folder / "labs" / "data.npz").write_text("x")
    subprocess.run(["git", "init", "--quiet", "--bare", remote], check=True)
    (script,) = [
        step["run"]
        for step in steps(ROOT / ".github/workflows/publish.yml")
        if "git push" in step.get("run", "")
    ]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "REMOTE": str(remote),
        "COURSE_COMMIT": "abc",
    }
    for _ in range(2):
        subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=tmp_path, env=environment, check=True)
    pushed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", BRANCH],
        cwd=remote,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert pushed.split() == ["labs/data.npz", "one.ipynb"]
    assert not (folder / ".git").exists()


def test_the_addresses_come_from_the_variables_that_publishing_sets():
    workflow = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8"))
    from course.book import VARIABLES

    assert set(workflow["jobs"]["book"]["env"]) == set(VARIABLES)


def test_a_job_that_grades_allows_user_namespaces_first():
    graded = 0
    for path in WORKFLOWS:
        for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items():
            runs = [step.get("run", "") for step in job["steps"]]
            first = next((at for at, run in enumerate(runs) if re.search(r"make (course|test)\b", run)), None)
            if first is not None:
                allows = [run for run in runs[:first] if "apparmor_restrict_unprivileged_userns=0" in run]
                assert allows, f"{path.name}: {name}"
                graded += 1
    assert graded


def test_pages_are_kept_by_the_name_of_all_that_executes_them():
    from course.pages import FRESHNESS

    (key,) = [
        step["with"]["key"]
        for step in steps(ROOT / ".github/workflows/publish.yml")
        if step.get("with", {}).get("path") == "_build/.jupyter_cache"
    ]
    for name in FRESHNESS["EXECUTED"]:
        assert f"'{name}/**'" in key or f"'{name}'" in key
