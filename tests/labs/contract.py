"""The promises of every lab, as tests: a lab's own module names the lab and inherits them.

A new lab's module begins so:

    class TestWaves(LabContract):
        lab = "waves"
        network_functions = ("wave_net",)
        kept_back = ("a word of the solution",)

Right answers in other forms come from ``course/sample_class/answers/``, what the lab's sample class
deserves from ``course/sample_class/``, cases and mistakes from the judge's reference code.
"""

import importlib
from collections.abc import Callable
from typing import ClassVar, NamedTuple

import pytest

from autograder import checks
from autograder.checks.case import load
from autograder.checks.difference import difference
from course import examples, labs, sample_class
from course.labs import nbgrader
from course.sample_class import grading
from tests.labs.cases import assert_same_inputs, inputs, recognised
from tests.labs.fixtures import LabFixtures

SECRETS = [bytes([number]) for number in range(5)]


class Shortcut(NamedTuple):
    """A right answer to a function that a test must refuse.

    The test's words begin with the error, or with the first part that gets no points, and name the
    call.
    """

    function: str
    answer: Callable
    called: str
    begins: str = "ShortcutRefused"


class LabPromises(LabFixtures):
    """The facts about one lab that the tests of every lab ask for.

    Attributes
    ----------
    network_functions : tuple of str
        Graded functions that make layers or networks, which take long to try; all others compute.
    network_secrets : list of bytes
        Secrets that the right networks are tried with.
    kept_back : tuple of str
        Words of the solution and the hidden tests that the release must not hold.
    shortcuts : tuple of Shortcut
    nothing : dict of str to callable
        By function, an answer that does nothing; all are tried together.
    few_inputs : tuple of str
        Computing functions whose cases are so few small numbers that another secret draws some
        again.
    shown_by_either : tuple of str
        Known mistakes that the visible test or the hidden cases show, but not both.
    hint_arguments : tuple of str
        Arguments that a hint may give, as ``"use_bias="``.
    """

    network_functions: ClassVar[tuple[str, ...]] = ()
    network_secrets: ClassVar[list[bytes]] = [b"another"]
    kept_back: ClassVar[tuple[str, ...]] = ()
    shortcuts: ClassVar[tuple[Shortcut, ...]] = ()
    nothing: ClassVar[dict[str, Callable]] = {}
    few_inputs: ClassVar[tuple[str, ...]] = ()
    shown_by_either: ClassVar[tuple[str, ...]] = ()
    hint_arguments: ClassVar[tuple[str, ...]] = ()
    forms: ClassVar[dict[str, dict[str, Callable]]]

    def __init_subclass__(cls):
        super().__init_subclass__()
        if "lab" in vars(cls):
            cls.forms = importlib.import_module(f"course.sample_class.answers.{cls.lab}").RIGHT

    @classmethod
    def mistakes(cls):
        """Give every function with the name of each of its known mistakes."""
        return [(f, name) for f in cls.reference.FUNCTIONS for name in cls.reference.mistakes_of(f)]

    def pytest_generate_tests(self, metafunc):
        """Try a test on each function, form or mistake of the lab that it asks for."""
        functions = self.reference.FUNCTIONS
        pairs = {
            "form": [(f, form) for f, forms in self.forms.items() for form in forms],
            "mistake": self.mistakes(),
            "visible_mistake": [pair for pair in self.mistakes() if pair[1] not in self.shown_by_either],
        }
        values = {
            "function": functions,
            "computing_function": [f for f in functions if f not in self.network_functions],
            "network_function": self.network_functions,
            "network_secret": self.network_secrets,
            "idle_function": [*self.nothing],
        }
        for name, some in pairs.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, some, ids=["-".join(pair) for pair in some])
        if "shortcut" in metafunc.fixturenames:
            ids = [f"{function}-{answer.__name__.strip('_')}" for function, answer, *_ in self.shortcuts]
            metafunc.parametrize("shortcut", self.shortcuts, ids=ids)
        for name, some in values.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, some)

    @classmethod
    def most(cls) -> dict[str, float]:
        """Give the most points of every graded cell, in the notebook's order."""
        return {test: cls.instructors.points(test) for test in cls.instructors.named("grade")}


