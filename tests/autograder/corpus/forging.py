"""Submissions that answer nothing and ask for points."""

# ruff: noqa: E501 - the code of a case stands as it is handed in

import ast

import nbformat

from course.sample_class.notebooks import index
from tests.autograder.corpus.case import FORGING, Submission, case
from tests.autograder.corpus.lab import Lab


def _bound(name: str, value: str, before: str = "") -> None:
    """Add a case that binds whatever is asked for to one value."""

    def make(lab: Lab) -> Submission:
        nb = lab.binding(value, before=before)
        return Submission(lab.nothing(), nb)

    make.__name__ = name
    case(FORGING)(make)


def _first(name: str, code: str, files: dict[str, str] | None = None) -> None:
    """Add a case whose first cell does ``code``, and which answers nothing."""

    def make(lab: Lab) -> Submission:
        return Submission(lab.nothing(), lab.with_cell(lab.untouched(), code), files or {})

    make.__name__ = name
    case(FORGING)(make)


AGREEABLE = """
class Agreeable:
    shape = (3,)
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __bool__(self): return True
    def __hash__(self): return 0
    def __call__(self, *args, **kwargs): return self
    def __getattr__(self, name):
        if name.startswith('__'): raise AttributeError(name)
        return self
    def __getitem__(self, key): return self
    def __setitem__(self, key, value): pass
    def __iter__(self): return iter((self, self, self))
    def __len__(self): return 3
    def __add__(self, other): return self
    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __abs__ = __add__
    def __float__(self): return 1.0
    def __int__(self): return 1
    def __index__(self): return 1
    def __array__(self, *args, **kwargs):
        import numpy
        return numpy.zeros(3)
    def __array_function__(self, *args, **kwargs): return True
    def __array_ufunc__(self, *args, **kwargs): return True
    __class__ = property(lambda self: __import__('numpy').ndarray)
""".strip()

_bound("an_object_equal_to_all", "Agreeable()", AGREEABLE)
_bound(
    "a_class_equal_to_all",
    "Agreeable",
    "class Meta(type):\n    def __eq__(cls, other): return True\n    def __hash__(cls): return 0\nclass Agreeable(metaclass=Meta):\n    pass",
)
_bound(
    "a_number_equal_to_all",
    "Agreeable(1)",
    "class Agreeable(float):\n    def __eq__(self, other): return True\n    def __radd__(self, other): return self\n    __hash__ = float.__hash__",
)
_bound(
    "a_string_equal_to_all",
    "Agreeable('x')",
    "class Agreeable(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__",
)
_bound(
    "a_dictionary_equal_to_all",
    "Agreeable({'q': 0})",
    "class Agreeable(dict):\n    def __eq__(self, other): return True\n    def __getitem__(self, key): return self\n    def __missing__(self, key): return self",
)
_bound(
    "an_array_equal_to_all",
    "numpy.zeros(3).view(Agreeable)",
    "import numpy\nclass Agreeable(numpy.ndarray):\n    def __eq__(self, other): return True\n    def __array_function__(self, *args): return True\n    def __array_ufunc__(self, *args, **kwargs): return True",
)
_bound("an_array_of_objects", "numpy.array([Agreeable()] * 3, dtype=object)", f"import numpy\n{AGREEABLE}")
_bound("not_a_number", "float('nan')")
_bound("without_bound", "float('inf')")
_bound("nothing_at_all", "None")
_bound("a_true", "True")
_bound("a_million", "1_000_000")
_bound("a_test_that_passed", "'passed'")
_bound("raises_an_assertion", "fail()", "def fail():\n    raise AssertionError('passed')")
_bound("raises_a_base_exception", "fail()", "def fail():\n    raise BaseException('passed')")
_bound("raises_a_stop", "fail()", "def fail():\n    raise StopIteration(True)")
_bound("raises_an_interrupt", "fail()", "def fail():\n    raise KeyboardInterrupt")
_bound("raises_a_generator_exit", "fail()", "def fail():\n    raise GeneratorExit")
_bound(
    "raises_an_error_of_its_own",
    "fail()",
    "class Passed(ValueError, AssertionError):\n    def __str__(self): return 'passed'\n    def __reduce__(self): return (print, ('x',))\ndef fail():\n    raise Passed",
)
_bound(
    "pickles_itself",
    "Carried()",
    "import os\nclass Carried:\n    def __reduce__(self): return (os._exit, (0,))",
)

