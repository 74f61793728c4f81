import json
import logging
import re
import sys
import textwrap
import threading
import types
import warnings

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbgrader.validator import Validator

from autograder import checks
from autograder.checks.case import save
from autograder.checks.grader import Grader, graded_by

MATRIX = np.arange(6.0).reshape(2, 3)
DOUBLED = checks.Case(
    "double",
    {"x": MATRIX},
    expected=2 * MATRIX,
    mistakes={
        "squared": checks.Mistake(MATRIX**2, "Look at the operator."),
        "unchanged": checks.Mistake(MATRIX, "Does anything happen to x?"),
    },
)
PAIR = checks.Case("halves", {"x": 3}, expected=(np.ones(2), np.zeros(2)), labels=("kernel", "bias"))


def message(function, case, **options):
    with pytest.raises(AssertionError) as caught:
        checks.agrees(function, case, **options)
    lines = str(caught.value).splitlines()
    assert max(map(len, lines)) <= 80
    return " ".join(line.strip() for line in lines)


@pytest.mark.parametrize(
    "right",
    [
        lambda x: 2 * x,
        lambda x: (2 * x).tolist(),
        lambda x: (2 * x).astype("float32"),
        lambda x: (2 * x).astype(int),
        lambda x: tuple(map(tuple, 2 * x)),
        lambda x: np.asfortranarray(2 * x),
    ],
)
def test_right_results_pass_in_any_form(right):
    checks.agrees(right, DOUBLED)


def test_an_eager_tensor_passes():
    tf = pytest.importorskip("tensorflow")
    checks.agrees(lambda x: tf.constant(2 * x), DOUBLED)


def test_the_message_says_what_was_called_where_it_differs_and_by_how_much():
    def wrong(x):
        result = 2 * x
        result[1, 2] += 0.5
        return result

    said = message(wrong, DOUBLED)
    assert said.startswith("double(x=float64 array of shape (2, 3)):")
    assert "First difference at index [1, 2]: expected 10, came 10.5" in said
    assert "1 of 6 values differs, by at most 0.5" in said
    assert "known mistake" not in said


def test_a_notebook_shows_of_a_failure_the_students_lines_and_the_message():
    answers = {
        "raises": "def double(x):\n    return undefined * x",
        "cannot be called so": "def double():\n    pass",
        "is wrong": "def double(x):\n    return x**2",
        "is refused": "def double(x):\n    return statistics.mean([x, 9])",
    }
    imports = (
        "import statistics\nfrom autograder.checks import *\n"
        "case = Case('double', {'x': 3}, 6, mistakes={'squared': Mistake(9, 'Look at the operator.')})"
    )
    test = "with on_your_own('statistics'):\n    agrees(double, case)"
    sources = [imports, *(cell for answer in answers.values() for cell in (answer, test))]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, allow_errors=True).execute()
    raises, call, wrong, refused = (
        re.sub(r"\x1b\[[\d;]*m", "", "\n".join(cell.outputs[0].traceback)) for cell in notebook.cells[2::2]
    )
    assert "----> 2     return undefined * x" in raises
    assert raises.endswith("double(x=3):\nRaised NameError: name 'undefined' is not defined")
    assert call.startswith("AssertionError: double(x=3):\nRaised TypeError: double() takes 0 positional")
    assert wrong == (
        "AssertionError: double(x=3):\nExpected 6, came 9.\n"
        "This looks like a known mistake: squared. Look at the operator."
    )
    assert refused.startswith("ShortcutRefused: Your answer calls statistics.mean")
    assert not any("autograder/checks" in shown for shown in (raises, call, wrong, refused))


def test_a_known_mistake_is_named_with_what_to_look_at():
    assert "known mistake: squared. Look at the operator." in message(lambda x: x**2, DOUBLED)
    assert "known mistake: unchanged" in message(lambda x: x, DOUBLED)


def test_what_was_recognised_is_kept_by_name():
    with graded_by(Grader(recognised=[])) as judge:
        message(lambda x: x**2, DOUBLED)
        message(lambda x: x**2, DOUBLED)
        message(lambda x: 7 * x, DOUBLED)
        checks.agrees(lambda x: 2 * x, DOUBLED)
    assert judge.recognised == ["squared"]