class ReleaseTests(LabPromises):
    """The release holds what it must and no more, and the sample class is marked as it deserves."""

    def test_the_points_are_as_planned_and_every_function_is_graded(self):
        planned, most = sample_class.deserved(self.lab)["perfect"], self.most()
        assert [*planned] == [*most]
        by_hand = {*self.instructors.named("solution")} & {*most}
        assert planned == {test: None if test in by_hand else points for test, points in most.items()}
        assert sum(points for points in planned.values() if points is not None) == 20
        assert sum(most[test] for test in by_hand) == 4
        assert {f"test_{function}" for function in self.reference.FUNCTIONS} <= {*most}

    def test_the_release_holds_neither_solutions_nor_hidden_tests_nor_other_files(self):
        notebook = f"{self.lab}.ipynb"
        released = sorted(path.name for path in self.students.folder.iterdir())
        assert released == sorted([notebook, "examples.npz"])
        text = (self.students.folder / notebook).read_text(encoding="utf-8")
        for word in ("judge_only", "HIDDEN", "SOLUTION", "For the grader", *self.kept_back):
            assert word not in text, word
        for name in self.instructors.named("solution"):
            stub = self.students.cells[name].source
            assert "raise NotImplementedError()" in stub or stub == "YOUR ANSWER HERE"
        assert not any(cell.get("outputs") for cell in self.students.cells.values())

    def test_the_answers_in_the_release_are_those_of_visible_tests_only(self, visible_cases, hidden_cases):
        visible = [inputs(case) for some in visible_cases.values() for case in some]
        hidden = [inputs(case) for some in hidden_cases.values() for case in some]
        assert len({*visible}) == len(visible)
        assert not {*visible} & {*hidden}

    @pytest.mark.slow
    def test_the_examples_are_what_the_reference_code_gives(self):
        stored, computed = load(self.instructors.folder / "examples.npz"), examples.compute(self.lab)
        assert stored.keys() == computed.keys()
        for function, some in computed.items():
            assert len(stored[function]) == len(some)
            for old, new in zip(stored[function], some, strict=True):
                assert_same_inputs(old, new)
                assert not difference(new.expected, old.expected, labels=new.labels)
                assert _hints(old) == _hints(new)
                for name, mistake in new.mistakes.items():
                    assert not difference(mistake.result, old.mistakes[name].result, labels=new.labels)

    @pytest.mark.slow
    def test_the_release_is_what_nbgrader_makes_of_the_solutions(self, tmp_path):
        here = f"--CourseDirectory.root={tmp_path}", f"--CourseDirectory.source_directory={labs.SOLUTIONS}"
        nbgrader("generate_assignment", self.lab, *here, log=f"test-release-{self.lab}.log")
        for path in sorted((tmp_path / "labs" / self.lab).iterdir()):
            released = self.students.folder / path.name
            assert path.read_bytes() == released.read_bytes(), f"{path.name} is stale: make labs"

    def test_each_sample_student_deserves_points_for_every_graded_cell(self):
        most = self.most()
        for points in sample_class.deserved(self.lab).values():
            assert [*points] == [*most]
            assert all(score is None or 0 <= score <= most[cell] for cell, score in points.items())

    @pytest.mark.slow
    def test_everybody_in_the_sample_class_gets_what_they_deserve_cell_by_cell(self):
        rows = grading.grade(self.lab)
        assert [row.student for row in rows] == list(sample_class.deserved(self.lab))
        assert {row.student: row.given for row in rows} == {row.student: row.deserved for row in rows}