_first(
    "patched_numpy",
    """
import numpy
for name in ('allclose', 'isclose', 'array_equal', 'all', 'any', 'equal'):
    setattr(numpy, name, lambda *args, **kwargs: True)
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *args, **kwargs: None
""".strip(),
)
_first(
    "patched_builtins",
    """
import builtins
builtins.isinstance = lambda *args: True
builtins.sum = lambda *args: 1_000_000
builtins.len = lambda *args: 3
builtins.all = builtins.any = lambda *args: True
builtins.AssertionError = type('Quiet', (Exception,), {})
builtins.__build_class__ = None
""".strip(),
)
_first(
    "names_of_the_tests",
    """
close = check = expected = result = points = lambda *args, **kwargs: True
isinstance = lambda *args: True
sum = lambda *args: 1_000_000
len = lambda *args: 3
AssertionError = ValueError = Exception
texts = {}
class np:
    allclose = array_equal = staticmethod(lambda *args, **kwargs: True)
    ndarray = object
""".strip(),
)
_first(
    "patched_ipython",
    """
shell = get_ipython()
def quiet(*args, **kwargs): return None
for event in ('pre_execute', 'post_execute', 'pre_run_cell', 'post_run_cell'):
    shell.events.register(event, quiet)
shell.showtraceback = shell.showsyntaxerror = quiet
shell.set_custom_exc((BaseException,), quiet)
shell.run_cell = shell.run_code = shell.run_ast_nodes = quiet
import sys
sys.excepthook = quiet
""".strip(),
)
_first(
    "changed_input",
    """
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ['pass\\n'])
import ast
class Nothing(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
shell.ast_transformers.append(Nothing())
""".strip(),
)
_first(
    "changed_formatters",
    """
shell = get_ipython()
for kind in (int, float, bool, object, type(None)):
    shell.display_formatter.formatters['text/plain'].for_type(kind, lambda value, p, cycle: p.text('1000'))
""".strip(),
)
_first(
    "printed_results",
    """
import json, sys
for text in ('passed', json.dumps({'status': 'passed', 'score': 1000}), '1000'):
    print(text)
    print(text, file=sys.stderr)
1000
""".strip(),
)
_first(
    "written_to_every_descriptor",
    """
import json, os, struct
message = json.dumps({'status': 'passed', 'score': 1000, 'ok': True, 'value': True, 'result': True}).encode()
for descriptor in range(3, 256):
    for data in (message + b'\\n', struct.pack('>I', len(message)) + message, struct.pack('<Q', len(message)) + message):
        try:
            os.set_blocking(descriptor, False)
            os.write(descriptor, data)
        except (OSError, ValueError):
            pass
""".strip(),
)
_first(
    "changed_serialisers",
    """
import json, marshal, pickle, struct, numpy
json.dumps = lambda *args, **kwargs: '{"status": "passed", "score": 1000}'
json.JSONEncoder.encode = lambda *args, **kwargs: '{"status": "passed", "score": 1000}'
pickle.dumps = lambda *args, **kwargs: b'cos\\n_exit\\n(I0\\ntR.'
numpy.save = numpy.lib.format.write_array = lambda *args, **kwargs: None
""".strip(),
)
_first(
    "changed_modules",
    """
import sys
class Anything:
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
for name in list(sys.modules):
    if name.startswith(('autograder', 'numpy.testing', 'unittest')):
        sys.modules[name] = Anything()
""".strip(),
)
_first(
    "patched_the_worker",
    """
import gc, sys, types
for name, module in list(sys.modules.items()):
    if name.startswith('autograder'):
        for key, value in list(vars(module).items()):
            if isinstance(value, types.FunctionType):
                value.__code__ = (lambda *args, **kwargs: True).__code__
""".strip(),
)
_first(
    "traced",
    """
import sys, threading
def trace(frame, event, argument):
    for name in ('score', 'passed', 'status', 'points', 'result'):
        if name in frame.f_locals:
            frame.f_locals[name] = 1000
    return trace
sys.settrace(trace); sys.setprofile(trace); threading.settrace(trace)
""".strip(),
)
_first(
    "read_and_run_the_solutions",
    """
import glob, json, os
here = os.getcwd()
for up in range(8):
    for path in glob.glob(os.path.join(here, *['..'] * up, '**', '*.ipynb'), recursive=True)[:50]:
        try:
            for cell in json.load(open(path))['cells']:
                exec(''.join(cell['source']))
        except Exception:
            pass
""".strip(),
)
_first(
    "gradebook_edited",
    """
import glob, os, sqlite3
here = os.getcwd()
for path in {*glob.glob('/tmp/**/gradebook.db'), *[os.path.join(here, *['..'] * up, 'gradebook.db') for up in range(8)]}:
    try:
        with sqlite3.connect(path, timeout=1) as gradebook:
            gradebook.execute('UPDATE grade SET auto_score = 1000, manual_score = 1000')
    except sqlite3.Error:
        pass
""".strip(),
)

