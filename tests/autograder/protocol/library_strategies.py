"""Values of every entry of the table of library types, for hypothesis."""

import collections
import http
import importlib
import ipaddress
import pathlib
import random
import re
import signal
import time
import types
import uuid
import warnings
import zoneinfo

import numpy as np
from hypothesis import strategies as st

_numbers = st.floats(allow_nan=True) | st.integers(-5, 5)
_texts = st.text(max_size=5)
_plain = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | _texts
_dicts = st.dictionaries(_texts, _plain, max_size=3)


def _drawn(seed):
    generator = random.Random(seed)
    generator.gauss(0, 1)
    return generator


def pandas():
    return importlib.import_module("pandas")


def _columns(pd):
    length = 3
    same = {"min_size": length, "max_size": length}
    return st.one_of(
        st.lists(st.integers(-(2**40), 2**40), **same),
        st.lists(_numbers, **same).map(lambda values: np.array(values, float)),
        st.lists(st.booleans(), **same),
        st.lists(_texts | st.none(), **same),
        st.lists(_plain, **same).map(lambda values: pd.Series(values, dtype=object)),
        st.lists(st.sampled_from("ab"), **same).map(pd.Categorical),
        st.lists(st.integers(-3, 3) | st.none(), **same).map(lambda values: pd.array(values, dtype="Int16")),
        st.lists(st.booleans() | st.none(), **same).map(lambda values: pd.array(values, dtype="boolean")),
        st.lists(st.integers(0, 10**15), **same).map(
            lambda values: pd.to_datetime(values, unit="us", utc=True)
        ),
        st.lists(st.integers(0, 10**9), **same).map(lambda values: pd.to_timedelta(values, unit="s")),
        st.just(pd.period_range("2020-01", periods=length, freq="M")),
        st.just(pd.interval_range(0, length)),
        st.just(pd.date_range("2020", periods=length, tz="Europe/Paris")),
        st.just(pd.arrays.SparseArray([0.0, 0.0, 1.0])),
    )


def _indexes(pd):
    return st.one_of(
        st.just(pd.RangeIndex(3)),
        st.lists(st.integers(-5, 5), min_size=3, max_size=3).map(lambda v: pd.Index(v, name="i")),
        st.lists(_texts, min_size=3, max_size=3).map(pd.Index),
        st.just(pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["x", None])),
        st.just(pd.date_range("2024", periods=3, freq="W-MON")),
    )


def frames():
    pd = pandas()

    def frame(columns, index, attrs):
        made = pd.DataFrame({number: pd.Series(c).array for number, c in enumerate(columns)})
        made.index = index if len(made) == 3 else made.index
        made.columns = [f"c{number // 2}" for number in range(made.shape[1])]  # some twice
        made.attrs.update(attrs)
        return made

    return st.builds(frame, st.lists(_columns(pd), max_size=4), _indexes(pd), _dicts)


def series():
    pd = pandas()
    return st.builds(lambda data, index: pd.Series(pd.Series(data).array, index=index, name="s"),
                     _columns(pd), _indexes(pd))  # fmt: skip


def _of(make):
    return lambda: st.just(make(pandas()))


