"""Submissions that use what a border may lose: identity, kinds of errors, special methods."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

from tests.autograder.corpus.border import answered_by
from tests.autograder.corpus.case import HONEST, Submission, case
from tests.autograder.corpus.lab import Lab

for _name, _value in {
    "a_list_that_contains_itself": "endless()",
    "an_array_of_objects_that_is_returned": "numpy.array([None, 1])",
    "keys_that_cannot_cross": "{2 ** 70: 1}",
    "its_arguments_in_a_list": "[*args, *kwargs.values()]",
    "views_of_its_arguments": "next((value[::-1] for value in args if isinstance(value, numpy.ndarray) and value.ndim), 0)",
    "one_row_many_times": "[[0]] * 9",
    "a_coroutine": "later()",
    "a_date": "datetime.date(2000, 1, 1)",
    "an_object_with_every_special_method": "Everything()",
}.items():
    answered_by(_name, f"return {_value}", """
import datetime, numpy
def endless():
    value = []
    value.append(value)
    return value
async def later(): return 1
def yes(*args, **kwargs): return True
names = 'bool call contains enter exit eq ne lt le gt ge instancecheck iadd isub imul and or'.split()
names = {f'__{name}__': yes for name in names}
texts = {f'__{name}__': lambda *args: '1.0' for name in ('format', 'str', 'repr')}
numbers = {f'__{name}__': lambda *args: 1 for name in ('hash', 'len', 'int', 'index', 'next', 'getitem')}
Everything = type('Everything', (), names | texts | numbers | {'__float__': lambda self: 1.0, '__iter__': lambda self: iter(())})
""".strip())  # fmt: skip
for _name, _raised in {
    "an_error_of_every_kind": "type('Every', (AssertionError, LookupError, ValueError, TypeError), {})('no')",
    "an_error_of_a_library": "numpy.linalg.LinAlgError('no')",
    "an_error_with_odd_attributes": "type('Odd', (ValueError,), {'__init__': odd})()",
}.items():
    answered_by(_name, f"raise {_raised}", """
import numpy
def odd(self): self.from_student, self.args, self.score, self.status = False, (1, 2), 1, 'passed'
""".strip())  # fmt: skip
answered_by("one_object_under_all_names", "return ONE(*args, **kwargs)", """
class One:
    def __call__(self, *args, **kwargs):
        for value in [*args, *kwargs.values()]:
            if isinstance(value, list): value[:] = [0] * len(value)
        return 0
ONE = One()
""".strip())  # fmt: skip


@case(HONEST)
def decorated_with_attributes(lab: Lab) -> Submission:
    """Right answers in wrappers that count their calls and keep what they gave."""
    names = list(lab.names(lab.target))
    code = f"""
import functools
def _counting(function):
    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        wrapped.calls += 1
        wrapped.last = function(*args, **kwargs)
        return wrapped.last
    wrapped.calls = 0
    return wrapped

{lab.answers[lab.target]}

""" + "\n".join(f"{name} = _counting({name})" for name in names)
    return Submission(lab.full(), lab.with_target(code))
