"""Every type of the table comes back as it was, and no packet that lies does harm."""

# ruff: noqa: E501 - tables of cases

import collections
import importlib
import json
import struct
import sys
import time
import tracemalloc
from contextlib import contextmanager, suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.protocol import values
from autograder.protocol.library_data.data_type import DataType, NotInstalledError
from autograder.protocol.library_data.registry import REGISTRY, Registry
from autograder.protocol.serialization import MAGIC, Bounds, SerializationError, Tagged, pack, unpack
from tests.autograder.protocol.library_strategies import STRATEGIES
from tests.timed import timed

BOUNDS = Bounds(bytes=200_000, depth=30, items=5_000)
PEAK = 60 * 2**20
CODE = (
    "exec",
    "compile",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "subprocess.",
    "pickle.",
    "marshal.",
    "ctypes.",
    "socket.",
)
_events: list[str] | None = None
_imports_count = True


def _audit(event, arguments):
    if _events is not None and event.startswith(CODE) and (_imports_count or not _is_importing()):
        _events.append(f"{event} {arguments!r:.200}")


def _is_importing():
    frame = sys._getframe()
    while frame is not None and frame.f_code.co_filename != "<frozen importlib._bootstrap>":
        frame = frame.f_back
    return frame is not None


sys.addaudithook(_audit)


@contextmanager
def watched(seconds=3.0, libraries_own_imports=False):
    """Fail if what happens inside runs code, takes long or takes much memory.

    A library may import its own modules as they are first needed, as pandas does to show a table.
    """
    global _events, _imports_count  # noqa: PLW0603
    _imports_count = not libraries_own_imports
    tracemalloc.start()
    start, seen = time.perf_counter(), []
    _events = seen
    try:
        yield
    finally:
        _events = None
        took, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert not seen
    assert took < seconds
    assert peak < PEAK


def strategy(name):
    """Return an entry's strategy; skip where its library is not installed."""
    library = name.partition(":")[0].partition(".")[0]
    if " " not in library:
        pytest.importorskip(library, reason=f"{library} is not installed")
    if name == "an expression of SymPy":
        pytest.importorskip("sympy", reason="sympy is not installed")
    return STRATEGIES[name]()


def test_every_entry_has_a_strategy():
    assert set(STRATEGIES) == set(REGISTRY.entries)


@pytest.mark.parametrize("name", STRATEGIES)
def test_what_crosses_comes_back_of_the_same_type_and_content(name):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy(name))
    def check(value):
        packed = pack(value)
        again = unpack(packed)
        assert type(again) is type(value) or name == "PIL.Image:Image"
        assert pack(again) == packed

    check()


def test_tables_are_equal_by_the_librarys_own_check():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STRATEGIES["pandas:DataFrame"](), STRATEGIES["pandas:Series"]())
    def check(frame, series):
        pd.testing.assert_frame_equal(unpack(pack(frame)), frame, check_freq=True, check_column_type=True)
        pd.testing.assert_series_equal(unpack(pack(series)), series)
        assert unpack(pack(frame)).attrs == frame.attrs

    check()


def test_a_graph_keeps_the_order_of_its_neighbours():
    nx = pytest.importorskip("networkx", reason="networkx is not installed")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(["Graph", "DiGraph", "MultiGraph", "MultiDiGraph"]).flatmap(
            lambda kind: STRATEGIES[f"networkx:{kind}"]()
        )
    )
    def check(graph):
        again = unpack(pack(graph))
        assert nx.utils.graphs_equal(graph, again)
        assert {node: list(again.adj[node]) for node in again} == {
            node: list(graph.adj[node]) for node in graph
        }

    check()


def test_expressions_are_equal():
    pytest.importorskip("sympy", reason="sympy is not installed")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STRATEGIES["an expression of SymPy"]())
    def check(expression):
        again = unpack(pack(expression))
        assert again == expression
        assert repr(again) == repr(expression)

    check()


# --- packets that lie


def _opened(data):
    (length,) = struct.unpack(">I", data[4:8])
    head = json.loads(data[8 : 8 + length])
    blobs, start = [], 8 + length
    for size in head["blobs"]:
        blobs.append(data[start : start + size])
        start += size
    return head["value"], blobs