def test_mistakes_that_give_the_same_are_all_named():
    both = {"doubled": checks.Mistake(4, "Why twice?"), "squared": checks.Mistake(4, "Why a square?")}
    with graded_by(Grader(recognised=[])) as judge:
        said = message(lambda x: 4, checks.Case("f", {"x": 2}, 2, mistakes=both))
    assert judge.recognised == ["doubled or squared"]  # neither is known to have been made
    assert said.endswith("one of these known mistakes: - doubled. Why twice? - squared. Why a square?")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda x: None, "came None. Is a `return` missing?"),
        (lambda x: print("seen"), "Is a `return` missing?"),
        (lambda x: 2 * x.T, "the axes are in another order: something is transposed"),
        (lambda x: 2 * x.ravel(), "Expected an array of shape (2, 3), came an array of shape (6,)"),
        (lambda x: 2 * x.ravel(), "right order, only the shape is not"),
        (lambda x: 7, "Expected an array of shape (2, 3), came the number 7"),
        (lambda x: "ten", "which holds no numbers"),
        (lambda x: x > 0, "which holds no numbers"),
        (lambda x: [[1.0, 2.0], [3.0]], "entries of different lengths"),
        (lambda x: {"x": x}, "something of type dict"),
        (lambda x: 2 * x + 0j, "complex numbers"),
        (lambda x: np.where(x == 4, np.nan, 2 * x), "1 of 6 values of the result is not finite"),
        (lambda x: np.where(x == 4, np.nan, 2 * x), "at index [1, 1]"),
        (lambda x: 2 * x + np.inf, "6 of 6 values of the result are not finite"),
        (lambda x: x[0, 0] / 0 if x is None else x.nothing, "Raised AttributeError"),
        (lambda: None, "Raised TypeError"),
    ],
)
def test_each_kind_of_wrong_result_has_its_own_sentence(wrong, sentence):
    assert sentence in message(wrong, DOUBLED)


def test_an_array_that_is_wrong_everywhere_and_one_that_is_nearly_right_both_fail():
    message(lambda x: x + 100, DOUBLED)
    message(lambda x: 2 * x + 1e-3, DOUBLED)


def test_an_unanswered_task_says_so():
    def stub(x):
        raise NotImplementedError

    assert message(stub, DOUBLED) == "double is not answered yet: it still raises NotImplementedError."


def test_of_several_results_only_those_asked_for_count():
    checks.agrees(lambda x: (np.ones(2), np.ones(2)), PAIR, aspects=["kernel"])
    for wrong in ((np.ones(2), np.ones(2)), (np.ones(2),), np.ones(2)):
        with pytest.raises(AssertionError):
            checks.agrees(lambda x, wrong=wrong: wrong, PAIR, aspects=["bias"])


def test_a_mistake_is_computed_when_it_is_looked_at_and_no_other_is():
    tried = []

    def mistaken(name):
        return lambda x: tried.append(name) or (np.zeros(2), np.zeros(2))

    case = checks.with_mistakes(PAIR, {name: (mistaken(name), "Look.") for name in ("one", "other")})
    assert checks.slips(lambda x: (np.zeros(2), np.zeros(2)), [case], ["other"]) == {"other"}
    assert tried == ["other"]
    assert "another" not in case.mistakes
    assert [*case.mistakes] == ["one", "other"]


def test_several_results_are_told_apart_by_their_labels():
    checks.agrees(lambda x: [np.ones(2), [0, 0]], PAIR)
    assert "Bias: the shape (2,) is right" in message(lambda x: (np.ones(2), np.ones(2)), PAIR)
    assert "Expected 2 results (kernel, bias), came 1" in message(lambda x: (np.ones(2),), PAIR)
    assert "came float64 array of shape (2, 2)" in message(lambda x: np.ones((2, 2)), PAIR)


def test_numbers_are_stated_in_full():
    case = checks.Case("count", {"kernel_size": (3, 2)}, 54, kwargs={"use_bias": False})
    checks.agrees(lambda kernel_size, use_bias: np.int64(54), case)
    checks.agrees(lambda kernel_size, use_bias: 54.0, case)
    said = message(lambda kernel_size, use_bias: 27, case)
    assert said == "count(kernel_size=(3, 2), use_bias=False): Expected 54, came 27."


