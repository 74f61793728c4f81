"""SciPy, SymPy, NetworkX."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "SciPy, SymPy, NetworkX"

SYMPY = ("sympy",)
NETWORKX = ("networkx",)

IDIOMS = [
    idiom(
        "scipy-minimize",
        "an `OptimizeResult`: `.x`, `.fun`, `.success`",
        "from scipy.optimize import minimize\nresult = minimize(lambda p: (p[0] - 1) ** 2 + (p[1] + 2) ** 2, [0, 0])",
        """
        import numpy as np
        assert result.success
        assert np.allclose(result.x, [1, -2], atol=1e-3)
        assert result.fun < 1e-6
        """,
        [
            "from scipy import optimize\ndef f(p):\n    return ((p - [1, -2]) ** 2).sum()\nresult = optimize.minimize(f, x0=[5, 5], method='Nelder-Mead')"
        ],
        ["from scipy.optimize import minimize\nresult = minimize(lambda p: p[0] ** 2 + p[1] ** 2, [1, 1])"],
    ),
    idiom(
        "scipy-integrate-function",
        "the student's function given to `scipy.integrate.quad`, `solve_ivp`, `brentq`",
        "def pdf(x):\n    return 2 * x\ndef decay(t, y):\n    return -0.5 * y",
        """
        import numpy as np
        from scipy.integrate import quad, solve_ivp
        from scipy.optimize import brentq
        assert abs(quad(pdf, 0, 1)[0] - 1) < 1e-9
        assert abs(brentq(lambda x: pdf(x) - 1, 0, 1) - 0.5) < 1e-9
        s = solve_ivp(decay, (0, 2), [1.0], rtol=1e-8)
        assert abs(s.y[0, -1] - np.exp(-1)) < 1e-5
        """,
        ["pdf = lambda x: x + x\ndecay = lambda t, y: y / -2"],
        ["def pdf(x):\n    return x\ndef decay(t, y):\n    return 0.5 * y"],
    ),
    idiom(
        "scipy-stats-test",
        "a test's result (`.statistic`, `.pvalue`), a frozen distribution",
        "from scipy import stats\ntest = stats.ttest_ind([1, 2, 3, 4], [5, 6, 7, 8])\nnormal = stats.norm(loc=2, scale=3)",
        """
        from scipy import stats
        assert test.pvalue < 0.05 and test.statistic < 0
        statistic, p = test
        assert abs(p - test.pvalue) < 1e-12
        assert abs(normal.cdf(2) - 0.5) < 1e-12 and abs(normal.std() - 3) < 1e-12
        """,
        [
            "import scipy.stats as s\nimport numpy as np\ntest = s.ttest_ind(np.arange(1, 5), np.arange(5, 9), equal_var=True)\nnormal = s.norm(2, 3)"
        ],
        ["from scipy import stats\ntest = stats.ttest_ind([1, 2], [1, 2])\nnormal = stats.norm()"],
    ),
    idiom(
        "scipy-sparse",
        "a sparse matrix: `.toarray()`, `.nnz`, `issparse`",
        "from scipy import sparse\ndef laplace(n):\n    return sparse.diags([-1, 2, -1], [-1, 0, 1], shape=(n, n), format='csr')",
        """
        import numpy as np
        from scipy.sparse import issparse
        m = laplace(4)
        assert issparse(m) and m.shape == (4, 4) and m.nnz == 10
        assert np.array_equal(m.toarray()[0], [2, -1, 0, 0])
        assert np.allclose(m @ np.ones(4), [1, 0, 0, 1])
        """,
        [
            "import numpy as np\nfrom scipy.sparse import csr_matrix\ndef laplace(n):\n    return csr_matrix(2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1))"
        ],
        ["import numpy as np\ndef laplace(n):\n    return 2 * np.eye(n)"],
    ),
    idiom(
        "scipy-interpolate",
        "a returned interpolator called by the test",
        "from scipy.interpolate import interp1d\ndef curve(x, y):\n    return interp1d(x, y)",
        """
        import numpy as np
        f = curve([0, 1, 2], [0, 10, 0])
        assert np.isclose(f(0.5), 5) and np.isclose(f(1.5), 5)
        assert np.allclose(f(np.array([0, 1])), [0, 10])
        """,
        ["import numpy as np\ndef curve(x, y):\n    return lambda t: np.interp(t, x, y)"],
        ["import numpy as np\ndef curve(x, y):\n    return np.poly1d(np.polyfit(x, y, 1))"],
    ),
    idiom(
        "sympy-equal",
        "symbolic expressions: `sp.simplify(got - expected) == 0`",
        "import sympy as sp\nx = sp.symbols('x')\nderivative = sp.diff(sp.sin(x) ** 2, x)",
        """
        import sympy as sp
        x = sp.symbols("x")
        assert sp.simplify(derivative - sp.sin(2 * x)) == 0
        assert derivative.subs(x, 0) == 0
        assert isinstance(derivative, sp.Expr)
        """,
        ["from sympy import *\nx = Symbol('x')\nderivative = sin(2 * x)"],
        ["import sympy as sp\nx = sp.symbols('x')\nderivative = sp.sin(x) ** 2"],
        needs=SYMPY,
    ),
    idiom(
        "sympy-solve",
        "solutions of an equation: a list, a set, `lambdify`, `evalf`",
        "import sympy as sp\nx = sp.Symbol('x')\nsolutions = sp.solve(x ** 2 - 2, x)",
        """
        import sympy as sp
        assert set(solutions) == {sp.sqrt(2), -sp.sqrt(2)}
        assert sorted(float(s) for s in solutions)[1] > 1.414
        assert solutions[0] ** 2 == 2 and abs(max(solutions).evalf() - 1.41421356) < 1e-6
        """,
        [
            "import sympy as sp\nx = sp.Symbol('x', real=True)\nsolutions = list(sp.solveset(x ** 2 - 2, x, sp.Reals))"
        ],
        ["import sympy as sp\nsolutions = [1.414, -1.414]"],
        needs=SYMPY,
    ),
    idiom(
        "sympy-matrix",
        "a SymPy matrix: `.det()`, `.eigenvals()`, equality",
        "import sympy as sp\nm = sp.Matrix([[2, 1], [1, 2]])\ninverse = m.inv()",
        """
        import sympy as sp
        assert m * inverse == sp.eye(2)
        assert inverse == sp.Matrix([[2, -1], [-1, 2]]) / 3
        assert m.eigenvals() == {1: 1, 3: 1}
        assert inverse[0, 0] == sp.Rational(2, 3) and m.det() == 3
        """,
        ["from sympy import Matrix\nm = Matrix(2, 2, [2, 1, 1, 2])\ninverse = m.adjugate() / m.det()"],
        ["import sympy as sp\nm = sp.Matrix([[2, 1], [1, 2]])\ninverse = m.T"],
        needs=SYMPY,
    ),
    idiom(
        "sympy-function-argument",
        "the test's expression passed to the student's function",
        "import sympy as sp\ndef tangent(f, x, a):\n    return f.subs(x, a) + sp.diff(f, x).subs(x, a) * (x - a)",
        """
        import sympy as sp
        t = sp.symbols("t")
        got = tangent(t ** 3, t, 1)
        assert sp.expand(got) == 3 * t - 2
        assert got.subs(t, 1) == 1
        """,
        ["def tangent(f, x, a):\n    return f.series(x, a, 2).removeO()"],
        ["def tangent(f, x, a):\n    return f.diff(x)"],
        needs=SYMPY,
    ),
    idiom(
        "networkx-graph",
        "a graph that the answer built: nodes, edges, degrees",
        "import networkx as nx\nG = nx.Graph()\nG.add_edges_from([(1, 2), (2, 3), (3, 1), (3, 4)])",
        """
        import networkx as nx
        assert isinstance(G, nx.Graph)
        assert G.number_of_nodes() == 4 and G.number_of_edges() == 4
        assert set(G.nodes()) == {1, 2, 3, 4} and G.has_edge(1, 2)
        assert G.degree(3) == 3 and dict(G.degree())[4] == 1
        assert nx.shortest_path_length(G, 1, 4) == 2
        assert sorted(G.neighbors(3)) == [1, 2, 4]
        """,
        ["import networkx as nx\nG = nx.complete_graph([1, 2, 3])\nG.add_edge(3, 4, weight=2)"],
        ["import networkx as nx\nG = nx.path_graph([1, 2, 3, 4])"],
        needs=NETWORKX,
    ),
    idiom(
        "networkx-argument",
        "the test's graph passed to the student's function",
        "def hubs(G, k):\n    return {n for n, d in G.degree() if d >= k}",
        """
        import networkx as nx
        assert hubs(nx.star_graph(5), 3) == {0}
        assert hubs(nx.cycle_graph(4), 2) == {0, 1, 2, 3}
        g = nx.Graph()
        g.add_edge("a", "b", weight=3)
        assert hubs(g, 2) == set()
        """,
        ["def hubs(G, k):\n    return set(n for n in G.nodes if len(list(G.neighbors(n))) >= k)"],
        ["def hubs(G, k):\n    return set(G.nodes)"],
        needs=NETWORKX,
    ),
    idiom(
        "networkx-isomorphic",
        "a returned graph compared: `nx.is_isomorphic`, edge attributes, components",
        "import networkx as nx\ndef ring(n):\n    G = nx.cycle_graph(n)\n    nx.set_edge_attributes(G, 1, 'weight')\n    return G",
        """
        import networkx as nx
        g = ring(5)
        assert nx.is_isomorphic(g, nx.cycle_graph(5))
        assert nx.is_connected(g)
        assert all(d["weight"] == 1 for _, _, d in g.edges(data=True))
        assert g[0][1]["weight"] == 1
        """,
        [
            "import networkx as nx\ndef ring(n):\n    G = nx.Graph()\n    for k in range(n):\n        G.add_edge(k, (k + 1) % n, weight=1)\n    return G"
        ],
        ["import networkx as nx\ndef ring(n):\n    return nx.path_graph(n)"],
        needs=NETWORKX,
    ),
]