_INDEXES = {
    "Index": lambda pd: pd.Index([1, "a", None], dtype=object),
    "CategoricalIndex": lambda pd: pd.CategoricalIndex(["a", "b", "a"], ordered=True),
    "DatetimeIndex": lambda pd: pd.date_range("2024", periods=4, freq="h", name="t"),
    "TimedeltaIndex": lambda pd: pd.timedelta_range("1h", periods=3),
    "PeriodIndex": lambda pd: pd.period_range("2020", periods=3, freq="Q"),
    "IntervalIndex": lambda pd: pd.interval_range(0.0, 2.0, closed="left"),
    "RangeIndex": lambda pd: pd.RangeIndex(3, 9, 2, name="r"),
    "MultiIndex": lambda pd: pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["x", "y"]),
    "Timestamp": lambda pd: pd.Timestamp("2024-03-31 03:30", tz="Europe/Berlin"),
    "Timedelta": lambda pd: pd.Timedelta(5, "min"),
    "Period": lambda pd: pd.Period("2024-05", "M"),
    "Interval": lambda pd: pd.Interval(0, 1.5, "both"),
    "Categorical": lambda pd: pd.Categorical(["a", None, "b"]),
    "CategoricalDtype": lambda pd: pd.CategoricalDtype(["a", "b"], ordered=True),
    "StringDtype": lambda pd: pd.StringDtype("python"),
    "DatetimeTZDtype": lambda pd: pd.DatetimeTZDtype("us", zoneinfo.ZoneInfo("Asia/Tokyo")),
    "PeriodDtype": lambda pd: pd.PeriodDtype("D"),
    "IntervalDtype": lambda pd: pd.IntervalDtype("int64", "right"),
    "SparseDtype": lambda pd: pd.SparseDtype("int64", 0),
    **{name: (lambda pd, name=name: getattr(pd, name)()) for name in (
        "Int8Dtype", "Int16Dtype", "Int32Dtype", "Int64Dtype", "UInt8Dtype", "UInt16Dtype", "UInt32Dtype",
        "UInt64Dtype", "Float32Dtype", "Float64Dtype", "BooleanDtype",
    )},
}  # fmt: skip
_ARRAYS = {
    "BooleanArray": lambda pd: pd.array([True, None], dtype="boolean"),
    "IntegerArray": lambda pd: pd.array([1, None], dtype="UInt8"),
    "FloatingArray": lambda pd: pd.array([1.5, None], dtype="Float32"),
    "StringArray": lambda pd: pd.array(["a", None], dtype=pd.StringDtype("python")),
    "DatetimeArray": lambda pd: pd.array(np.array(["2024-01-01", "NaT"], "M8[us]")),
    "TimedeltaArray": lambda pd: pd.array(np.array([1, 2], "m8[s]")),
    "PeriodArray": lambda pd: pd.period_range("2020", periods=2, freq="D").array.copy(),
    "IntervalArray": lambda pd: pd.interval_range(0, 2).array.copy(),
    "NumpyExtensionArray": lambda pd: pd.arrays.NumpyExtensionArray(np.array([1.5, 2.5])),
    "SparseArray": lambda pd: pd.arrays.SparseArray([0, 0, 7]),
}


def sparse(kind):
    module = importlib.import_module("scipy.sparse")
    numbers = st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2.5]), min_size=4, max_size=4), min_size=1, max_size=4
    )
    return numbers.map(lambda rows: getattr(module, kind)(np.array(rows)))


def graphs(kind):
    nx = importlib.import_module("networkx")
    nodes = st.integers(0, 4) | st.sampled_from(["a", (0, 1)])

    def build(edges, alone, attributes):
        graph = getattr(nx, kind)()
        graph.graph.update(attributes)
        graph.add_nodes_from(alone, colour="red")
        for u, v, data in edges:
            graph.add_edges_from([(u, v, data)])
        return graph

    return st.builds(
        build, st.lists(st.tuples(nodes, nodes, _dicts), max_size=8), st.lists(nodes, max_size=3), _dicts
    )


def expressions(within=False):
    sp = importlib.import_module("sympy")
    x, n, f = sp.Symbol("x"), sp.Symbol("n", integer=True, positive=True), sp.Function("f")
    leaves = st.sampled_from(
        [x, n, sp.pi, sp.I, sp.E, sp.oo, sp.Rational(2, 3), sp.Float("0.1", 30), sp.Dummy("d")]
    )
    leaves |= st.integers(-(10**30), 10**30).map(sp.Integer)
    terms = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(sp.Add, inner, inner), st.builds(sp.Mul, inner, inner),
            st.builds(lambda e: sp.Pow(e, 2, evaluate=False), inner),
            st.builds(lambda e: sp.sin(e, evaluate=False), inner), st.builds(f, inner),
            st.builds(lambda e: sp.Derivative(f(x), (x, 2)) + e, inner),
            st.builds(lambda e: sp.Integral(e, (x, 0, 1)), inner),
        ),
        max_leaves=8,
    )  # fmt: skip
    return terms if within else terms | st.builds(lambda a, b: sp.Eq(a, b, evaluate=False), terms, terms)


def matrices():
    sp = importlib.import_module("sympy")
    return st.lists(expressions(within=True), min_size=4, max_size=4).map(
        lambda parts: sp.Matrix(2, 2, parts)
    )


def images():
    image = importlib.import_module("PIL.Image")
    modes = st.sampled_from(["1", "L", "RGB", "RGBA", "P", "I", "F", "CMYK", "LA", "HSV"])

    def build(mode, width, height, seed):
        data = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
        return image.fromarray(data).convert(mode)

    return st.builds(build, modes, st.integers(1, 5), st.integers(1, 5), st.integers(0, 99))


def tensors(kind):
    torch = importlib.import_module("torch")
    arrays = st.sampled_from(["f4", "f8", "i8", "?"]).map(
        lambda dtype: torch.from_numpy(np.ones((2, 3), dtype))
    )
    if kind == "Parameter":
        return arrays.filter(lambda one: one.is_floating_point()).map(torch.nn.Parameter)
    return arrays