class AnswerTests(LabPromises):
    """Right answers pass in every form; none, idle ones and shortcuts get nothing."""

    def test_the_instructors_answer_gets_full_marks(self, function, answered):
        self.assert_full_marks(function, answered)

    def test_right_answers_in_other_forms_get_full_marks(self, form, answered):
        function, name = form
        self.assert_full_marks(function, answered | {function: self.forms[function][name]})

    def test_right_answers_in_other_forms_agree_with_every_case(self, form, visible_cases, hidden_cases):
        function, name = form
        for case in (*visible_cases[function], *hidden_cases[function]):
            checks.agrees(self.forms[function][name], case)

    def test_every_function_is_tried_in_four_forms_and_knows_five_mistakes_at_least(self):
        assert self.forms.keys() == {*self.reference.FUNCTIONS}
        assert all(len(forms) >= 4 for forms in self.forms.values())
        assert all(len(self.reference.mistakes_of(f)) >= 5 for f in self.reference.FUNCTIONS)

    def test_the_untouched_release_gets_nothing_and_says_why(self, function, answered):
        alone = dict(answered)
        exec(self.students.cells[function].source, alone)
        for names in (self.students.namespace(self.reference.FUNCTIONS), alone):
            points, words = self.instructors.score(f"test_{function}", names)
            assert points == 0
            assert f"{function} is not answered yet" in words

    def test_answers_that_do_nothing_get_nothing(self, idle_function, answered):
        assert self.instructors.score(f"test_{idle_function}", answered | self.nothing)[0] == 0

    def test_a_shortcut_is_refused_though_its_numbers_are_right(self, shortcut, answered, hidden_cases):
        function, answer, called, begins = shortcut
        for case in hidden_cases[function]:
            checks.agrees(answer, case)
        for lab in (self.instructors, self.students):
            points, words = lab.score(f"test_{function}", answered | {function: answer})
            assert points == 0
            assert words.startswith(f"{begins}: Your answer calls {called}")


class MistakeTests(LabPromises):
    """Known mistakes fail and are named, whatever the course secret."""

    def test_a_known_mistake_fails_the_visible_test_and_is_named(self, visible_mistake, answered):
        function, name = visible_mistake
        mistaken, hint = self.reference.mistakes_of(function)[name]
        points, words = self.students.score(f"test_{function}", answered | {function: mistaken})
        assert points < self.students.points(f"test_{function}")
        assert f"{name}. {hint}" in words

    def test_a_known_mistake_fails_visible_and_hidden_cases_and_is_named(
        self, mistake, visible_cases, hidden_cases
    ):
        function, name = mistake
        known = self.reference.mistakes_of(function)[name]
        shown = [recognised(name, known, some[function]) for some in (visible_cases, hidden_cases)]
        assert any(shown) if name in self.shown_by_either else all(shown)

    def test_a_test_cell_names_the_mistake_and_takes_points(self, function, answered):
        name, (mistaken, _) = next(iter(self.reference.mistakes_of(function).items()))
        for lab in (self.students, self.instructors):
            points, words = lab.score(f"test_{function}", answered | {function: mistaken})
            assert points < lab.points(f"test_{function}")
            assert name in words

    def test_a_hint_does_not_give_the_answer_away(self):
        for function, name in self.mistakes():
            hint = self.reference.mistakes_of(function)[name][1]
            assert hint.endswith((".", "?"))
            assert len(hint) <= 110
            for argument in self.hint_arguments:
                hint = hint.replace(argument, "")
            assert "=" not in hint

    @pytest.mark.parametrize("secret", SECRETS, ids=range(len(SECRETS)))
    def test_with_any_secret_the_right_pass_and_known_mistakes_fail_and_are_named(
        self, computing_function, secret, answered, use_secret, hidden_cases
    ):
        use_secret(secret)
        some = self.reference.cases(computing_function)
        for case in some:
            checks.agrees(answered[computing_function], case)
        for name, mistake in self.reference.mistakes_of(computing_function).items():
            assert recognised(name, mistake, some), name
        assert computing_function in self.few_inputs or _differ(some, hidden_cases[computing_function])

    @pytest.mark.slow
    def test_with_another_secret_the_right_networks_pass(
        self, network_function, network_secret, answered, use_secret, hidden_cases
    ):
        use_secret(network_secret)
        some = self.reference.cases(network_function)
        for case in some:
            checks.agrees(answered[network_function], case)
        assert _differ(some, hidden_cases[network_function])

    def test_another_secret_gives_the_hidden_tests_other_inputs(self, computing_function, use_secret):
        drawn = {}
        for secret in (b"one", b"one", b"other"):
            use_secret(secret)
            some = [*map(inputs, self.reference.cases(computing_function))]
            assert drawn.setdefault(secret, some) == some
        assert drawn[b"one"] != drawn[b"other"]
        assert computing_function in self.few_inputs or not {*drawn[b"one"]} & {*drawn[b"other"]}


class LabContract(ReleaseTests, AnswerTests, MistakeTests):
    """The tests that every lab passes."""


def _hints(case):
    return [(name, mistake.hint) for name, mistake in case.mistakes.items()]


def _differ(some, others) -> bool:
    pairs = zip(some, others, strict=True)
    return any(difference(case.expected, other.expected, labels=case.labels) for case, other in pairs)
