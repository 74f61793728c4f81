"""A pandas lab: load, clean, group, merge, summarise."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.public_labs.lab import Lab, Part

LAB = Lab(
    name="pandas analysis",
    needs=("pandas",),
    files=(("trips.csv", "city,km,cost\nOslo,12,30\nRome,5,\nOslo,3,9\nBonn,8,16\n"),),
    parts=(
        Part(
            "load", 1, "import pandas as pd\ntrips = pd.read_csv('trips.csv')",
            "import pandas as pd\nassert isinstance(trips, pd.DataFrame)\nassert trips.shape == (4, 3)",
        ),
        Part(
            "clean", 2, "def clean(df):\n    return df.dropna().reset_index(drop=True)",
            "got = clean(trips)\nexpected = pd.DataFrame({'city': ['Oslo', 'Oslo', 'Bonn'], 'km': [12, 3, 8], 'cost': [30.0, 9.0, 16.0]})\npd.testing.assert_frame_equal(got, expected)\n### BEGIN HIDDEN TESTS\nassert len(trips) == 4, 'the argument was changed'\n### END HIDDEN TESTS",
        ),
        Part(
            "per_km", 2, "def per_km(df):\n    return df['cost'] / df['km']",
            "got = per_km(pd.DataFrame({'km': [2, 4], 'cost': [6.0, 8.0]}))\nassert isinstance(got, pd.Series) and got.tolist() == [3.0, 2.0]",
        ),
        Part(
            "totals", 2, "def totals(df):\n    return df.groupby('city')['km'].sum()",
            "got = totals(trips)\nassert got['Oslo'] == 15 and got.loc['Bonn'] == 8\nassert list(got.index) == ['Bonn', 'Oslo', 'Rome']",
        ),
        Part(
            "summary", 3, "longest = trips['km'].max()\ncities = trips['city'].nunique()\nmissing = int(trips['cost'].isna().sum())",
            "int(longest == 12) + int(cities == 3) + int(missing == 1)",
        ),
        Part("discuss", 2, "Trips to Oslo cost more because they are longer.", ""),
    ),
    right=(
        {
            "load": "from pandas import read_csv\nimport pandas\ntrips = pandas.DataFrame(read_csv('trips.csv'))",
            "clean": "def clean(df):\n    df = df[df.cost.notna()].copy()\n    df.index = range(len(df))\n    return df",
            "per_km": "def per_km(df):\n    return df.cost.div(df.km)",
            "totals": "def totals(df):\n    return df.pivot_table(index='city', values='km', aggfunc='sum')['km']",
            "summary": "longest = max(trips.km)\ncities = len(set(trips.city))\nmissing = len(trips) - len(trips.dropna())",
        },
    ),
    wrong=(
        {
            "clean": "def clean(df):\n    df.dropna(inplace=True)\n    return df",
            "totals": "def totals(df):\n    return df.groupby('city')['km'].mean()",
            "summary": "longest = 12\ncities = 4\nmissing = 1",
        },
        {
            "per_km": "def per_km(df):\n    return (df['cost'] / df['km']).mean()",
            "clean": "def clean(df):\n    return df.fillna(0)",
        },
    ),
)  # fmt: skip
