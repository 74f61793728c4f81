import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report import similarity, statistics
from autograder.report.data import ClassData, Code, SubmissionData
from tests.autograder.report.sample import DISGUISED, LOOP, OTHER, known


def keys(source):
    return {each.key for each in similarity.passages(source)}


def klass(*sources, released=()):
    made = (SubmissionData(f"s{number}", code=(Code("q", text),)) for number, text in enumerate(sources))
    return ClassData("lab", (), tuple(made), released=tuple(Code("", text) for text in released))


def others(number):
    """Answers that have little to do with each other."""
    ways = (
        "sorted(x)[{n}]", "x[{n}:] + [{n}]", "{{k: {n} for k in x}}", "x.count({n}) if x else {n}",
        "[a for a in x if a > {n}]", "max(x, key=lambda v: v - {n})",
    )  # fmt: skip
    made = []
    for n in range(number):
        first, second = ways[n % 6].format(n=n), ways[(n + n // 6 + 1) % 6].format(n=n + 50)
        made.append(f"def f(x):\n    y = {first}\n    return {second}, y")
    return made


def test_other_names_comments_texts_and_layout_make_no_difference():
    assert keys(LOOP) == keys(DISGUISED)
    assert len(keys(LOOP)) >= similarity.FEWEST
    assert not keys(LOOP) & keys(OTHER)


def test_the_near_identical_are_found_and_nobody_else():
    (group,) = similarity.groups(known())
    assert (group.students, group.least, group.most) == (("a", "d"), 1, 1)
    (pair,) = group.pairs
    assert (pair.first, pair.second, pair.likeness) == ("a", "d", 1)
    ((mine, theirs),) = pair.cells
    assert (mine.source, theirs.source) == (LOOP, DISGUISED)
    assert {LOOP.splitlines()[line] for line in mine.common} >= {
        "    total = 0",
        "            total -= x[k] / 5",
    }
    assert "    '''My own work.'''" not in {DISGUISED.splitlines()[line] for line in theirs.common}


def test_what_the_release_holds_or_many_have_is_nobodys_own():
    assert similarity.groups(klass(LOOP, DISGUISED, *others(8)))
    assert not similarity.groups(klass(LOOP, DISGUISED, *others(8), released=[LOOP]))
    assert not similarity.groups(klass(*[LOOP] * 6, *others(8)))


def test_short_answers_are_no_evidence():
    short = "def f(a, b, c):\n    return a + b * c"
    assert not similarity.groups(klass(short, short, *others(8)))


def test_a_copy_with_one_statement_changed_is_found_and_one_half_rewritten_is_not():
    changed = LOOP.replace("max(1, len(x))", "len(x)")
    rewritten = "\n".join([*LOOP.splitlines()[:4], *OTHER.splitlines()[5:]])
    ((pair,),) = (
        group.pairs for group in similarity.groups(klass(OTHER + LOOP, OTHER + changed, *others(8)))
    )
    assert (pair.first, pair.second) == ("s0", "s1")
    assert similarity.THRESHOLD <= pair.likeness < 1
    assert not similarity.groups(klass(LOOP, rewritten, *others(8)))


def test_code_that_is_no_python_is_compared_by_its_words():
    broken = LOOP.replace("def second(x):", "def second(x)")
    assert len(similarity.groups(klass(broken, broken.replace("total", "t"), *others(8)))) == 1


def test_magics_are_code_as_well():
    assert keys("%matplotlib inline\n" + LOOP) > keys(LOOP)


@given(st.text(max_size=200))
def test_any_text_can_be_compared(text):
    for each in similarity.passages(text):
        assert min(each.lines) >= 0


def test_an_empty_class_has_no_groups():
    assert similarity.groups(klass()) == ()
    assert similarity.groups(klass("", "pass")) == ()


def test_a_very_long_submission_is_compared_in_part_and_named():
    lines = "".join(f"x{n} = {n} * y + f({n % 99}, k={n % 9})\n" for n in range(5_000))
    code = (Code("", LOOP), Code("", lines))
    kept, all_of_it = similarity.compared(code)
    assert (kept, all_of_it) == (code[:1], False)
    assert similarity.compared(code[:1]) == (code[:1], True)
    student = SubmissionData("ada", code=kept, all_compared=all_of_it)
    (look,) = statistics.to_look_at(ClassData("lab", (), (student,)))
    assert look.whys == ("more code than is compared with others'",)


@pytest.mark.parametrize("cell", ["!a\n" * 3_300, "%%a\n(\n" * 1_600, "f(x)?\n" * 1_600, "x=" + "(" * 9_000])
def test_no_code_takes_long_to_compare(cell):
    start = time.perf_counter()
    similarity.passages(cell)
    assert time.perf_counter() - start < 2


def test_four_alike_are_one_group_and_not_six_pairs():
    lab = klass(LOOP, OTHER, LOOP, DISGUISED, OTHER.replace("x", "data"), LOOP, *others(20))
    first, second = similarity.groups(lab)
    assert first.students == ("s0", "s2", "s3", "s5")
    assert (len(first.pairs), first.least, first.most) == (3, 1, 1)
    assert second.students == ("s1", "s4")
    joined = {student for pair in first.pairs for student in (pair.first, pair.second)}
    assert joined == set(first.students)


def test_those_who_are_alike_through_another_are_in_one_group():
    lines = [f"a = f.m{n}(b, k{n}=[{n}, c], l=b.q{n})" for n in range(180)]
    one, two, three = ("\n".join(lines[start : start + 160]) for start in (0, 10, 20))
    (group,) = similarity.groups(klass(one, two, three, *others(12)))
    assert group.students == ("s0", "s1", "s2")
    assert {(pair.first, pair.second) for pair in group.pairs} == {("s0", "s1"), ("s1", "s2")}


def test_everybody_of_a_group_needs_a_look():
    lab = klass(LOOP, OTHER, LOOP, DISGUISED, *others(20))
    looks = {look.student: look.whys for look in statistics.to_look_at(lab, similarity.groups(lab))}
    assert looks == {
        "s0": ("nearly identical to that of s2, s3",),
        "s2": ("nearly identical to that of s0, s3",),
        "s3": ("nearly identical to that of s0, s2",),
    }
