"""pandas."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "pandas"

SALES = "day,shop,amount\nMon,A,10\nMon,B,20\nTue,A,30\nTue,B,\nWed,A,50\n"
DATA = (("sales.csv", SALES),)
LOAD = "import pandas as pd\nsales = pd.read_csv('sales.csv')"
PANDAS = ("pandas",)

IDIOMS = [
    idiom(
        "frame-shape-columns",
        "`df.shape`, `df.columns`, `len(df)`, `isinstance(df, pd.DataFrame)`",
        LOAD,
        """
        import pandas as pd
        assert isinstance(sales, pd.DataFrame), "sales should be a DataFrame"
        assert sales.shape == (5, 3) and len(sales) == 5
        assert list(sales.columns) == ["day", "shop", "amount"]
        assert set(sales.columns) == {"amount", "day", "shop"}
        assert "day" in sales.columns and "day" in sales
        """,
        ["import csv, pandas as pd\nsales = pd.DataFrame(csv.DictReader(open('sales.csv')))"],
        [
            "sales = open('sales.csv').read()",
            "import pandas as pd\nsales = pd.read_csv('sales.csv', header=None)",
        ],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "frame-equal",
        "`pd.testing.assert_frame_equal`",
        "import pandas as pd\ndef clean(df):\n    return df.dropna().reset_index(drop=True)",
        """
        import pandas as pd
        got = clean(pd.read_csv("sales.csv"))
        expected = pd.DataFrame({"day": ["Mon", "Mon", "Tue", "Wed"], "shop": ["A", "B", "A", "A"],
                                 "amount": [10.0, 20.0, 30.0, 50.0]})
        pd.testing.assert_frame_equal(got, expected)
        assert got.equals(expected)
        """,
        [
            "def clean(df):\n    df = df[df['amount'].notna()].copy()\n    df.index = range(len(df))\n    return df"
        ],
        ["def clean(df):\n    return df.dropna()", "def clean(df):\n    return df.fillna(0)"],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "frame-equal-any-order",
        "frames compared after sorting of rows and columns",
        "import pandas as pd\ndef by_shop(df):\n    return df.groupby('shop', as_index=False)['amount'].sum()",
        """
        import pandas as pd
        def canonical(df):
            columns = sorted(df.columns)
            return df[columns].sort_values(by=columns).reset_index(drop=True)
        got = by_shop(pd.read_csv("sales.csv"))
        expected = pd.DataFrame({"shop": ["B", "A"], "amount": [20.0, 90.0]})
        pd.testing.assert_frame_equal(canonical(got), canonical(expected), check_dtype=False)
        """,
        [
            "def by_shop(df):\n    return df.pivot_table(index='shop', values='amount', aggfunc='sum').reset_index()[['amount', 'shop']]"
        ],
        ["def by_shop(df):\n    return df.groupby('shop', as_index=False)['amount'].mean()"],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "series-equal",
        "`pd.testing.assert_series_equal`, with and without names",
        "def totals(df):\n    return df.groupby('day')['amount'].sum()",
        """
        import pandas as pd
        got = totals(pd.read_csv("sales.csv"))
        expected = pd.Series([30.0, 30.0, 50.0], index=pd.Index(["Mon", "Tue", "Wed"], name="day"), name="amount")
        pd.testing.assert_series_equal(got, expected)
        pd.testing.assert_series_equal(got, expected.rename("other"), check_names=False)
        """,
        [
            "import pandas as pd\ndef totals(df):\n    return pd.pivot_table(df, index='day', values='amount', aggfunc='sum')['amount']"
        ],
        ["def totals(df):\n    return df.groupby('day')['amount'].count()"],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "loc-and-iloc",
        "cells by `df.loc[…]`, `df.iloc[…]`, `df['a'][0]`, `.values`, `.tolist()`",
        LOAD,
        """
        assert sales.loc[0, "amount"] == 10
        assert sales.iloc[-1, 0] == "Wed" and sales.iloc[1]["shop"] == "B"
        assert sales["day"].tolist()[:2] == ["Mon", "Mon"]
        assert sales["amount"].values[2] == 30 and sales.at[4, "amount"] == 50
        assert sales[sales["shop"] == "B"].shape[0] == 2
        assert sales.day[0] == "Mon"
        """,
        ["from pandas import read_csv\nsales = read_csv('sales.csv', sep=',')"],
        ["import pandas as pd\nsales = pd.read_csv('sales.csv')[::-1].reset_index(drop=True)"],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "frame-statistics",
        "`df['x'].mean()`, `.sum()`, `.isna().sum()`, `.describe()`, `.value_counts()`",
        LOAD,
        """
        assert abs(sales["amount"].mean() - 27.5) < 1e-9
        assert sales["amount"].sum() == 110
        assert sales["amount"].isna().sum() == 1 and sales.isnull().values.any()
        assert sales["shop"].value_counts()["A"] == 3
        assert sales["day"].nunique() == 3
        assert sales.describe().loc["max", "amount"] == 50
        """,
        ["import pandas as pd\nsales = pd.read_table('sales.csv', sep=',')"],
        ["import pandas as pd\nsales = pd.read_csv('sales.csv').fillna(0)"],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "frame-argument",
        "a frame made by the test and passed to the student's function",
        "def add_tax(df, rate):\n    df = df.copy()\n    df['total'] = df['price'] * (1 + rate)\n    return df",
        """
        import pandas as pd
        df = pd.DataFrame({"item": ["a", "b"], "price": [10.0, 20.0]})
        got = add_tax(df, 0.1)
        assert list(got["total"].round(6)) == [11.0, 22.0]
        assert "total" not in df.columns, "the argument was changed"
        assert list(got.columns) == ["item", "price", "total"]
        """,
        ["def add_tax(df, rate):\n    return df.assign(total=df.price + df.price * rate)"],
        ["def add_tax(df, rate):\n    df['total'] = df['price'] * (1 + rate)\n    return df"],
        needs=PANDAS,
    ),
    idiom(
        "frame-changed-in-place",
        "a frame that the student's function must change in place",
        "def rename(df):\n    df.columns = [c.lower() for c in df.columns]",
        """
        import pandas as pd
        df = pd.DataFrame({"Name": ["x"], "AGE": [3]})
        rename(df)
        assert list(df.columns) == ["name", "age"]
        assert df["age"].iloc[0] == 3
        """,
        ["def rename(df):\n    df.rename(columns=str.lower, inplace=True)"],
        ["def rename(df):\n    return df.rename(columns=str.lower)"],
        needs=PANDAS,
    ),
    idiom(
        "dtypes",
        "`df.dtypes`, categories, dates (`pd.api.types`)",
        "import pandas as pd\ndf = pd.DataFrame({'when': pd.to_datetime(['2024-01-02', '2024-02-03']), 'kind': pd.Categorical(['a', 'b']), 'n': [1, 2]})",
        """
        import pandas as pd
        assert df["n"].dtype == "int64" and df.dtypes["n"].kind == "i"
        assert pd.api.types.is_datetime64_any_dtype(df["when"])
        assert df["kind"].dtype == "category"
        assert list(df["kind"].cat.categories) == ["a", "b"]
        assert df["when"].dt.month.tolist() == [1, 2]
        assert df["when"][0] == pd.Timestamp("2024-01-02")
        """,
        [
            "import pandas as pd\ndf = pd.DataFrame({'n': [1, 2], 'kind': ['a', 'b']})\ndf['kind'] = df['kind'].astype('category')\ndf['when'] = [pd.Timestamp(2024, 1, 2), pd.Timestamp(2024, 2, 3)]"
        ],
        [
            "import pandas as pd\ndf = pd.DataFrame({'when': ['2024-01-02', '2024-02-03'], 'kind': ['a', 'b'], 'n': [1, 2]})"
        ],
        needs=PANDAS,
    ),
    idiom(
        "series-arithmetic",
        "a returned `Series` used on: masks, arithmetic, `.all()`, `.index`",
        "def zscore(s):\n    return (s - s.mean()) / s.std()",
        """
        import pandas as pd
        s = pd.Series([1.0, 2, 3], index=list("abc"))
        z = zscore(s)
        assert isinstance(z, pd.Series)
        assert (z.index == s.index).all()
        assert ((z * s.std() + s.mean()) - s).abs().max() < 1e-12
        assert z["b"] == 0 and (z > 0).sum() == 1 and z.idxmax() == "c"
        """,
        ["def zscore(s):\n    return s.sub(s.mean()).div(s.std())"],
        ["def zscore(s):\n    return (s - s.mean()) / s.var() / 2"],
        needs=PANDAS,
    ),
    idiom(
        "groupby-multiindex",
        "a `groupby` over two keys, a multi-index, `unstack`",
        LOAD + "\ntable = sales.groupby(['day', 'shop'])['amount'].sum()",
        """
        assert table[("Mon", "B")] == 20
        assert table.loc["Tue", "A"] == 30
        assert table.index.names == ["day", "shop"]
        assert table.unstack().shape == (3, 2)
        """,
        [LOAD + "\ntable = sales.set_index(['day', 'shop'])['amount'].fillna(0)"],
        [LOAD + "\ntable = sales.groupby('day')['amount'].sum()"],
        files=DATA,
        needs=PANDAS,
    ),
    idiom(
        "merge",
        "a merge: column names, number of rows, missing values",
        "def join(a, b):\n    return a.merge(b, on='id', how='left')",
        """
        import pandas as pd
        a = pd.DataFrame({"id": [1, 2, 3], "x": [10, 20, 30]})
        b = pd.DataFrame({"id": [1, 3], "y": ["p", "q"]})
        got = join(a, b)
        assert len(got) == 3 and list(got.columns) == ["id", "x", "y"]
        assert got["y"].isna().tolist() == [False, True, False]
        assert pd.isna(got.loc[1, "y"])
        """,
        [
            "import pandas as pd\ndef join(a, b):\n    return pd.merge(a, b, 'left')",
            "def join(a, b):\n    return a.join(b.set_index('id'), on='id')",
        ],
        ["def join(a, b):\n    return a.merge(b, on='id')"],
        needs=PANDAS,
    ),
    idiom(
        "to-dict-and-numpy",
        "`df.to_dict()`, `.to_numpy()`, `.to_csv(index=False)`, `.iterrows()`",
        "import pandas as pd\nmarks = pd.DataFrame({'name': ['a', 'b'], 'mark': [1, 2]})",
        """
        assert marks.to_dict("records") == [{"name": "a", "mark": 1}, {"name": "b", "mark": 2}]
        assert marks["mark"].to_numpy().sum() == 3
        assert marks.to_csv(index=False).splitlines()[0] == "name,mark"
        assert [row["name"] for _, row in marks.iterrows()] == ["a", "b"]
        assert dict(zip(marks["name"], marks["mark"])) == {"a": 1, "b": 2}
        """,
        ["import pandas as pd\nmarks = pd.DataFrame([('a', 1), ('b', 2)], columns=['name', 'mark'])"],
        ["import pandas as pd\nmarks = pd.DataFrame({'mark': [1, 2], 'name': ['b', 'a']})"],
        needs=PANDAS,
    ),
    idiom(
        "reference-implementation",
        "the test's own frame code run beside the student's on random frames",
        "def top(df, n):\n    return df.nlargest(n, 'v')['k'].tolist()",
        """
        import numpy as np, pandas as pd
        rng = np.random.default_rng(3)
        for n in (1, 3, 5):
            df = pd.DataFrame({"k": list("abcdefgh"), "v": rng.permutation(8)})
            expected = df.sort_values("v", ascending=False)["k"].head(n).tolist()
            assert top(df, n) == expected
        """,
        ["def top(df, n):\n    return list(df.sort_values(by='v').k)[::-1][:n]"],
        ["def top(df, n):\n    return df.sort_values('v')['k'].head(n).tolist()"],
        needs=PANDAS,
    ),
    idiom(
        "apply-student-function",
        "the student's function used in `df.apply`, `Series.map`",
        "def grade(mark):\n    return 'pass' if mark >= 50 else 'fail'",
        """
        import pandas as pd
        s = pd.Series([49, 50, 80])
        assert s.apply(grade).tolist() == ["fail", "pass", "pass"]
        assert s.map(grade).value_counts()["pass"] == 2
        df = pd.DataFrame({"m": s})
        assert df.apply(lambda row: grade(row["m"]), axis=1).iloc[0] == "fail"
        """,
        ["grade = lambda mark: ('fail', 'pass')[int(mark > 49)]"],
        ["def grade(mark):\n    return 'pass' if mark > 50 else 'fail'"],
        needs=PANDAS,
    ),
]
