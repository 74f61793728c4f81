"""Data of libraries crosses as data: tests of pandas, SymPy, NetworkX … as one kernel judges them.

Each case is the instructor's solution, a test, right answers, and wrong ones.
"""

# ruff: noqa: E501 - each submission is one string

import subprocess
import sys

import pytest
from nbformat.v4 import new_notebook

from autograder.execution.spec import GradingSpec, Submission
from autograder.store.content import versions_digest
from tests.autograder.conftest import FAST, Graded, cell
from tests.autograder.execution.test_border import Kind

PANDAS = "import pandas as pd\n"
FRAME = "df = pd.DataFrame({'a': [1, 2, 3], 'g': ['u', 'v', 'u']})\n"
LYING_FRAME = """
class Lying(pd.DataFrame):
    @property
    def _constructor(self): return Lying
    def __array__(self, *a, **k): return np.array([[6]])
    def equals(self, other): return True
    def __eq__(self, other): return True
    @property
    def values(self): return np.array([[6]])
    @property
    def dtypes(self): return 'int'
    def __getitem__(self, key): return 6
    def __len__(self): return 3
    def sum(self, *a, **k): return 6
"""

KINDS = {
    # --- pandas
    "a table that is looked at": Kind(
        PANDAS + "def table(n): return pd.DataFrame({'a': range(n), 'b': list('xyz')[:n]})",
        "import pandas as pd\nt = table(3)\nassert isinstance(t, pd.DataFrame) and type(t) is pd.DataFrame\n"
        "assert t.shape == (3, 2) and list(t.columns) == ['a', 'b'] and t['a'].sum() == 3 and t.dtypes['a'] == np.int64\n"
        "pd.testing.assert_frame_equal(t, pd.DataFrame({'a': range(3), 'b': list('xyz')}))",
        right=(PANDAS + "def table(n): return pd.DataFrame([[k, 'xyz'[k]] for k in range(n)], columns=['a', 'b'])",),
        wrong=(
            "def table(n): return {'a': range(n), 'b': list('xyz')[:n]}",
            PANDAS + "def table(n): return pd.DataFrame({'a': range(n)})",
            PANDAS + "import numpy as np\n" + LYING_FRAME + "def table(n): return Lying({'a': [0, 0, 6], 'b': list('xyz')})",
            PANDAS + "def table(n): return pd.DataFrame({'a': [0., 1, 2], 'b': list('xyz')})",
        ),
    ),
    "a table that must be none": Kind(
        PANDAS + "def total(n): return int(pd.Series(range(n)).sum())",
        "import pandas as pd\nx = total(4)\nassert not isinstance(x, pd.DataFrame) and not isinstance(x, pd.Series) and x == 6",
        wrong=(
            PANDAS + "def total(n): return pd.DataFrame([[6]])",
            PANDAS + "def total(n): return pd.Series([6])",
            PANDAS + "import numpy as np\n" + LYING_FRAME + "def total(n): return Lying([[6]])",
        ),
    ),
    "a table that is given": Kind(
        PANDAS + "def means(df): return df.groupby('g')['a'].mean()",
        "import pandas as pd\n" + FRAME + "m = means(df)\n"
        "assert isinstance(m, pd.Series) and m['u'] == 2 and m.index.name == 'g' and m.name == 'a'\n"
        "pd.testing.assert_series_equal(m, pd.Series([2.0, 2.0], index=pd.Index(['u', 'v'], name='g'), name='a'))",
        right=(PANDAS + "def means(df):\n    df = df.copy()\n    return df.pivot_table('a', 'g', aggfunc='mean')['a']",),
        wrong=(PANDAS + "def means(df): return df.groupby('g')['a'].sum()", PANDAS + "def means(df): return df.groupby('g')['a'].mean().reset_index()"),
    ),
    "a table of a cell": Kind(
        PANDAS + FRAME + "clean = df[df['a'] > 1].set_index('g')\nbest = df.loc[df['a'].idxmax()]\nn_missing = df.isna().sum()",
        "import pandas as pd\nassert clean.index.tolist() == ['v', 'u'] and clean.loc['v', 'a'] == 2 and len(clean) == 2\n"
        "assert best['g'] == 'u' and n_missing.sum() == 0 and (clean['a'] > 1).all()",
        wrong=(PANDAS + FRAME + "clean = df.set_index('g')\nbest = df.loc[0]\nn_missing = df.isna().sum()",),
    ),
    "dtypes are kept": Kind(
        PANDAS + "def tidy(df):\n    return df.assign(g=df['g'].astype('category'), t=pd.to_datetime(df['t']), n=df['n'].astype('Int64'))",
        "import pandas as pd\nraw = pd.DataFrame({'g': ['u', 'v'], 't': ['2024-01-31', None], 'n': [1, None]})\nd = tidy(raw)\n"
        "assert d['g'].dtype == 'category' and list(d['g'].cat.categories) == ['u', 'v']\n"
        "assert d['t'].dt.month[0] == 1 and d['t'][1] is pd.NaT and d['n'].dtype == 'Int64' and d['n'][1] is pd.NA\n"
        "assert str(d.dtypes['t']).startswith('datetime64') and isinstance(d['t'][0], pd.Timestamp)\n"
        "assert isinstance(d.dtypes['g'], pd.CategoricalDtype)",
        wrong=("def tidy(df): return df", PANDAS + "def tidy(df): return df.assign(g=df['g'].astype('category'), n=df['n'].astype('Int64'))"),
    ),
    "several levels": Kind(
        PANDAS + "def pivot(df): return df.groupby(['g', 'h'])[['a']].agg(['min', 'max'])",
        "import pandas as pd\ndf = pd.DataFrame({'g': list('uuv'), 'h': [1, 2, 1], 'a': [3, 4, 5]})\np = pivot(df)\n"
        "assert isinstance(p.index, pd.MultiIndex) and p.loc[('u', 2), ('a', 'max')] == 4 and p.index.names == ['g', 'h']",
        wrong=(PANDAS + "def pivot(df): return df.groupby(['g'])[['a']].agg(['min', 'max'])",),
    ),
    "a table that must stay as it is": Kind(
        PANDAS + "def doubled(df): return df.assign(a=2 * df['a'])",
        "import pandas as pd\n" + FRAME + "before = df.copy()\nout = doubled(df)\nassert out['a'].tolist() == [2, 4, 6]\npd.testing.assert_frame_equal(df, before)",
        right=("def doubled(df):\n    df = df.copy()\n    df['a'] *= 2\n    return df",),
        wrong=("def doubled(df):\n    df['a'] *= 2\n    return df",),
    ),
    "a table changed in place": Kind(
        "def add_column(df): df['b'] = df['a'] + 1",
        "import pandas as pd\n" + FRAME + "assert add_column(df) is None\nassert df['b'].tolist() == [2, 3, 4] and df.columns.tolist() == ['a', 'g', 'b']",
        right=("def add_column(df): df.insert(2, 'b', df.a + 1)", "def add_column(df): df.loc[:, 'b'] = [2, 3, 4]"),
        wrong=("def add_column(df): return df.assign(b=df['a'] + 1)", "def add_column(df): df['b'] = 0"),
    ),
    "rows dropped in place": Kind(
        "def drop(df): df.drop(df.index[df['a'] > 2], inplace=True)",
        "import pandas as pd\n" + FRAME + "s = df['a']\ndrop(df)\nassert len(df) == 2 and len(s) == 3",
        wrong=("def drop(df): pass",),
    ),
    "inputs from which the test computes": Kind(
        "def total(df): return df['a'].sum()",
        "import pandas as pd\n" + FRAME + "assert total(df) == df['a'].sum()",
        wrong=("def total(df):\n    df['a'] = 0\n    return 0", "def total(df):\n    df.drop(df.index, inplace=True)\n    return 0"),
    ),
    "a class of pandas as an argument": Kind(
        "def is_a(x, kind): return isinstance(x, kind)\ndef kind(x): return type(x)",
        "import pandas as pd\nassert is_a(pd.Series([1]), pd.Series) and not is_a(3, pd.DataFrame)\nassert kind(pd.Series([1])) is pd.Series and kind(pd.Timestamp(0)) is pd.Timestamp",
        wrong=("def is_a(x, kind): return True\ndef kind(x): return 'Series'",),
    ),
    "text of a table": Kind(
        PANDAS + "def show(df): return df.to_string()\ndef index(n): return pd.date_range('2024-01-01', periods=n, freq='D')",
        "import pandas as pd\n" + FRAME + "assert show(df) == df.to_string()\nassert index(3).freq == 'D' and index(2)[1] == pd.Timestamp('2024-01-02')",
        wrong=(PANDAS + "def show(df): return str(df.a)\ndef index(n): return pd.to_datetime(['2024-01-01', '2024-01-02', '2024-01-03'][:n])",),
    ),
    # --- the standard library
    "the standard library's types": Kind(
        "import collections, datetime, decimal, pathlib, re, uuid, zoneinfo\n"
        "def groups(words):\n    d = collections.defaultdict(list)\n    for w in words: d[w[0]].append(w)\n    return d\n"
        "def counts(words):\n    d = collections.defaultdict(lambda: 10)\n    for w in words: d[w] += 1\n    return d\n"
        "def here(y): return datetime.datetime(y, 7, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin'))\n"
        "def path(name): return pathlib.Path('data') / name\nvowels = re.compile('[aeiou]', re.I)\ndef same(x): return x",
        "import pathlib, datetime, collections, re, uuid, http\n"
        "g = groups(['ab', 'ac', 'b'])\nassert isinstance(g, collections.defaultdict) and g == {'a': ['ab', 'ac'], 'b': ['b']} and g['z'] == []\n"
        "c = counts(['a', 'a'])\nassert c['a'] == 12 and c['q'] == 10\n"
        "assert here(2024).utcoffset() == datetime.timedelta(hours=2) and str(here(2024).tzinfo) == 'Europe/Berlin'\n"
        "assert path('x.csv') == pathlib.Path('data/x.csv') and path('x.csv').suffix == '.csv'\n"
        "assert vowels.findall('Ab') == ['A'] and isinstance(vowels, re.Pattern)\n"
        "for x in (uuid.UUID(int=5), pathlib.Path('a'), collections.ChainMap({1: 2}), http.HTTPStatus.OK, re.compile('a')):\n    assert same(x) == x and type(same(x)) is type(x)",
        wrong=(
            "def groups(words): return {'a': ['ab', 'ac'], 'b': ['b']}",
            "import collections, datetime, re\ndef groups(words): return collections.defaultdict(list, {'a': ['ab', 'ac'], 'b': ['b']})\ndef counts(w): return {'a': 12}\n",
        ),
    ),
    "named tuples both ways": Kind(
        "from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\ndef mirror(p):\n    assert isinstance(p, Point)\n    return p._replace(x=-p.x)\ndef norm(p): return p.a + p.b",
        "p = Point(1, 2)\nq = mirror(p)\nassert q.x == -1 and q == (-1, 2) and q._asdict() == {'x': -1, 'y': 2} and q._fields == ('x', 'y')\n"
        "from collections import namedtuple\nPair = namedtuple('Pair', 'a b')\nassert norm(Pair(1, 2)) == 3 and mirror(q._replace(y=5)) == (1, 5)",
        wrong=("from collections import namedtuple\nPoint = namedtuple('Point', 'x y')\ndef mirror(p): return p\ndef norm(p): return 3",),
    ),
    "a defaultdict changed in place": Kind(
        "def add(d, k): d[k] += 1",
        "from collections import Counter, defaultdict\nd = defaultdict(int, a=1)\nadd(d, 'a')\nadd(d, 'b')\nassert d == {'a': 2, 'b': 1} and d['c'] == 0\nc = Counter('aab')\nadd(c, 'a')\nassert c['a'] == 3",
        wrong=("def add(d, k): d[k] = 1",),
    ),
    # --- NumPy and SciPy
    "arrays of other classes": Kind(
        "import numpy as np\ndef matrix(): return np.matrix([[1, 2], [3, 4]])\ndef masked(x): return np.ma.masked_less(x, 0)\ndef names(): return np.array(['a', None, 3], dtype=object)\ndef people(): return np.array([('a', 3)], dtype=[('name', 'U9'), ('age', 'i4')])",
        "m = matrix()\nassert isinstance(m, np.matrix) and (m * m)[0, 0] == 7\n"
        "a = masked(np.array([-1.0, 2.0]))\nassert isinstance(a, np.ma.MaskedArray) and a.sum() == 2 and a[0] is np.ma.masked\n"
        "assert names()[1] is None and names().dtype == object and people()['age'][0] == 3 and people().dtype.names == ('name', 'age')",
        wrong=("import numpy as np\ndef matrix(): return np.array([[1, 2], [3, 4]])",),
    ),
    "sparse matrices": Kind(
        "import scipy.sparse as sp\ndef laplacian(n): return sp.diags_array([2.0] * n).tocsr()\ndef double(m): return 2 * m\ndef wipe(m): m.data[:] = 1",
        "import scipy.sparse as sp\nL = laplacian(3)\nassert sp.issparse(L) and L.format == 'csr' and L.nnz == 3 and L[1, 1] == 2\n"
        "A = sp.csc_matrix([[1, 0], [0, 5]])\nassert (double(A).toarray() == [[2, 0], [0, 10]]).all() and type(double(A)) is type(A)\nwipe(A)\nassert A.sum() == 2",
        wrong=("import numpy as np\ndef laplacian(n): return 2 * np.eye(n)", "import scipy.sparse as sp\ndef laplacian(n): return sp.diags_array([2.0] * n).tocsr()\ndef double(m): return 2 * m\ndef wipe(m): pass"),
    ),
    "results of SciPy": Kind(
        "from scipy import optimize, stats\ndef best(): return optimize.minimize(lambda p: (p[0] - 1) ** 2, [0.0], bounds=[(-3, 3)])\ndef test(a, b): return stats.ttest_ind(a, b)",
        "r = best()\nassert r.success and abs(r.x[0] - 1) < 1e-3 and abs(r['x'][0] - 1) < 1e-3\n"
        "from scipy import optimize\nassert isinstance(r, optimize.OptimizeResult)\nt = test([1, 2, 3], [4, 5, 7])\nassert t.pvalue < 0.05 and t[1] == t.pvalue and t.statistic < 0 and t.df == 4",
        wrong=("from scipy import optimize, stats\ndef best(): return {'success': True, 'x': [1.0]}\ndef test(a, b): return stats.ttest_ind(a, b)",),
    ),
    # --- images, graphs, expressions
    "images": Kind(
        "from PIL import Image, ImageOps\ndef grey(im): return im.convert('L')\ndef dot(im): im.putpixel((0, 0), (255, 0, 0))",
        "from PIL import Image\nim = Image.new('RGB', (4, 2), (10, 20, 30))\ng = grey(im)\nassert isinstance(g, Image.Image) and g.mode == 'L' and g.size == (4, 2)\nassert np.asarray(g).shape == (2, 4)\ndot(im)\nassert im.getpixel((0, 0)) == (255, 0, 0) and im.getpixel((1, 0)) == (10, 20, 30)",
        wrong=("def grey(im): return im\ndef dot(im): im.putpixel((0, 0), (255, 0, 0))", "import numpy as np\ndef grey(im): return np.zeros((2, 4))", "def grey(im): return im.convert('L')\ndef dot(im): pass"),
    ),
    "graphs": Kind(
        "import networkx as nx\ndef ring(n): return nx.cycle_graph(n)\ndef degree(G): return dict(G.degree())\ndef join(G): G.add_edge('x', 'y', weight=3)",
        "import networkx as nx\nG = ring(5)\nassert isinstance(G, nx.Graph) and G.number_of_edges() == 5 and nx.is_connected(G) and nx.is_isomorphic(G, nx.cycle_graph(5))\n"
        "H = nx.DiGraph([(1, 2), (2, 3)])\nassert degree(H) == {1: 1, 2: 2, 3: 1}\njoin(H)\nassert H['x']['y']['weight'] == 3 and H.number_of_nodes() == 5",
        wrong=("import networkx as nx\ndef ring(n): return nx.path_graph(n)\ndef degree(G): return dict(G.degree())", "import networkx as nx\nclass Fake(nx.Graph):\n    def number_of_edges(self): return 5\ndef ring(n): return Fake([(0, 1)])"),
    ),
    "expressions": Kind(
        "import sympy as sp\nx = sp.symbols('x')\nf = sp.sin(x) ** 2\ndef slope(e, v): return sp.diff(e, v)\ndef roots(e): return sp.solve(e)\ndef apply(fn, v): return fn(v)\nM = sp.Matrix([[1, x], [0, 2]])",
        "import sympy as sp\nassert sp.simplify(slope(f, x) - sp.sin(2 * x)) == 0 and f.subs(x, 0) == 0 and x == sp.Symbol('x')\n"
        "y = sp.Symbol('y', positive=True)\nassert slope(y**3, y) == 3 * y**2 and roots(y**2 - 4) == [2] and isinstance(f, sp.Expr)\nassert apply(sp.cos, y) == sp.cos(y) and M.det() == 2",
        wrong=(
            "import sympy as sp\nx = sp.symbols('x')\nf = 'sin(x)**2'\ndef slope(e, v): return sp.diff(e, v)",
            "import sympy as sp\nclass Liar(sp.Expr):\n    def __eq__(self, o): return True\n    def __sub__(self, o): return sp.Integer(0)\n    __hash__ = None\nx = sp.symbols('x')\nf = sp.sin(x) ** 2\ndef slope(e, v): return Liar()\ndef roots(e): return [2]\ndef apply(fn, v): return fn(v)\nM = sp.Matrix([[1, x], [0, 2]])",
        ),
    ),
}  # fmt: skip

