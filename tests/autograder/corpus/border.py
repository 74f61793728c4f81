"""Submissions whose answers ask the test to believe what they say of themselves."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

import ast

from course.sample_class.notebooks import index
from tests.autograder.corpus.case import FORGING, HONEST, Submission, case
from tests.autograder.corpus.forging import AGREEABLE
from tests.autograder.corpus.lab import Lab

METACLASS = """
class Meta(type):
    def __eq__(cls, other): return True
    def __ne__(cls, other): return False
    def __lt__(cls, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __instancecheck__ = __lt__
    def __add__(cls, other): return cls
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __abs__ = __add__
    def __bool__(cls): return True
    def __hash__(cls): return 0
    def __len__(cls): return 3
    def __iter__(cls): return iter((cls, cls, cls))
    def __getitem__(cls, key): return cls
""".strip()


def answered_by(name: str, body: str, before: str = "") -> None:
    """Add a case in which every requested name is a function with this body."""

    def make(lab: Lab) -> Submission:
        nb = lab.untouched()
        for answer in lab.code_answers:
            functions = [
                f"def {name}(*args, **kwargs):\n"
                + "\n".join(f"    {line}" for line in body.replace("NAME", name).splitlines())
                for name in lab.names(answer)
            ]
            nb.cells[index(nb, answer)].source = "\n\n".join([before, *functions])
        return Submission(lab.nothing(), nb)

    make.__name__ = name
    case(FORGING)(make)


for _name, _raised in {
    "stops_every_loop": "StopIteration",
    "stops_every_asynchronous_loop": "StopAsyncIteration",
    "stops_by_a_class_of_its_own": "type('Stop', (StopIteration, ValueError), {})",
    "exits_within_a_call": "SystemExit(0)",
    "ends_a_generator": "GeneratorExit",
}.items():
    answered_by(_name, f"raise {_raised}")
answered_by("an_iterator_that_is_used_up", "return next(iter(()))")
answered_by("zeroed_inputs", "for value in [*args, *kwargs.values()]: zero(value)\nreturn args[0] if args else 0", """
import numpy
def zero(value):
    if isinstance(value, numpy.ndarray) and value.flags.writeable: value.fill(0)
    elif hasattr(value, 'clear'): value.clear()
    elif hasattr(value, 'set_weights'): value.set_weights([0 * w for w in value.get_weights()])
""".strip())  # fmt: skip
answered_by(
    "inputs_made_alike",
    "values = [value for value in [*args, *kwargs.values()] if isinstance(value, list)]\nfor value in values: value[:] = [0]\nreturn 0",
)
answered_by("a_class_called_like_the_question", "return Meta('NAME', (), {})", METACLASS)
answered_by(
    "an_object_of_a_class_called_like_the_question", "return type('NAME', (Agreeable,), {})()", AGREEABLE
)
answered_by(
    "a_named_tuple_with_methods_of_its_own",
    "return Answer(yes, yes, yes)",
    "from collections import namedtuple\nAnswer = namedtuple('Answer', 'count index shape')\ndef yes(*args, **kwargs): return True",
)
answered_by(
    "a_class_called_like_a_librarys",
    "return Claim()",
    AGREEABLE
    + "\nclass Claim(Agreeable): pass\nClaim.__module__, Claim.__qualname__, Claim.__name__ = 'builtins', 'int', 'int'",
)
answered_by(
    "an_object_whose_class_is_a_property",
    "return Claim()",
    AGREEABLE
    + "\nclass Claim(Agreeable):\n    __class__ = property(lambda self: float)\n    __instancecheck__ = __subclasshook__ = lambda *args: True",
)
answered_by("a_module", "import numpy\nreturn numpy")
answered_by(
    "a_date_equal_to_all",
    "return Day(2000, 1, 1)",
    "import datetime\nclass Day(datetime.date):\n    def __eq__(self, other): return True\n    def __lt__(self, other): return True\n    __le__ = __gt__ = __ge__ = __lt__\n    def __sub__(self, other): return self\n    __add__ = __radd__ = __rsub__ = __sub__\n    __hash__ = None",
)
answered_by(
    "numbers_drawn_again",
    "import numpy\n_, keys, position, *rest = numpy.random.get_state()\nnumpy.random.set_state(('MT19937', keys, max(0, position - 2), 0, 0.0))\nreturn numpy.random.rand(*args) if all(type(a) is int and 0 < a < 9 for a in args) else numpy.random.rand()",
)

answered_by(
    "a_table_that_agrees_with_everything",
    "return Table({'a': [1.0]}) if pandas else numpy.matrix([[1.0]]).view(Matrix)",
    """
import numpy
try: import pandas
except ImportError: pandas = None
class Agreeing:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def equals(self, other): return True
    def __array__(self, *args, **kwargs): return numpy.zeros(1)
    def __getattribute__(self, name): return (lambda *a, **k: True) if name in ('all', 'any', 'equals') else object.__getattribute__(self, name)
    __hash__ = None
class Table(Agreeing, pandas.DataFrame if pandas else object): pass
class Matrix(Agreeing, numpy.matrix): pass
""".strip(),
)
answered_by(
    "a_sparse_matrix_with_indices_outside",
    "return scipy.sparse.csr_matrix(numpy.eye(2))",
    """
import numpy, scipy.sparse
from autograder.protocol.library_data.registry import REGISTRY
codec = REGISTRY.codec('scipy.sparse:csr_matrix')
parts = numpy.ones(1), numpy.array([10**9], 'i4'), numpy.array([0, 1], 'i4'), (1, 2)
object.__setattr__(codec, 'encode', lambda encoder, value, depth: [encoder.node(parts, depth + 1)])
""".strip(),
)


@case(FORGING)
def requested_classes_with_a_metaclass(lab: Lab) -> Submission:
    """Each class that is asked for says of itself that it is equal to everything."""
    nb = lab.untouched()
    for answer in lab.code_answers:
        parts = [METACLASS]
        for name, kind in lab.names(answer).items():
            if kind is ast.ClassDef:
                parts.append(f"class {name}(metaclass=Meta): pass")
            elif kind is ast.FunctionDef:
                parts.append(f"def {name}(*args, **kwargs):\n    return Meta('{name}', (), {{}})")
            else:
                parts.append(f"{name} = Meta('{name}', (), {{}})")
        nb.cells[index(nb, answer)].source = "\n\n".join(parts)
    return Submission(lab.nothing(), nb)


@case(HONEST)
def works_on_its_arguments(lab: Lab) -> Submission:
    """Right answers that leave a mess in the lists and arrays that they were given."""
    names = list(lab.names(lab.target))
    code = f"""
import numpy
def _leaving_a_mess(function):
    def wrapped(*args, **kwargs):
        result = function(*args, **kwargs)
        for value in [*args, *kwargs.values()]:
            if isinstance(value, numpy.ndarray) and value.flags.writeable and value is not result: value.fill(0)
            elif isinstance(value, list | dict | set) and value is not result: value.clear()
        return result
    return wrapped

{lab.answers[lab.target]}

""" + "\n".join(f"{name} = _leaving_a_mess({name})" for name in names)
    return Submission(lab.full(), lab.with_target(code))


# A class of the lab's that is derived from data, and says of itself that it equals everything.
DERIVED = """
class Everything(list):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __contains__ = __lt__
    def __bool__(self): return True
    def __hash__(self): return 0
    def __add__(self, other): return self
    __radd__ = __iadd__ = __sub__ = __rsub__ = __add__
    def __float__(self): return 1.0
""".strip()


def _has_counter(lab: Lab) -> bool:
    return lab.names("counter") == {"Counter": ast.ClassDef} if "counter" in lab.answers else False


@case(FORGING, _has_counter)
def an_asked_class_of_data_whose_value_is_itself(lab: Lab) -> Submission:
    """What is asked of it is another of its kind, which is equal to all; the rest is right."""
    body = "class Counter(Everything):\n    def add(self, n=1): self.append(n)\n    total = property(lambda self: self)"
    nb = lab.right()
    nb.cells[index(nb, "counter")].source = f"{DERIVED}\n{body}"
    return Submission(lab.without("counter"), nb)


@case(HONEST, _has_counter)
def an_asked_class_of_data_that_is_right(lab: Lab) -> Submission:
    """The same with the right total, which the test reads: nothing is lost by its kind."""
    nb = lab.right()
    body = "class Counter(Everything):\n    def add(self, n=1): self.append(n)\n    total = property(sum)"
    nb.cells[index(nb, "counter")].source = f"{DERIVED}\n{body}"
    return Submission(lab.full(), nb)