def _records():
    return np.array(
        [(1, "a", [1.5, 2.5]), (2, "bc", [0, -1])], [("n", "<i4"), ("t", "<U3"), ("v", "<f8", (2,))]
    )


def _quiet_matrix(rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.matrix(rows)


STRATEGIES = {
    "zoneinfo:ZoneInfo": lambda: st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]).map(
        zoneinfo.ZoneInfo
    ),
    "re:Pattern": lambda: st.sampled_from(["a+", "(?i:b)|[c-e]{2,3}", b"x"]).map(re.compile),
    "uuid:UUID": lambda: st.integers(0, 2**128 - 1).map(lambda number: uuid.UUID(int=number)),
    "random:Random": lambda: st.integers(0, 9).map(_drawn),
    "time:struct_time": lambda: st.integers(0, 2**31).map(time.gmtime),
    "pathlib:PurePosixPath": lambda: st.sampled_from(["a/b", "/x.csv", "."]).map(pathlib.PurePosixPath),
    "pathlib:PureWindowsPath": lambda: st.sampled_from(["c:/x", "a\\b"]).map(pathlib.PureWindowsPath),
    "pathlib:PosixPath": lambda: st.sampled_from(["a/b", "/x.csv", ".."]).map(pathlib.PosixPath),
    "ipaddress:IPv4Address": lambda: st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address),
    "ipaddress:IPv6Address": lambda: st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address),
    "ipaddress:IPv4Network": lambda: st.just(ipaddress.IPv4Network("10.0.0.0/8")),
    "ipaddress:IPv6Network": lambda: st.just(ipaddress.IPv6Network("2001:db8::/32")),
    "a member of an enumeration": lambda: st.sampled_from(
        [http.HTTPStatus.OK, signal.SIGINT, re.I | re.M, uuid.SafeUUID.safe]
    ),
    "collections:defaultdict": lambda: _dicts.map(lambda items: collections.defaultdict(list, items)),
    "collections:ChainMap": lambda: st.lists(_dicts, min_size=1, max_size=3).map(
        lambda m: collections.ChainMap(*m)
    ),
    "types:SimpleNamespace": lambda: _dicts.map(lambda items: types.SimpleNamespace(**items)),
    "numpy:matrix": lambda: st.just([[1.5, 2], [3, 4]]).map(_quiet_matrix),
    "numpy.ma.core:MaskedConstant": lambda: st.just(np.ma.masked),
    "numpy.ma:MaskedArray": lambda: st.lists(st.booleans(), min_size=3, max_size=3).map(
        lambda mask: np.ma.masked_array([1.0, 2, 3], mask, fill_value=-1)
    ),
    "numpy:recarray": lambda: st.just(_records().view(np.recarray)),
    "numpy.random.mtrand:RandomState": lambda: st.integers(0, 9).map(np.random.RandomState),
    "numpy:void": lambda: st.just(_records()[1]),
    "pandas:DataFrame": frames,
    "pandas:Series": series,
    **{f"pandas:{name}": _of(make) for name, make in _INDEXES.items()},
    **{f"pandas.arrays:{name}": _of(make) for name, make in _ARRAYS.items()},
    "pandas._libs.missing:NAType": _of(lambda pd: pd.NA),
    "pandas._libs.tslibs.nattype:NaTType": _of(lambda pd: pd.NaT),
    **{
        f"scipy.sparse:{kind}_{suffix}": (lambda name=f"{kind}_{suffix}": sparse(name))
        for kind in ("csr", "csc", "bsr", "coo", "lil", "dok", "dia")
        for suffix in ("matrix", "array")
    },
    "scipy.optimize:OptimizeResult": lambda: _dicts.map(
        lambda items: importlib.import_module("scipy.optimize").OptimizeResult(items)
    ),
    "sklearn.utils:Bunch": lambda: _dicts.map(
        lambda items: importlib.import_module("sklearn.utils").Bunch(**items)
    ),
    "PIL.Image:Image": images,
    **{
        f"networkx:{kind}": (lambda kind=kind: graphs(kind))
        for kind in ("Graph", "DiGraph", "MultiGraph", "MultiDiGraph")
    },
    "an expression of SymPy": expressions,
    "sympy:MutableDenseMatrix": matrices,
    "torch:Tensor": lambda: tensors("Tensor"),
    "torch.nn:Parameter": lambda: tensors("Parameter"),
}