def _packed(tree, blobs):
    head = json.dumps({"value": tree, "blobs": [len(blob) for blob in blobs]}).encode()
    return MAGIC + struct.pack(">I", len(head)) + head + b"".join(blobs)


def _places(tree, at=()):
    yield at
    if isinstance(tree, list):
        for number, part in enumerate(tree):
            yield from _places(part, (*at, number))


def _changed(tree, at, value):
    if not at:
        return value
    return [_changed(part, at[1:], value) if number == at[0] else part for number, part in enumerate(tree)]


_ODD = [None, True, -1, 0, 1, 7, 2**31, 2**62, 1e308, float("nan"), "", "x", "object", "|O", "<i8", "<M8[s]", "os:system", "builtins:eval",
        [], ["l"], ["t"], ["d"], ["range", 0, 10**12, 1], ["u", 0], ["a", "<i8", [1], 0], ["@", "reference", 1], ["@", "exact", 1], ["&", 0],
        ["type", "object"], ["pandas:NaTType", None]]  # fmt: skip


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_changed_packet_does_harm(name):
    example = strategy(name)
    warm = []

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(example, st.data())
    def check(value, data):
        tree, blobs = _opened(pack(value))
        if not warm:
            unpack(_packed(tree, blobs))
            warm.append(True)
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.sampled_from(list(_places(tree))))
            tree = _changed(tree, at, data.draw(st.sampled_from(_ODD)))
        if blobs and data.draw(st.booleans()):
            number = data.draw(st.integers(0, len(blobs) - 1))
            blobs[number] = data.draw(st.binary(min_size=len(blobs[number]), max_size=len(blobs[number])))
        with watched():
            try:
                made = unpack(_packed(tree, blobs), bounds=BOUNDS)
            except SerializationError:
                return
        with watched(libraries_own_imports=True), suppress(Exception):
            repr(made)

    check()


def lying(tag, parts):
    """A packet in which a library's type has these parts: whatever has a codec."""
    tree, blobs = _opened(pack(parts))
    return _packed([tag, tree], blobs)


I8, I4 = (lambda *n: np.array(n, "<i8")), (lambda *n: np.array(n, "<i4"))
NUMPY = lambda *n: ("numpy", I8(*n))  # noqa: E731
TEXT = ("text", ("python", True, ["a"]))
HUGE_DICT = {k: {} for k in range(10)}


def step(name, *numbers):
    return ("made", name, list(numbers))


def number(value):
    return ("rational", value, 1)


def ranges(length):
    return _packed(["pandas:RangeIndex", ["t", ["range", 0, length, 1], None]], [])