def test_a_hidden_case_keeps_expected_values_to_itself_and_still_names_the_mistake():
    secret = np.full((2, 2), 1234.5)
    case = checks.Case(
        "f", {"x": 1}, secret, hidden=True, mistakes={"negated": checks.Mistake(-secret, "Look at the sign.")}
    )
    said = message(lambda x: -secret + 0.0, case)
    assert "negated. Look at the sign." in said
    assert "came -1234.5" in said
    said = (
        message(lambda x: np.zeros((2, 2)), case) + message(lambda x: 3, case) + message(lambda x: None, case)
    )
    assert "1234" not in said
    said = message(lambda x: 3, checks.Case("f", {"x": 1}, 1234, hidden=True))
    assert said == "f(x=1): 3 is not the number expected."


def test_a_function_that_changes_its_arguments_changes_a_copy():
    def in_place(x):
        x *= 2
        return x

    checks.agrees(in_place, DOUBLED)
    checks.agrees(in_place, DOUBLED)


def test_a_warning_of_the_students_reaches_neither_stderr_nor_the_score(capsys):
    def loud(x):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        logging.getLogger("tensorflow").warning("slow")
        print("watch out", file=sys.stderr)
        return 2 * x

    checks.agrees(loud, DOUBLED)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == "watch out\n"
    assert logging.root.manager.disable == logging.NOTSET


# partial credit


def fail():
    raise AssertionError("first line\nsecond line")


def test_partial_gives_each_part_its_share_and_says_why(capsys):
    assert checks.partial(4, {"one": lambda: None, "two": fail}) == 2
    assert capsys.readouterr().out == (
        "passed  one (2 of 2)\nfailed  two (0 of 2):\n    first line\n    second line\n"
    )


