"""NumPy."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "NumPy"

NORMALIZE = """
    import numpy as np
    def normalize(x):
        return (x - x.mean(axis=0)) / x.std(axis=0)
"""
NORMALIZE_OTHER = """
    import numpy as np
    def normalize(x):
        x = np.asarray(x, dtype=float)
        centred = x - np.mean(x, 0)
        return centred / np.sqrt(np.mean(centred ** 2, 0))
"""
NORMALIZE_WRONG = "import numpy as np\ndef normalize(x):\n    return (x - x.mean()) / x.std()"

IDIOMS = [
    idiom(
        "allclose",
        "`np.allclose`, `np.isclose`",
        NORMALIZE,
        """
        import numpy as np
        x = np.array([[1.0, 10], [2, 20], [3, 60]])
        got = normalize(x)
        assert np.allclose(got.mean(axis=0), 0)
        assert np.allclose(got.std(axis=0), [1, 1])
        assert np.isclose(got[0, 0], -1.22474487)
        """,
        [NORMALIZE_OTHER],
        [NORMALIZE_WRONG],
    ),
    idiom(
        "assert-allclose",
        "`np.testing.assert_allclose`, `assert_almost_equal`, `assert_array_almost_equal`",
        NORMALIZE,
        """
        import numpy as np
        rng = np.random.default_rng(0)
        x = rng.normal(3, 2, size=(20, 3))
        expected = (x - x.mean(0)) / x.std(0)
        np.testing.assert_allclose(normalize(x), expected, rtol=1e-6, err_msg="not normalized")
        np.testing.assert_array_almost_equal(normalize(x), expected, decimal=5)
        np.testing.assert_almost_equal(normalize(x).sum(), 0, decimal=6)
        """,
        [NORMALIZE_OTHER],
        [NORMALIZE_WRONG],
    ),
    idiom(
        "assert-array-equal",
        "`np.testing.assert_array_equal`, `np.array_equal`, `(a == b).all()`",
        "import numpy as np\ndef board(n):\n    b = np.zeros((n, n), dtype=int)\n    b[::2, 1::2] = b[1::2, ::2] = 1\n    return b",
        """
        import numpy as np
        expected = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
        np.testing.assert_array_equal(board(3), expected)
        assert np.array_equal(board(2), [[0, 1], [1, 0]])
        assert (board(3) == expected).all()
        """,
        ["import numpy as np\ndef board(n):\n    return np.indices((n, n)).sum(axis=0) % 2"],
        [
            "import numpy as np\ndef board(n):\n    return np.eye(n)",
            "import numpy as np\ndef board(n):\n    return np.zeros((n, n + 1))",
        ],
    ),
    idiom(
        "shape-and-dtype",
        "`.shape`, `.dtype`, `.ndim`, `.size`, `isinstance(x, np.ndarray)`",
        "import numpy as np\ngrid = np.arange(12, dtype=np.float32).reshape(3, 4)",
        """
        import numpy as np
        assert isinstance(grid, np.ndarray), "grid should be an array"
        assert type(grid) is np.ndarray
        assert grid.shape == (3, 4) and grid.ndim == 2 and grid.size == 12 and len(grid) == 3
        assert grid.dtype == np.float32 and grid.dtype.kind == "f"
        assert np.issubdtype(grid.dtype, np.floating)
        """,
        ["import numpy as np\ngrid = np.linspace(0, 11, 12).astype('float32').reshape((3, -1))"],
        ["import numpy as np\ngrid = np.arange(12).reshape(3, 4)", "grid = [[0.0] * 4] * 3"],
    ),
    idiom(
        "indexing-and-slicing",
        "parts of the array: `x[0]`, `x[:, 1]`, `x[mask]`, `x.T`",
        "import numpy as np\nm = np.arange(6).reshape(2, 3) ** 2",
        """
        assert m[0, 1] == 1 and m[1][2] == 25
        assert list(m[:, 1]) == [1, 16]
        assert m[m > 8].tolist() == [9, 16, 25]
        assert m.T.shape == (3, 2)
        assert (m[-1] - m[0]).tolist() == [9, 15, 21]
        """,
        ["import numpy as np\nm = np.array([[0, 1, 4], [9, 16, 25]])"],
        ["import numpy as np\nm = np.arange(6).reshape(2, 3)"],
    ),
    idiom(
        "reductions",
        "`x.sum()`, `x.mean()`, `np.max(x)`, `np.linalg.norm(x)`",
        "import numpy as np\nv = np.array([3.0, 4.0, 0.0])",
        """
        import numpy as np
        assert v.sum() == 7 and v.max() == 4 and v.argmax() == 1
        assert np.linalg.norm(v) == 5
        assert np.isclose(np.mean(v), 7 / 3)
        assert v.any() and not v.all() and np.count_nonzero(v) == 2
        """,
        ["import numpy as np\nv = np.r_[3.0, 4, 0]"],
        ["import numpy as np\nv = np.array([4.0, 3.0, 0.0])"],
    ),
    idiom(
        "scalar-types",
        "`np.float64` and `np.int64` where a float or an int is expected",
        "import numpy as np\ndef mean(x):\n    return np.mean(x)\ndef count(x):\n    return len(x)",
        """
        import numbers
        import numpy as np
        assert isinstance(mean([1, 2]), (float, np.floating))
        assert isinstance(count(np.arange(3)), (int, np.integer))
        assert isinstance(mean([1, 2]), numbers.Real)
        assert np.isscalar(mean([1, 2]))
        """,
        ["import numpy as np\nmean = lambda x: float(sum(x) / len(x))\ncount = lambda x: np.int64(len(x))"],
        ["import numpy as np\nmean = lambda x: np.array([np.mean(x)])\ncount = len"],
    ),
    idiom(
        "seeded-random",
        "`np.random.seed(0)` before the call, then exact values",
        "import numpy as np\ndef dice(n):\n    return np.random.randint(1, 7, size=n)",
        """
        import numpy as np
        np.random.seed(42)
        expected = np.random.randint(1, 7, size=10)
        np.random.seed(42)
        assert np.array_equal(dice(10), expected)
        """,
        ["from numpy import random\ndef dice(n):\n    return random.randint(1, 7, n)"],
        ["import numpy as np\ndef dice(n):\n    return np.random.randint(0, 6, size=n)"],
    ),
    idiom(
        "generator-argument",
        "a `np.random.Generator` passed to the function",
        "def walk(n, rng):\n    return rng.choice([-1, 1], size=n).cumsum()",
        """
        import numpy as np
        got = walk(50, np.random.default_rng(7))
        expected = np.random.default_rng(7).choice([-1, 1], size=50).cumsum()
        assert np.array_equal(got, expected)
        assert set(np.diff(got)) <= {-1, 1}
        """,
        ["import numpy as np\ndef walk(n, rng):\n    return np.cumsum(rng.choice([-1, 1], n))"],
        ["import numpy as np\ndef walk(n, rng):\n    return np.random.choice([-1, 1], n).cumsum()"],
    ),
    idiom(
        "input-not-changed",
        "the argument must not be changed (`x.copy()` compared afterwards)",
        "def clip(x):\n    y = x.copy()\n    y[y < 0] = 0\n    return y",
        """
        import numpy as np
        x = np.array([-1.0, 2.0])
        before = x.copy()
        assert clip(x).tolist() == [0, 2]
        assert np.array_equal(x, before), "the argument was changed"
        """,
        ["import numpy as np\ndef clip(x):\n    return np.maximum(x, 0)"],
        ["def clip(x):\n    x[x < 0] = 0\n    return x"],
    ),
    idiom(
        "input-changed-in-place",
        "the argument must be changed in place",
        "def scale(x, k):\n    x *= k",
        """
        import numpy as np
        x = np.array([1.0, 2.0])
        assert scale(x, 3) is None
        assert x.tolist() == [3.0, 6.0]
        """,
        [
            "def scale(x, k):\n    x[:] = [k * v for v in x]",
            "def scale(x, k):\n    for i in range(len(x)):\n        x[i] = x[i] * k",
        ],
        ["def scale(x, k):\n    x = x * k"],
    ),
    idiom(
        "linear-algebra",
        "properties: `A @ x == b`, orthogonal columns, `np.linalg.inv`",
        "import numpy as np\ndef solve(a, b):\n    return np.linalg.solve(a, b)\ndef basis(a):\n    return np.linalg.qr(a)[0]",
        """
        import numpy as np
        rng = np.random.default_rng(1)
        a, b = rng.normal(size=(4, 4)), rng.normal(size=4)
        assert np.allclose(a @ solve(a, b), b)
        q = basis(a)
        assert np.allclose(q.T @ q, np.eye(4), atol=1e-8)
        """,
        [
            "import numpy as np\nfrom scipy import linalg\ndef solve(a, b):\n    return np.linalg.inv(a).dot(b)\ndef basis(a):\n    u, s, v = np.linalg.svd(a)\n    return u"
        ],
        [
            "import numpy as np\ndef solve(a, b):\n    return a @ b\ndef basis(a):\n    return a / np.linalg.norm(a, axis=0)"
        ],
    ),
    idiom(
        "nan-mask",
        "`np.isnan`, masked and boolean arrays",
        "import numpy as np\ndef fill(x):\n    return np.where(np.isnan(x), np.nanmean(x), x)",
        """
        import numpy as np
        got = fill(np.array([1.0, np.nan, 3.0]))
        assert not np.isnan(got).any()
        assert got[1] == 2.0
        np.testing.assert_equal(np.array([np.nan, 1]), np.array([np.nan, 1]))
        """,
        [
            "import numpy as np\ndef fill(x):\n    y = np.copy(x)\n    y[np.isnan(y)] = y[~np.isnan(y)].mean()\n    return y"
        ],
        ["import numpy as np\ndef fill(x):\n    return np.nan_to_num(x)"],
    ),
    idiom(
        "structured-and-strings",
        "arrays of strings, of dates, with named fields",
        "import numpy as np\nnames = np.array(['ann', 'bo'])\ndays = np.arange('2024-01-01', '2024-01-04', dtype='datetime64[D]')\nrows = np.array([(1, 2.5)], dtype=[('n', int), ('x', float)])",
        """
        import numpy as np
        assert names.tolist() == ["ann", "bo"] and names.dtype.kind == "U"
        assert days[-1] == np.datetime64("2024-01-03") and len(days) == 3
        assert rows["x"][0] == 2.5 and rows.dtype.names == ("n", "x")
        """,
        [
            "import numpy as np\nnames = np.array(list(map(str, ['ann', 'bo'])))\ndays = np.datetime64('2024-01-01') + np.arange(3)\nrows = np.zeros(1, dtype='i8,f8')\nrows.dtype.names = ('n', 'x')\nrows[0] = 1, 2.5"
        ],
        ["import numpy as np\nnames = ['ann', 'bo']\ndays = np.arange(3)\nrows = np.array([1, 2.5])"],
    ),
    idiom(
        "vectorized-no-loop",
        "a vectorized function: one call on an array, shape kept, no `for` in the source",
        "import numpy as np\ndef relu(x):\n    return np.maximum(x, 0)",
        """
        import inspect
        import numpy as np
        x = np.linspace(-1, 1, 7).reshape(7, 1)
        assert relu(x).shape == x.shape and relu(-3.0) == 0
        assert "for " not in inspect.getsource(relu), "no loops"
        """,
        ["def relu(x):\n    return x * (x > 0)"],
        ["import numpy as np\ndef relu(x):\n    return np.array([max(v, 0) for v in np.ravel(x)])"],
    ),
]
