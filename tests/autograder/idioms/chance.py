"""Statistics and random numbers."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "statistics and random"

IDIOMS = [
    idiom(
        "statistics-module",
        "compared with Python's `statistics`",
        "def median(x):\n    x, n = sorted(x), len(x)\n    return (x[(n - 1) // 2] + x[n // 2]) / 2\ndef variance(x):\n    m = sum(x) / len(x)\n    return sum((v - m) ** 2 for v in x) / (len(x) - 1)",
        """
        import statistics
        for x in ([3, 1, 2], [4, 1, 3, 2], [5.5]):
            assert median(x) == statistics.median(x)
        assert abs(variance([1, 2, 4]) - statistics.variance([1, 2, 4])) < 1e-12
        """,
        [
            "import numpy as np\nmedian = lambda x: float(np.median(x))\ndef variance(x):\n    return np.var(x, ddof=1)"
        ],
        ["def median(x):\n    return sorted(x)[len(x) // 2]\nimport numpy as np\nvariance = np.var"],
    ),
    idiom(
        "random-seeded",
        "`random.seed(1)` before the call, then exact values",
        "import random\ndef roll(n):\n    return [random.randint(1, 6) for _ in range(n)]",
        """
        import random
        random.seed(1)
        expected = [random.randint(1, 6) for _ in range(8)]
        random.seed(1)
        assert roll(8) == expected
        """,
        [
            "from random import randint\ndef roll(n):\n    result = []\n    while len(result) < n:\n        result.append(randint(1, 6))\n    return result"
        ],
        ["import random\ndef roll(n):\n    return [random.randint(0, 6) for _ in range(n)]"],
    ),
    idiom(
        "same-seed-same-result",
        "the same seed gives the same result, another one another",
        "import random\ndef shuffled(items, seed):\n    r = random.Random(seed)\n    items = list(items)\n    r.shuffle(items)\n    return items",
        """
        a = shuffled(range(20), 1)
        assert a == shuffled(range(20), 1)
        assert a != shuffled(range(20), 2)
        assert sorted(a) == list(range(20))
        """,
        [
            "import numpy as np\ndef shuffled(items, seed):\n    return np.random.default_rng(seed).permutation(list(items)).tolist()"
        ],
        [
            "import random\ndef shuffled(items, seed):\n    items = list(items)\n    random.shuffle(items)\n    return items"
        ],
    ),
    idiom(
        "many-samples",
        "the mean of many draws lies near its expectation",
        "import random\ndef coin(p):\n    return random.random() < p",
        """
        n = 3000
        heads = sum(coin(0.3) for _ in range(n))
        assert 0.25 < heads / n < 0.35, heads / n
        assert {bool(coin(0.5)) for _ in range(60)} == {True, False}
        """,
        ["import numpy as np\ndef coin(p):\n    return np.random.binomial(1, p)"],
        ["import random\ndef coin(p):\n    return random.random() > p"],
    ),
    idiom(
        "all-in-range",
        "every draw lies in its range and every value occurs",
        "import random\ndef die():\n    return random.randint(1, 6)",
        """
        seen = [die() for _ in range(300)]
        assert all(1 <= k <= 6 for k in seen)
        assert set(seen) == {1, 2, 3, 4, 5, 6}
        """,
        ["import random\ndef die():\n    return random.choice([1, 2, 3, 4, 5, 6])"],
        ["import random\ndef die():\n    return random.randrange(1, 6)"],
    ),
    idiom(
        "patched-random",
        "`mock.patch('random.randint', side_effect=[…])`",
        "import random\ndef play():\n    return 'win' if random.randint(1, 6) + random.randint(1, 6) == 7 else 'lose'",
        """
        from unittest.mock import patch
        with patch("random.randint", side_effect=[3, 4]):
            assert play() == "win"
        with patch("random.randint", return_value=1) as fake:
            assert play() == "lose"
        assert fake.call_count == 2
        """,
        [
            "import random\ndef play():\n    total = 0\n    for _ in range(2):\n        total += random.randint(1, 6)\n    return 'win' if total == 7 else 'lose'"
        ],
        ["def play():\n    return 'win'"],
        instead="""
        import random
        for seed in range(20):
            random.seed(seed)
            total = random.randint(1, 6) + random.randint(1, 6)
            random.seed(seed)
            assert play() == ("win" if total == 7 else "lose")
        """,
    ),
    idiom(
        "monte-carlo",
        "a Monte Carlo estimate with its error",
        "import random\ndef estimate_pi(n):\n    hits = sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(n))\n    return 4 * hits / n",
        """
        import math
        assert abs(estimate_pi(20000) - math.pi) < 0.1
        assert estimate_pi(1) in (0, 4)
        """,
        [
            "import numpy as np\ndef estimate_pi(n):\n    p = np.random.rand(n, 2)\n    return 4 * np.mean((p ** 2).sum(1) < 1)"
        ],
        ["def estimate_pi(n):\n    return 3.0"],
    ),
    idiom(
        "global-state-restored",
        "the generator's state kept and put back (`random.getstate`)",
        "import random\ndef pick(items):\n    return random.choice(items)",
        """
        import random
        state = random.getstate()
        first = [pick("abcdef") for _ in range(10)]
        random.setstate(state)
        assert [pick("abcdef") for _ in range(10)] == first
        """,
        ["from random import randrange\ndef pick(items):\n    return items[randrange(len(items))]"],
        ["import os\ndef pick(items):\n    return items[os.urandom(1)[0] % len(items)]"],
    ),
]