def test_partial_says_why_where_validation_looks(capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert checks.partial(4, {"one": lambda: None, "two": fail}) == 2
    assert capsys.readouterr() == (
        "passed  one (2 of 2)\n",
        "failed  two (0 of 2):\n    first line\n    second line\n",
    )


def test_nbgraders_validation_cuts_nothing_off_what_a_part_says(capsys, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    def long():
        checks.agrees(lambda x: x, DOUBLED)

    def plain():
        raise AssertionError("of one line, " * 20)

    checks.partial(2, {"by a check": long, "by the test's own words": plain})
    said = capsys.readouterr().err
    validator = Validator()
    assert validator._indent(said) == "\n".join(f"{validator.indent}{line}" for line in said.split("\n"))
    assert "..." not in validator._indent(said)


@pytest.mark.parametrize(
    ("points", "parts", "earned"),
    [
        (4, {"a": fail, "b": fail}, 0),
        (4, {"a": (3, lambda: None), "b": (1, fail)}, 3),
        (1, {"a": lambda: None, "b": fail}, 0.5),
        (2, {"a": lambda: None, "b": lambda: None, "c": lambda: None}, 2),
        (3, {"a": lambda: 1 / 0, "b": lambda: None}, 1.5),
    ],
)
def test_partial_is_a_plain_number_between_none_and_all(points, parts, earned):
    got = checks.partial(points, parts)
    assert got == earned
    assert type(got) is (int if earned == int(earned) else float)


# shortcuts


@pytest.fixture
def library(monkeypatch):
    module = types.ModuleType("ready.made")
    exec("def answer(x):\n    return helper(x)\ndef helper(x):\n    return 2 * x", vars(module))
    monkeypatch.setitem(sys.modules, "ready", types.ModuleType("ready"))
    monkeypatch.setitem(sys.modules, "ready.made", module)
    return module


def test_a_call_into_a_forbidden_module_is_refused_in_words(library):
    refusal = pytest.raises(checks.ShortcutRefused, match=r"calls ready\.made\.answer, which already")
    with refusal, checks.on_your_own("ready"):
        checks.agrees(library.answer, DOUBLED)
    assert sys.getprofile() is None
    assert checks.forbidden.get() == ()


def test_a_refusal_cannot_be_swallowed(library):
    def sly(x):
        try:
            return library.answer(x)
        except Exception:
            return library.answer(x)

    with pytest.raises(checks.ShortcutRefused), checks.on_your_own("ready.made"):
        checks.agrees(sly, DOUBLED)


def in_a_thread(function, x):
    results = []
    thread = threading.Thread(target=lambda: results.append(function(x)))
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_call_in_a_thread_is_refused_and_other_threads_are_left_alone(library):
    with (
        pytest.raises(checks.ShortcutRefused, match=r"calls ready\.made\.answer"),
        checks.on_your_own("ready"),
    ):
        in_a_thread(library.answer, 3)
    with checks.on_your_own("ready"):
        assert in_a_thread(lambda x: 2 * x, 3) == 6
    assert threading.getprofile() is None
    assert in_a_thread(library.answer, 3) == 6


TAKEN_AWAY = {
    "none": (lambda: sys.setprofile(None), lambda function, x: function(x)),
    "another": (lambda: sys.setprofile(lambda *_: None), lambda function, x: function(x)),
    "in threads": (lambda: threading.setprofile(None), in_a_thread),
}


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_a_watch_that_was_taken_away_is_refused(library, name):
    take_away, call = TAKEN_AWAY[name]
    called = []

    def sly(x):
        take_away()
        called.append(call(library.answer, x))

    refusal = pytest.raises(checks.ShortcutRefused, match="changes Python's profile function")
    with refusal, checks.on_your_own("ready"):
        sly(2)
    assert called == [4]
    assert sys.getprofile() is threading.getprofile() is None


def test_an_error_of_the_students_is_not_hidden_by_the_watch():
    def deep(x):
        return deep(x + 1)

    with pytest.raises(RecursionError), checks.on_your_own("ready"):
        deep(0)


def test_a_copy_of_the_source_is_not_seen_as_the_guide_says(library):
    own = {}
    exec("def answer(x):\n    return helper(x)\ndef helper(x):\n    return 2 * x", own)
    with checks.on_your_own("ready"):
        checks.agrees(own["answer"], DOUBLED)


def test_the_students_own_code_and_other_modules_are_not_refused(library):
    with checks.on_your_own("read", "ready.madeira"):
        checks.agrees(library.answer, DOUBLED)
    with checks.on_your_own("ready"):
        checks.agrees(lambda x: np.multiply(x, 2), DOUBLED)
    checks.agrees(library.answer, DOUBLED)


def test_forbidden_tells_what_may_not_be_called_while_it_may_not():
    with checks.on_your_own("sepconv.ops", "sepconv.cost"):
        assert checks.forbidden.get() == ("sepconv.ops", "sepconv.cost")
    assert checks.forbidden.get() == ()


def test_importing_a_forbidden_module_is_no_call(tmp_path, monkeypatch):
    (tmp_path / "freshly_made.py").write_text("def f():\n    return 1\nONE = f()\n")
    monkeypatch.syspath_prepend(tmp_path)

    def imports(x):
        import freshly_made

        return 2 * x * freshly_made.ONE

    with checks.on_your_own("freshly_made"):
        checks.agrees(imports, DOUBLED)


# examples and the judge's folder


def test_cases_come_back_from_a_file_as_they_went_in(tmp_path):
    layer = checks.Case(
        "block",
        {"filters": 3, "strides": (2, 1), "padding": "same", "bias": None, "flag": True},
        {checks.PARAMETERS: 7, checks.SHAPE: (1, 2, 3), checks.INFERENCE: MATRIX},
        how="layer",
        x=np.ones((1, 4, 4, 2), "float32"),
        seed=5,
    )
    path = tmp_path / "examples.npz"
    save(path, {"double": [DOUBLED], "halves": [PAIR], "block": [layer]})
    again = checks.examples(path)
    checks.agrees(lambda x: 2 * x, again["double"][0])
    assert "squared" in message(lambda x: x**2, again["double"][0])
    assert again["halves"][0].labels == ("kernel", "bias")
    assert again["block"][0].args == layer.args
    assert again["block"][0].expected[checks.SHAPE] == (1, 2, 3)
    assert (again["block"][0].how, again["block"][0].seed) == ("layer", 5)
    first = path.read_bytes()
    save(path, again)
    assert path.read_bytes() == first


def test_a_missing_or_damaged_file_of_cases_is_said_in_one_line(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"beside the lab's notebook"):
        checks.examples(tmp_path / "examples.npz")
    for content in (b"", b"not a zip", b"PK\x03\x04broken"):
        (tmp_path / "examples.npz").write_bytes(content)
        with pytest.raises(ValueError, match="holds no cases"):
            checks.examples(tmp_path / "examples.npz")
    with pytest.raises(TypeError, match="got function"):
        save(tmp_path / "x.npz", {"f": [checks.Case("f", {"x": fail}, 1)]})


def test_a_case_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="how must be one of call, layer, model, got 'tensor'"):
        checks.Case("f", {}, 1, how="tensor")
    with pytest.raises(ValueError, match="x must be an array where how is 'layer', got None"):
        checks.Case("f", {}, {}, how="layer")


def test_judge_only_finds_the_folder_named_or_the_one_of_the_lab(tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_JUDGE", raising=False)
    judge = tmp_path / "solutions" / "demo" / "judge"
    graded = tmp_path / "autograded" / "somebody" / "demo"
    for folder in (judge, graded):
        folder.mkdir(parents=True)
    (judge / "reference.py").write_text("ANSWER = 42\n")
    for folder in (graded, judge.parent):
        monkeypatch.chdir(folder)
        assert checks.judge_only("reference").ANSWER == 42
    with pytest.raises(FileNotFoundError, match="no module other in the judge's folder"):
        checks.judge_only("other")
    elsewhere = tmp_path / "elsewhere" / "judge"
    elsewhere.mkdir(parents=True)
    (elsewhere / "reference.py").write_text("ANSWER = 43\n")
    monkeypatch.setenv("AUTOGRADER_JUDGE", str(elsewhere))
    assert checks.judge_only("reference").ANSWER == 43


def test_judge_only_imports_a_package_with_its_parts(tmp_path, monkeypatch):
    package = tmp_path / "reference"
    package.mkdir()
    (package / "__init__.py").write_text("from .part import ANSWER\n")
    (package / "part.py").write_text("ANSWER = 44\n")
    monkeypatch.setenv("AUTOGRADER_JUDGE", str(tmp_path))
    assert checks.judge_only("reference").ANSWER == 44
    assert checks.judge_only("reference") is checks.judge_only("reference")
    (tmp_path / "broken.py").write_text("1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            checks.judge_only("broken")


def test_mistakes_are_computed_only_when_an_answer_is_wrong():
    ran = []

    def squared(x):
        ran.append("squared")
        return x**2

    mistakes = {
        "squared": (squared, "Look at the operator."),
        "added": (lambda x: x + x, "Right in this case."),
        "reshaped": (lambda x: x.reshape(7), "Raises in this case."),
    }
    case = checks.with_mistakes(checks.Case("double", {"x": MATRIX}, 2 * MATRIX), mistakes)
    checks.agrees(lambda x: 2 * x, case)
    assert not ran
    for _ in range(2):
        assert "known mistake: squared. Look at the operator." in message(lambda x: x**2, case)
    assert ran == ["squared"]
    assert list(case.mistakes) == ["squared"]


def test_judge_only_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_JUDGE", raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="hidden tests run in the instructor's course folder"):
        checks.judge_only("reference")


def test_parts_share_what_a_call_gave():
    calls = []

    def twice(n):
        calls.append(n)
        return 2 * n

    cases = [checks.Case("twice", {"n": n}, right) for n, right in ((1, 2), (2, 4), (3, 7))]

    def first():
        for case in cases[:2]:
            checks.agrees(twice, case)

    def all_of_them():
        for case in cases:
            checks.agrees(twice, case)

    assert checks.partial(4, {"first": first, "again": first, "all": (2, all_of_them)}) == 2
    assert calls == [1, 2, 3]
    first()
    assert calls == [1, 2, 3, 1, 2]


def test_a_shared_call_is_no_way_around_a_refusal():
    def shortcut(n):
        return len(textwrap.dedent("a" * n))

    case = checks.Case("shortcut", {"n": 3}, 3)

    def alone():
        with checks.on_your_own("textwrap"):
            checks.agrees(shortcut, case)

    assert checks.partial(2, {"any": lambda: checks.agrees(shortcut, case), "alone": alone}) == 1


def test_an_array_that_a_function_changes_is_named():
    def changing(x):
        x *= 2
        return x

    checks.agrees(changing, DOUBLED)
    checks.leaves_alone(lambda x: 2 * x, DOUBLED)
    with pytest.raises(AssertionError, match="double changes `x`, an array of whoever calls it"):
        checks.leaves_alone(changing, DOUBLED)
    np.testing.assert_array_equal(MATRIX, np.arange(6.0).reshape(2, 3))


def test_a_shortcut_is_refused_where_slips_are_looked_for_as_well():
    def borrowed(x):
        return json.loads("[1, 1]"), json.loads("[0, 0]")

    for look in (checks.slips, checks.nearly_right):
        with pytest.raises(checks.ShortcutRefused), checks.on_your_own("json"):
            look(borrowed, [PAIR], ["one"])