LIES = {
    "a range index without end": ranges(10**12),
    "a table whose columns differ in length": ("pandas:DataFrame", lambda pd: ([NUMPY(1, 2), NUMPY(1)], pd.Index(["a", "b"]), pd.RangeIndex(2), {})),
    "a table with too few columns": ("pandas:DataFrame", lambda pd: ([NUMPY(1, 2)], pd.Index(["a", "b"]), pd.RangeIndex(2), {})),
    "a table of another shape": ("pandas:DataFrame", lambda pd: (np.zeros((2, 2)), pd.Index(["a"]), pd.RangeIndex(2), {})),
    "a table of records": ("pandas:DataFrame", lambda pd: (np.zeros((1, 1), "i4,i4"), pd.Index(["a"]), pd.RangeIndex(1), {})),
    "a table whose index is a list": ("pandas:DataFrame", lambda pd: ([], pd.Index([]), [], {})),
    "a series shorter than its index": ("pandas:Series", lambda pd: (NUMPY(1), pd.RangeIndex(10**7), None, {})),
    "codes beyond the categories": ("pandas:Categorical", lambda pd: ("category", (np.array([0, 7], "i1"), pd.Index(["a"]), False))),
    "codes below -1": ("pandas:Categorical", lambda pd: ("category", (np.array([-2], "i1"), pd.Index(["a"]), False))),
    "categories that stand twice": ("pandas:Categorical", lambda pd: ("category", (np.array([0], "i1"), pd.Index(["a", "a"]), False))),
    "codes of an index beyond its levels": ("pandas:MultiIndex", lambda pd: ([pd.Index(["a"])], [I8(3)], [None])),
    "negative codes of an index": ("pandas:MultiIndex", lambda pd: ([pd.Index(["a"])], [I8(-5)], [None])),
    "levels of different lengths": ("pandas:MultiIndex", lambda pd: ([pd.Index(["a"])] * 2, [I8(0), I8(0, 0)], [None, None])),
    "a frequency that is code": ("pandas:PeriodIndex", lambda pd: (("period", (I8(1), "__import__('os')")), None, None)),
    "a frequency that does not fit": ("pandas:DatetimeIndex", lambda pd: (("numpy", np.array([0, 5], "M8[s]")), None, "D")),
    "a name that cannot be hashed": ("pandas:Index", lambda pd: (NUMPY(1), [1], None)),
    "an index of another kind": ("pandas:DatetimeIndex", lambda pd: (NUMPY(1), None, None)),
    "a mask of another length": ("pandas.arrays:IntegerArray", lambda pd: ("masked", ("Int64", I8(1, 2), np.array([True])))),
    "a masked dtype that is none": ("pandas.arrays:IntegerArray", lambda pd: ("masked", ("object", I8(1), np.array([True])))),
    "text that is no text": ("pandas.arrays:StringArray", lambda pd: ("text", ("python", True, [b"x"]))),
    "intervals of different lengths": ("pandas.arrays:IntervalArray", lambda pd: ("interval", (pd.Index([1]), pd.Index([2, 3]), "left"))),
    "a large period": ("pandas:Period", lambda pd: (2**80, "D")),
    "an image without its bytes": ("PIL.Image:Image", ("RGB", (60_000, 60_000), b"abc", None)),
    "an image that is too wide": ("PIL.Image:Image", ("L", (10**9, 0), b"", None)),
    "an image of an unknown mode": ("PIL.Image:Image", ("../x", (1, 1), b"a", None)),
    "a palette that is too long": ("PIL.Image:Image", ("P", (1, 1), b"a", ("RGB", b"x" * 3000))),
    "a sparse matrix without end": ("scipy.sparse:coo_matrix", (np.ones(0), [I4(), I4()], (10**9, 10**9))),
    "rows that are not there": ("scipy.sparse:csr_matrix", (np.ones(1), I4(0), I4(0, 1), (10**6, 1))),
    "indices beyond the columns": ("scipy.sparse:csr_matrix", (np.ones(1), I4(10**6), I4(0, 1), (1, 2))),
    "negative indices": ("scipy.sparse:csc_array", (np.ones(1), I4(-9), I4(0, 1), (2, 1))),
    "rows that end before they begin": ("scipy.sparse:csr_array", (np.ones(2), I4(0, 0), I4(0, 5, 2), (2, 1))),
    "blocks that do not fit": ("scipy.sparse:bsr_array", (np.ones((1, 2, 2)), I4(0), I4(0, 1), (3, 3))),
    "coordinates that lie outside": ("scipy.sparse:dok_matrix", (np.ones(1), [I4(5), I4(0)], (2, 2))),
    "a sparse matrix of objects": ("scipy.sparse:coo_array", (np.array([[]], object), [I4()], (2,))),
    "diagonals that stand twice": ("scipy.sparse:dia_array", (np.ones((2, 1)), I4(0, 0), (2, 2))),
    "an edge to no node": ("networkx:Graph", ({}, {1: {}}, [0, 7], [], [{}])),
    "an edge from a negative node": ("networkx:DiGraph", ({}, {1: {}}, [0, -1], [], [{}])),
    "half an edge": ("networkx:Graph", ({}, {1: {}}, [0], [], [{}])),
    "an edge that stands twice": ("networkx:Graph", ({}, {1: {}, 2: {}}, [0, 1, 1, 0], [], [{}, {}])),
    "attributes that are none": ("networkx:Graph", ({}, {1: 5}, [], [], [])),
    "a node that is None": ("networkx:Graph", ({}, {None: {}}, [], [], [])),
    "a power without end": ("an expression of SymPy", [number(10), number(10**9), step("Pow", 0, 1)]),
    "a power with a long exponent": ("an expression of SymPy", [number(2), number(2**200), step("Pow", 0, 1)]),
    "a tower of powers": ("an expression of SymPy", [number(9), step("Pow", 0, 0), step("Pow", 0, 1)]),
    "a power of a constant sum": ("an expression of SymPy", [number(2), ("constant", "pi"), step("Add", 0, 1), number(10**6), step("Pow", 2, 3)]),
    "a large factorial": ("an expression of SymPy", [number(10**9), step("factorial", 0)]),
    "a class that is not allowed": ("an expression of SymPy", [("text", "import os"), step("sympify", 0)]),
    "a function that is not allowed": ("an expression of SymPy", [("text", "1"), step("lambdify", 0, 0)]),
    "an argument that comes later": ("an expression of SymPy", [step("sin", 1), number(1)]),
    "an argument that is the step itself": ("an expression of SymPy", [step("sin", 0)]),
    "an expression that doubles itself": ("an expression of SymPy", [("symbol", "x", {}, None), *[step("Add", k, k) for k in range(60)]]),
    "a deep expression": ("an expression of SymPy", [("symbol", "x", {}, None), *[step("sin", k) for k in range(500)]]),
    "no expression": ("an expression of SymPy", []),
    "assumptions that are none": ("an expression of SymPy", [("symbol", "x", {"__class__": True}, None)]),
    "a number without end": ("an expression of SymPy", [("float", 0, 1, 10**9, 53)]),
    "a number of great precision": ("an expression of SymPy", [("float", 0, 1, 0, 10**9)]),
    "a fraction by zero": ("an expression of SymPy", [("rational", 1, 0)]),
    "a matrix without end": ("an expression of SymPy", [("matrix", "Matrix", [10**6, 10**6], [])]),
    "a zone outside its folder": ("zoneinfo:ZoneInfo", "../../etc/passwd"),
    "a zone by its path": ("zoneinfo:ZoneInfo", "/etc/passwd"),
    "a pattern that is too long": ("re:Pattern", ("a" * 3_000, 0)),
    "a pattern that prints": ("re:Pattern", ("a", 128)),
    "a pattern of many repeats": ("re:Pattern", ("(a{9999999}){9999999}", 0)),
    "a pattern that is none": ("re:Pattern", ("(", 0)),
    "a member of no enumeration": ("a member of an enumeration", ("os", "system", "OK")),
    "a member of an own enumeration": ("a member of an enumeration", ("tests.autograder", "x", "OK")),
    "a member that is not there": ("a member of an enumeration", ("http", "HTTPStatus", "__class__")),
    "an identifier that is too short": ("uuid:UUID", b"abc"),
    "a mask of another shape": ("numpy.ma:MaskedArray", (np.ones(3), np.zeros(2, bool), None, False)),
    "a matrix of three dimensions": ("numpy:matrix", np.ones((1, 1, 1))),
    "records without fields": ("numpy:recarray", np.ones(2)),
    "no maps": ("collections:ChainMap", []),
    "a factory that is none": ("collections:defaultdict", (5, {})),
    "a tensor of text": ("torch:Tensor", (np.array(["a"]), False, False, False, None)),
    "names that are no text": ("scipy.optimize:OptimizeResult", {1: 2}),
    "records that overlap": _packed(["a", [[["a", "<i4", [], 0], ["b", "<i4", [], 2]], 8], [1], 0], [b"\0" * 8]),
    "records with objects": _packed(["a", [[["a", "|O", [], 0]], 8], [1], 0], [b"\1" * 8]),
    "a field beyond its record": _packed(["a", [[["a", "<i8", [], 4]], 8], [1], 0], [b"\0" * 8]),
    "a field without end": _packed(["a", [[["a", "<i8", [2**40], 0]], 8], [1], 0], [b"\0" * 8]),
    "objects that are too few": _packed(["a", "|O", [2**40], [1]], []),
    "an object of a process among an array's": _packed(["a", "|O", [1], [["@", "object", 1]]], []),
    "nothing, many times": _packed(["a", "|S0", [2**40], 0], [b""]),
    "a class that is not in the table": _packed(["type", "os:system"], []),
    "a class of a module that is not in the table": _packed(["type", "subprocess:Popen"], []),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_a_packet_that_lies_is_refused(name):
    lie = LIES[name]
    if isinstance(lie, tuple):
        tag, parts = lie
        library = tag.partition(":")[0].partition(".")[0].replace("an expression of SymPy", "sympy")
        if library not in ("a member of an enumeration", "torch"):
            importlib.import_module(library) if library in sys.stdlib_module_names else pytest.importorskip(
                library
            )
        lie = lying(tag, parts(importlib.import_module("pandas")) if callable(parts) else parts)
    with pytest.raises(SerializationError):
        unpack(lie)
    with watched(), pytest.raises(SerializationError):
        unpack(lie)


@timed
def test_two_equal_expressions_in_many_steps_are_refused_soon():
    pytest.importorskip("sympy", reason="sympy is not installed")
    steps, ends = [("symbol", "x", {}, None), number(2)], []
    for _ in range(2):
        last = 0
        for _ in range(15):
            steps.append(step("Add", last, last))
            last = len(steps) - 1
        ends.append(last)
    steps += [step("Mul", 1, ends[k % 2]) for k in range(5_000)]
    start = time.perf_counter()
    with pytest.raises(SerializationError):
        unpack(lying("an expression of SymPy", steps))
    assert time.perf_counter() - start < 20


def test_an_object_within_data_is_refused_in_both_directions():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pd.DataFrame({"a": [object()]})
    with pytest.raises(SerializationError, match="an object of type object"):
        pack(frame, lambda value: Tagged("object", 1))
    tree, blobs = _opened(pack(pd.DataFrame({"a": ["x", None]}, dtype=object)))
    (at,) = [at for at in _places(tree) if at and str(_at(tree, at)) == "x"]
    made = []
    with pytest.raises(SerializationError, match="no data"):
        unpack(_packed(_changed(tree, at, ["@", "object", 1]), blobs), lambda kind, body: made.append(kind))
    assert not made


def _at(tree, at):
    for number in at:
        tree = tree[number]
    return tree


def test_a_subclass_crosses_as_the_librarys_own():
    pd = pytest.importorskip("pandas", reason="pandas is not installed")

    class Own(pd.DataFrame):
        @property
        def _constructor(self):
            return Own

        def equals(self, other):
            return True

    assert type(unpack(pack(Own({"a": [1]})))) is pd.DataFrame
    assert type(unpack(pack({"x": Own({"a": [1]})["a"]}))["x"]) is pd.Series


# --- the table


def test_a_library_that_is_missing_is_named(monkeypatch):
    packed = pack(collections.ChainMap({}))
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(NotInstalledError, match="networkx is not installed"):
        unpack(lying("networkx:Graph", ({}, {}, [], [], [])))
    assert unpack(packed) == {}


def test_an_entry_is_checked_when_it_is_added():
    entry = DataType("collections:UserList", lambda value: value.data, collections.UserList)
    table = Registry([entry])
    assert table.codec_of(collections.UserList).tag == "collections:UserList"
    assert table.codec_of(int) is None
    for wrong in (entry, DataType("no module", str, str)):
        with pytest.raises(ValueError, match="must be new"):
            table.add(wrong)
    with pytest.raises(ValueError, match="holds no data types"):
        table.add_from("json:dumps.__name__")
    with pytest.raises(ImportError):
        table.add_from("no_such_module_of_a_course")


@pytest.mark.parametrize("name", [name for name, entry in REGISTRY.entries.items() if entry.changeable])
def test_what_can_be_changed_is_changed_in_place(name):
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy(name), strategy(name))
    def check(value, source):
        target = unpack(pack(value))
        assert values.transplant(target, value) is (name != "pandas.arrays:SparseArray")
        is_done = values.transplant(target, source)
        assert pack(target) == pack(source if is_done else value)

    check()
