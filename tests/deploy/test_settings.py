"""A department's file: read whole, or refused with the key, what came and what was expected."""

from pathlib import Path

import pytest

from deploy.settings import Cluster, DeployError, Hub, Settings, read

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "department.toml"


@pytest.fixture
def changed(tmp_path):
    """Give the example with some text in the place of other."""

    def change(before="", after=""):
        text = EXAMPLE.read_text(encoding="utf-8")
        assert before in text
        file = tmp_path / "course.toml"
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        return file

    return change


def test_the_example_is_read():
    assert read(EXAMPLE) == Settings(
        course="convolutions-taken-apart",
        folder=Path("/srv/course"),
        owner="course",
        exchange=Path("/srv/exchange"),
        state=Path("/var/lib/course-hub"),
        gradebook="postgresql+psycopg:///gradebook",
        instructors=("ines",),
        students=("ada", "bob"),
        hub=Hub("http://127.0.0.1:8000"),
        cluster=Cluster("grading", "tls://127.0.0.1:8786", 2),
    )


def test_hub_and_cluster_have_defaults(changed):
    text = EXAMPLE.read_text(encoding="utf-8")
    shorter = changed(text[text.index("[hub]") :], "")
    assert (read(shorter).hub, read(shorter).cluster) == (Hub(), Cluster())


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('course = "convolutions-taken-apart"', "", "course is missing"),
        ('owner = "course"', "owner = 3", "owner must be a text, got 3"),
        ('owner = "course"', 'keeper = "course"', "unknown key keeper; there are course, folder, owner"),
        ("workers = 2", "worker = 2", "unknown key cluster.worker; there are cluster.user"),
        ("workers = 2", "workers = 0", "cluster.workers must be a number from 1 to 65535, got 0"),
        ("workers = 2", "workers = true", "cluster.workers must be a number from 1 to 65535, got True"),
        ('"/srv/course"', '"course"', "folder must be a path that begins with /, got 'course'"),
        ('["ada", "bob"]', '"ada"', "students must be a list of account names, got 'ada'"),
        ('["ada", "bob"]', '["Ada L"]', "'Ada L' is no name of an account"),
        ('["ada", "bob"]', '["ada", "ines"]', "'ines' stands twice among owner, cluster.user, instructors"),
        ('user = "grading"', 'user = "course"', "'course' stands twice"),
        ('["ines"]', "[]", "instructors is empty: nobody could grade"),
        (
            '"convolutions-taken-apart"',
            '"a/b"',
            "course must be letters, digits, '-', '_' and '.', got 'a/b'",
        ),
        (
            "tls://127.0.0.1:8786",
            "tcp://127.0.0.1:8786",
            "cluster.scheduler must be tls://HOST:PORT, got 'tcp",
        ),
        ("http://127.0.0.1:8000", "http://127.0.0.1", "hub.address must be http://HOST:PORT, got"),
        ("http://127.0.0.1:8000", "http://h:99999", "hub.address must be http://HOST:PORT, got"),
        ("[hub]\naddress", "hub = 3\n#", "hub must be a table, got 3"),
        ("[hub]", "[hub", "course.toml: "),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(changed, before, after, words):
    with pytest.raises(DeployError) as refused:
        read(changed(before, after))
    assert words in str(refused.value)
    assert "course.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DeployError, match=r"none.toml: cannot be read \(No such file"):
        read(tmp_path / "none.toml")
