"""Arranging a machine: what it makes and refuses. `tests/walks` shows that it works together."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from traitlets.config import Config

from deploy import accounts, arrange, hub
from deploy.__main__ import main
from deploy.settings import DeployError, read

ME = pwd.getpwuid(os.getuid()).pw_name
EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "department.toml"


def test_people_without_an_account_are_all_named():
    with pytest.raises(DeployError, match=r"no account on this machine: no-one, no-two; make it \(useradd"):
        accounts.check_people((ME, "no-one", "no-two"))


def test_a_folder_is_made_once_and_closed(tmp_path):
    said = []
    for _ in range(2):
        accounts.ensure_folder(tmp_path / "new", ME, 0o700, said.append)
    assert said == [f"made {tmp_path / 'new'}"]
    (tmp_path / "new").chmod(0o755)
    (tmp_path / "new" / "kept").write_text("work")
    accounts.ensure_folder(tmp_path / "new", ME, 0o700, said.append)
    assert ((tmp_path / "new").stat().st_mode & 0o777, said[1:]) == (
        0o700,
        [f"{tmp_path / 'new'}: rights 700, were 755"],
    )
    assert (tmp_path / "new" / "kept").read_text() == "work"


def test_what_is_in_the_way_of_a_folder_is_named_and_stays(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(DeployError, match=f"{name} is no folder"):
            accounts.ensure_folder(tmp_path / name, ME, 0o700, pytest.fail)
    assert (tmp_path / "file").read_text() == "mine"
    other = "nobody" if ME != "nobody" else "root"
    with pytest.raises(DeployError, match=f"does not belong to {other}: chown -R {other}: "):
        accounts.ensure_folder(tmp_path, other, 0o700, pytest.fail)
    with pytest.raises(DeployError, match=r"cannot be made \(No such file"):
        accounts.ensure_folder(tmp_path / "none" / "new", ME, 0o700, pytest.fail)


def test_a_private_file_is_its_owners_alone_whatever_stood_there(tmp_path):
    (tmp_path / "key").write_text("old")
    (tmp_path / "key").chmod(0o666)
    accounts.write_private(tmp_path / "key", "new", ME)
    assert ((tmp_path / "key").read_text(), (tmp_path / "key").stat().st_mode & 0o777) == ("new", 0o600)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.skipif(os.geteuid() != 0, reason="the key is root's")
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl")
def test_the_clusters_key_is_made_once_and_holds_strictly(tmp_path):
    said = []
    made = [arrange._key(tmp_path / "cluster.pem", said.append) for _ in range(2)]
    assert (made[0], len(said)) == (made[1], 1)
    pem = str(tmp_path / "cluster.pem")
    check = ["openssl", "verify", "-x509_strict", "-CAfile", pem, pem]
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    assert (tmp_path / "cluster.pem").stat().st_mode & 0o777 == 0o600


def test_only_root_arranges(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(DeployError, match="run this with sudo"):
        arrange.arrange(read(EXAMPLE), pytest.fail)


def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    done = CliRunner().invoke(main, ["start", str(tmp_path / "none.toml")])
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "none.toml: cannot be read" in done.output


def test_a_missing_proxy_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setattr(hub.shutil, "which", lambda *_, **__: None)
    with pytest.raises(DeployError, match=r"npm install --prefix .* --install-links ./deploy"):
        hub.proxy()


def test_the_hub_lets_in_whom_the_file_names_and_instructors_to_the_course(monkeypatch):
    monkeypatch.setattr(hub, "proxy", lambda: "proxy")
    monkeypatch.setattr(hub, "home", lambda name: Path("/home") / name)
    c = Config()
    hub.configure(c, read(EXAMPLE))
    assert c.Authenticator.allowed_users == {"ines", "ada", "bob"}
    assert c.JupyterHub.load_groups == {"instructors": {"users": ["ines"]}}
    (role,) = c.JupyterHub.load_roles
    assert "access:services!service=course" in role["scopes"]
    assert {each["name"]: each["user"] for each in c.JupyterHub.services} == {
        "course": "course",
        "scheduler": "grading",
        "worker-1": "grading",
        "worker-2": "grading",
    }
