"""Seeds of hidden tests: the same for one secret, others for another, known to the judge alone."""

import hashlib
import os
import stat

import pytest
from click.testing import CliRunner

from autograder import cli
from autograder.checks import seeds
from autograder.checks.grader import Grader, graded_by
from autograder.checks.seeds import SecretError, key_of, variant

HERE = "from autograder.checks.seeds import variant\n"


@pytest.fixture(autouse=True)
def without_a_secret(monkeypatch):
    monkeypatch.delenv(seeds.VARIABLE, raising=False)


def secret(folder, name="one"):
    return seeds.make(folder / name)


def test_the_same_secret_gives_the_same_numbers_and_another_gives_others(tmp_path, monkeypatch):
    one, other = secret(tmp_path), secret(tmp_path, "other")
    drawn = {}
    for name, path in (("one", one), ("again", one), ("other", other), ("none", None)):
        with graded_by(Grader(key_of(path))):
            drawn[name] = [variant("lab: a"), variant("lab: b")]
    assert drawn["one"] == drawn["again"]
    flat = [*drawn["one"], *drawn["other"], *drawn["none"]]
    assert len(set(flat)) == len(flat)
    assert all(type(seed) is int and 0 <= seed < 2**32 for seed in flat)


def test_students_may_have_numbers_of_their_own(tmp_path):
    path = secret(tmp_path)
    assert key_of(path, "ada") == key_of(path, "ada")
    assert len({key_of(path, "ada"), key_of(path, "bob"), key_of(path)}) == 3


def test_under_nbgrader_alone_the_environment_names_the_file(tmp_path, monkeypatch):
    path = secret(tmp_path)
    without = variant("lab: a")
    monkeypatch.setenv(seeds.VARIABLE, str(path))
    named = variant("lab: a")
    with graded_by(Grader(key_of(path))):
        assert variant("lab: a") == named != without


def test_the_engines_key_counts_more_than_the_environment(tmp_path, monkeypatch):
    with graded_by(Grader(key_of(secret(tmp_path)))):
        before = variant("lab: a")
        monkeypatch.setenv(seeds.VARIABLE, str(secret(tmp_path, "other")))
        assert variant("lab: a") == before
    assert variant("lab: a") != before


def test_the_command_makes_a_secret_that_only_its_owner_reads_and_overwrites_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(cli.main, ["secret"])
    assert made.exit_code == 0
    path = tmp_path / seeds.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = seeds.read(path)
    assert len(before) >= seeds.SHORTEST
    assert before.decode() not in made.output
    again = CliRunner().invoke(cli.main, ["secret"])
    assert again.exit_code == 1
    assert "is there already" in again.output
    assert seeds.read(path) == before


@pytest.mark.parametrize(("content", "said"), [(b"", "has 0 bytes"), (b"short\n", "has 5 bytes")])
def test_a_file_without_a_secret_is_named(content, said, tmp_path):
    path = tmp_path / "empty"
    path.write_bytes(content)
    with pytest.raises(SecretError, match=said):
        key_of(path)


def test_a_folder_in_the_place_of_the_secret_is_named(tmp_path):
    with pytest.raises(SecretError, match="cannot be read"):
        key_of(tmp_path)


WORKER = (
    HERE
    + """
import gc, hashlib, os, re, sys
mine = variant('lab: a')
held = [v for d in gc.get_objects() if type(d) is dict for v in list(d.values())]
texts = [v for v in [*held, *os.environ.values(), *sys.argv] if type(v) in (str, bytes)]
words = {w for t in texts for w in re.findall('[0-9a-f]{64}', t if type(t) is str else t.decode('latin1'))}
"""
)


@pytest.mark.slow
def test_in_the_engine_the_judge_alone_has_the_key(graded, tmp_path):
    found = {}
    for name in ("one", "other"):
        path = secret(tmp_path, name)
        key = key_of(path)
        sought = [hashlib.sha256(text).hexdigest() for text in (key.hex().encode(), seeds.read(path))]
        student = (
            WORKER + f"found = any(hashlib.sha256(w.encode()).hexdigest() in {sought} for w in words)\n"
            f"reads = os.path.exists({str(path)!r})"
        )
        tests = (
            "print('seed', variant('lab: a'))",
            "assert mine != variant('lab: a') and not found and not reads",
        )
        result = graded(student, *tests, helper=HERE, seed_key=key, call_seconds=5)
        assert result.scores == [1, 1], result.messages
        found[name] = result.cells[0].outputs
        for hidden in (key.hex(), seeds.read(path).decode()):
            assert hidden not in result.result.to_json()
        planted = f"planted = {{0: {key.hex()!r}}}\n" + student  # what is there is found
        again = graded(planted, tests[0], "assert found", helper=HERE, seed_key=key, call_seconds=5)
        assert again.cells[0].outputs == found[name]
    assert found["one"] != found["other"]


def test_a_course_folder_without_a_secret_is_told_by_the_doctor(tmp_path, monkeypatch):
    from autograder.commands import doctor

    monkeypatch.chdir(tmp_path)
    assert doctor._secret() == []
    (tmp_path / "nbgrader_config.py").touch()
    assert "published answers could pass" in doctor._secret()[0].text
    seeds.make(seeds.FILE)
    assert doctor._secret()[0].ok
    assert seeds.FILE in doctor._secret()[0].text
    os.truncate(seeds.FILE, 3)
    assert not doctor._secret()[0].ok