NEEDS = {"pandas": "pandas", "sympy": "sympy", "networkx": "networkx", "PIL": "PIL"}


def answers(sort):
    return [
        pytest.param(kind, answer, id=f"{name}-{number}")
        for name, kind in KINDS.items()
        for number, answer in enumerate((kind.solution, *kind.right) if sort == "right" else kind.wrong)
    ]


def require_installed(kind):
    for library in NEEDS:
        if f"import {library}" in kind.test or f"from {library}" in kind.test:
            pytest.importorskip(library, reason=f"{library} is not installed")


def one_kernel(code, test):
    """Whether a test passes in one process, with the student's code."""
    done = subprocess.run(
        [sys.executable, "-c", f"import numpy as np\n{code}\n{test}"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0


@pytest.mark.parametrize(("kind", "answer"), answers("right"))
def test_what_holds_in_one_kernel_has_its_points(graded, kind, answer):
    require_installed(kind)
    result = graded(answer, kind.test, template=kind.solution, call_seconds=20, question_seconds=30)
    assert result.scores == [1], result.messages


@pytest.mark.parametrize(("kind", "answer"), answers("wrong"))
def test_what_does_not_has_none(graded, kind, answer):
    require_installed(kind)
    result = graded(answer, kind.test, template=kind.solution, call_seconds=20, question_seconds=30)
    assert result.scores == [0], result.messages
    assert result.statuses == ["failed"]


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_one_kernel_agrees(name):
    kind = KINDS[name]
    require_installed(kind)
    assert all(one_kernel(answer, kind.test) for answer in (kind.solution, *kind.right))


# --- a course's own types

COURSE_TYPE = """
from fractions import Fraction
from autograder.protocol.library_data.data_type import DataType, of_types, require

class Money:
    def __init__(self, cents, currency): self.cents, self.currency = cents, currency
    def __eq__(self, other): return type(other) is Money and vars(self) == vars(other)

def build(parts):
    cents, currency = of_types(parts, int, str)
    require(currency in ("EUR", "USD"), "the currency")
    return Money(cents, currency)

TYPES = (DataType("{module}:Money", lambda money: (money.cents, money.currency), build, changeable=True,
                  put=lambda target, source: vars(target).update(vars(source)) or True),)
"""
PAY = "from {module} import Money\ndef twice(m): return Money(2 * m.cents, m.currency)\ndef earn(m): m.cents += 1\n"
PAY_TEST = "from {module} import Money\nm = Money(5, 'EUR')\nassert twice(m) == Money(10, 'EUR') and type(twice(m)) is Money\nearn(m)\nassert m.cents == 6"


@pytest.fixture
def course_types(tmp_path, monkeypatch):
    """Return the name of a course's module with a type of its own."""
    name = f"course_types_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(COURSE_TYPE.replace("{module}", name))
    monkeypatch.syspath_prepend(tmp_path)
    return name


def course_spec(name, *tests, **more):
    notebook = new_notebook(
        cells=[
            cell("pass", "setup", locked=True),
            cell(PAY.replace("{module}", name), "answer", solution=True),
            *(
                cell(test.replace("{module}", name), f"t{k}", grade=True, locked=True, points=1)
                for k, test in enumerate(tests)
            ),
        ]
    )
    return GradingSpec(notebook, FAST, **more)


def test_a_course_adds_a_type_of_its_own(engine, course_types):
    spec = course_spec(course_types, PAY_TEST, data_types=(course_types,))
    graded = Graded(engine.grade(spec, Submission(spec.source)))
    assert graded.scores == [1], graded.messages
    without = course_spec(course_types, PAY_TEST, preload=(course_types,))
    refused = Graded(engine.grade(without, Submission(without.source)))
    assert (refused.scores, refused.statuses) == ([None], ["by hand"])


def test_a_courses_type_refuses_what_its_entry_refuses(engine, course_types):
    spec = course_spec(course_types, PAY_TEST, data_types=(f"{course_types}:TYPES",))
    wrong = PAY.replace("{module}", course_types).replace("2 * m.cents, m.currency", "10, 'XXX'")
    submission = new_notebook(
        cells=[spec.source.cells[0], cell(wrong, "answer", solution=True), *spec.source.cells[2:]]
    )
    graded = Graded(engine.grade(spec, Submission(submission)))
    assert graded.scores == [0]
    assert "the currency" in graded.messages[0]


def test_a_courses_types_are_part_of_the_digest_and_travel(course_types, tmp_path):
    plain, spec = course_spec(course_types), course_spec(course_types, data_types=(course_types,))
    assert plain.digest != spec.digest
    assert GradingSpec.unpack(spec.pack(), tmp_path / "elsewhere").data_types == (course_types,)
    file = tmp_path / f"{course_types}.py"
    before = spec.digest
    file.write_text(file.read_text() + "# changed\n")
    versions_digest.cache_clear()  # as in another process
    assert course_spec(course_types, data_types=(course_types,)).digest != before


# --- what a hostile submission says in the place of data

WIRE = """
import json, struct
from autograder.protocol import packet
from autograder.protocol.library_data.registry import REGISTRY
sent = []
def lie(name, parts):
    codec = REGISTRY.codec(name)
    def encode(encoder, value, depth):
        sent.append(name)
        return [encoder.node(parts, depth + 1)]
    object.__setattr__(codec, "encode", encode)
"""


@pytest.mark.parametrize(
    ("name", "parts", "honest", "test"),
    [
        ("scipy.sparse:csr_matrix", "(np.ones(1), np.array([10**8], 'i4'), np.array([0, 1], 'i4'), (1, 2))",
         "import scipy.sparse as sp\ndef f(): return sp.csr_matrix(np.eye(2))", "assert f().toarray().shape == (2, 2)"),
        ("pandas:RangeIndex", "(range(10**15), None)", PANDAS + "def f(): return pd.DataFrame({'a': [1]})",
         "assert f().shape[0] == 1"),
        ("an expression of SymPy", "[('rational', 10, 1), ('rational', 10**9, 1), ('made', 'Pow', [0, 1])]",
         "import sympy\ndef f(): return sympy.Symbol('x')", "assert f() > 0"),
        ("an expression of SymPy", "[('text', '__import__(\"os\")'), ('made', 'sympify', [0])]",
         "import sympy\ndef f(): return sympy.Symbol('x')", "assert f() is not None"),
        ("PIL.Image:Image", "('RGB', (60_000, 60_000), b'', None)",
         "from PIL import Image\ndef f(): return Image.new('L', (1, 1))", "assert f().size == (1, 1)"),
    ],
)  # fmt: skip
def test_lies_on_the_wire_cost_the_cell_alone(graded, name, parts, honest, test):
    library = {"a": "sympy"}.get(name.split(" ")[0].replace("an", "a"), name.split(":")[0])
    pytest.importorskip(library, reason=f"{library} is not installed")
    student = f"import numpy as np\n{WIRE}\n{honest}\nlie({name!r}, {parts})"
    result = graded(student, test, f"assert sent[-1] == {name!r}", template=honest)
    assert result.scores == [0, 1], result.messages
    assert result.statuses[0] == "failed"


def test_data_of_a_library_that_is_missing_is_for_a_person(graded):
    honest = "import torch_of_a_course\ndef f(): return 3"
    student = f"{WIRE}\ndef f(): return [frozenset()]\nfrom autograder.protocol import codecs\nhonest = codecs.BY_TAG['f'].encode\n"
    student += "object.__setattr__(codecs.BY_TAG['f'], 'tag', 'torch:Tensor')\nimport numpy as np\nobject.__setattr__(codecs.BY_TAG['f'], 'encode', lambda e, v, d: [e.node((np.ones(1), False, False, False, None), d + 1)])"
    try:
        import torch  # noqa: F401
    except ImportError:
        result = graded(student, "assert len(f()) == 1", template=honest)
        assert result.statuses == ["by hand"], (result.statuses, result.messages)
        assert "torch is not installed where the tests run" in result.messages[0]