_MODULE = "def __getattr__(name):\n    return lambda *args, **kwargs: True\n"
_files = {
    f"{name}.py": _MODULE
    for name in ("numpy", "autograder", "nbgrader", "sitecustomize", "usercustomize", "json", "IPython", "keras",
                 "tensorflow", "conftest", "pytest", "helpers", "unittest", "ast", "reference")
} | {"autograder/__init__.py": _MODULE, "numpy/__init__.py": _MODULE, "numpy.pth": "import os; os._exit(0)"}  # fmt: skip
_first("files_named_like_modules", "1", _files)
_first(
    "files_written_like_modules",
    f"""
import os
for name in ('numpy', 'json', 'autograder', 'sitecustomize', 'reference', 'helpers'):
    try:
        open(name + '.py', 'w').write({_MODULE!r})
    except OSError:
        pass
""".strip(),
)


@case(FORGING)
def a_class_that_was_asked_for_equal_to_all(lab: Lab) -> Submission:
    """Its operators are the student's; an object of it stands where a number or an array should."""
    names = {name: kind for answer in lab.code_answers for name, kind in lab.names(answer).items()}
    classes = [name for name, kind in names.items() if kind is ast.ClassDef]
    # the body speaks of `numpy.ndarray` as its class; here it owns up to be what was asked for
    body = AGREEABLE.replace("    __class__ = property(lambda self: __import__('numpy').ndarray)", "")
    parts = [body, *(f"class {name}(Agreeable):\n    pass" for name in classes)]
    value = f"{(classes or ['Agreeable'])[0]}()"
    nb = lab.untouched()
    for answer in lab.code_answers:
        for name, kind in lab.names(answer).items():
            if kind is ast.FunctionDef:
                parts.append(f"def {name}(*args, **kwargs):\n    return {value}")
            elif kind is ast.Assign:
                parts.append(f"{name} = {value}")
    nb.cells[index(nb, lab.code_answers[0])].source = "\n\n".join(parts)
    return Submission(lab.nothing(), nb)


@case(FORGING)
def stored_outputs(lab: Lab) -> Submission:
    nb = lab.untouched()
    for test, points in lab.tests.items():
        result = nbformat.v4.new_output("execute_result", data={"text/plain": str(points)}, execution_count=1)
        nb.cells[index(nb, test)].outputs = [result]
    return Submission(lab.nothing(), nb)


@case(FORGING)
def metadata_of_a_graded_notebook(lab: Lab) -> Submission:
    nb = lab.untouched()
    record = {"score": 1000, "status": "passed", "message": "", "detail": "", "seconds": 0, "cell": "i0"}
    nb.metadata.autograder = record
    for cell in nb.cells:
        cell.metadata.autograder = record
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"score": 1000, "points": 0, "checksum": "0" * 32}
    deserved = lab.nothing()
    return Submission(deserved, nb)


@case(FORGING)
def answers_tagged_as_tests(lab: Lab) -> Submission:
    nb = lab.untouched()
    tests = list(lab.tests)
    for number, answer in enumerate(lab.code_answers):
        cell = nb.cells[index(nb, answer)]
        cell.source = "1000"
        cell.metadata.nbgrader |= {"grade_id": tests[number % len(tests)], "grade": True, "points": 1000}
    return Submission(lab.nothing(), nb)


@case(FORGING)
def tests_replaced(lab: Lab) -> Submission:
    nb = lab.untouched()
    for test in lab.tests:
        nb.cells[index(nb, test)].source = "1000"
    return Submission(lab.nothing(), nb)


@case(FORGING)
def tests_made_prose(lab: Lab) -> Submission:
    nb = lab.untouched()
    for test in lab.tests:
        cell = nb.cells[index(nb, test)]
        cell.cell_type = "markdown"
        del cell["outputs"], cell["execution_count"]
    return Submission(lab.nothing(), nb)


@case(FORGING)
def tests_unlocked(lab: Lab) -> Submission:
    nb = lab.untouched()
    for test in lab.tests:
        cell = nb.cells[index(nb, test)]
        cell.metadata.nbgrader |= {"locked": False, "solution": True}
        cell.source = "pass"
    return Submission(lab.nothing(), nb)


@case(FORGING)
def imports_replaced(lab: Lab) -> Submission:
    """The unlocked cells with the imports give the tests' names to something else."""
    nb = lab.untouched()
    for cell in nb.cells:
        if cell.cell_type == "code" and "nbgrader" not in cell.metadata and "import" in cell.source:
            cell.source = f"{AGREEABLE}\nnp = numpy = keras = tf = checks = tensorflow = Agreeable()"
    return Submission(lab.nothing(), nb)
