"""Time and dates, time taken."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "time, dates and speed"

IDIOMS = [
    idiom(
        "date-values",
        "`date`, `datetime` and `timedelta` compared",
        "from datetime import date, timedelta\ndef next_monday(day):\n    return day + timedelta(days=(7 - day.weekday()) % 7 or 7)",
        """
        from datetime import date, timedelta
        assert next_monday(date(2024, 5, 1)) == date(2024, 5, 6)
        assert next_monday(date(2024, 5, 6)) - date(2024, 5, 6) == timedelta(days=7)
        got = next_monday(date(2023, 12, 31))
        assert isinstance(got, date) and (got.year, got.month) == (2024, 1)
        """,
        [
            "import datetime as dt\ndef next_monday(d):\n    d += dt.timedelta(1)\n    while d.strftime('%a') != 'Mon':\n        d += dt.timedelta(1)\n    return d"
        ],
        ["def next_monday(day):\n    return day"],
    ),
    idiom(
        "datetime-parsing",
        "`datetime.strptime`, `strftime`, ISO texts",
        "from datetime import datetime\ndef parse(text):\n    return datetime.strptime(text, '%d.%m.%Y %H:%M')",
        """
        from datetime import datetime
        got = parse("03.02.2024 09:30")
        assert got == datetime(2024, 2, 3, 9, 30)
        assert got.isoformat() == "2024-02-03T09:30:00"
        assert got.strftime("%A") == "Saturday" and got.date().day == 3
        """,
        [
            "import datetime\ndef parse(text):\n    d, t = text.split()\n    d, m, y = map(int, d.split('.'))\n    return datetime.datetime(y, m, d, *map(int, t.split(':')))"
        ],
        [
            "from datetime import datetime\ndef parse(text):\n    return datetime.strptime(text, '%m.%d.%Y %H:%M')"
        ],
        instead="""
        import datetime as dates
        got = parse("03.02.2024 09:30")
        assert got == dates.datetime(2024, 2, 3, 9, 30)
        assert got.isoformat() == "2024-02-03T09:30:00"
        assert got.strftime("%A") == "Saturday" and got.date().day == 3
        """,
    ),
    idiom(
        "aware-datetime",
        "time zones (`timezone.utc`, `zoneinfo`)",
        "from datetime import timezone, timedelta\ndef to_utc(moment):\n    return moment.astimezone(timezone.utc)",
        """
        from datetime import datetime, timezone, timedelta
        moment = datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=2)))
        got = to_utc(moment)
        assert got == moment and got.hour == 23 and got.tzinfo is timezone.utc
        """,
        ["import datetime as d\nto_utc = lambda m: (m - m.utcoffset()).replace(tzinfo=d.timezone.utc)"],
        ["to_utc = lambda m: m"],
    ),
    idiom(
        "time-limit",
        "the time of a call measured (`time.perf_counter`)",
        "def count_pairs(n):\n    return n * (n - 1) // 2",
        """
        import time
        start = time.perf_counter()
        got = count_pairs(10 ** 6)
        taken = time.perf_counter() - start
        assert got == 499999500000
        assert taken < 1, f"too slow: {taken:.1f} s"
        """,
        ["import math\ndef count_pairs(n):\n    return math.comb(n, 2)"],
        ["import time\ndef count_pairs(n):\n    time.sleep(1.2)\n    return n * (n - 1) // 2"],
    ),
    idiom(
        "timeit-compared",
        "`timeit.timeit` of two of the student's functions",
        "def slow(n):\n    return sum(k for k in range(n))\ndef fast(n):\n    return n * (n - 1) // 2",
        """
        import timeit
        assert slow(2000) == fast(2000)
        assert timeit.timeit(lambda: fast(50000), number=5) < timeit.timeit(lambda: slow(50000), number=5)
        """,
        [
            "def slow(n):\n    t = 0\n    for k in range(n):\n        t += k\n    return t\nfast = lambda n: (n * n - n) // 2"
        ],
        ["def fast(n):\n    return sum(k for k in range(n))\ndef slow(n):\n    return n * (n - 1) // 2"],
    ),
    idiom(
        "comparison-count",
        "operations counted by objects of the test's own class",
        "def binary_search(items, x):\n    lo, hi = 0, len(items)\n    while lo < hi:\n        mid = (lo + hi) // 2\n        if items[mid] < x:\n            lo = mid + 1\n        else:\n            hi = mid\n    return lo",
        """
        class Counting(list):
            reads = 0
            def __getitem__(self, k):
                Counting.reads += 1
                return super().__getitem__(k)
        items = Counting(range(0, 2000, 2))
        assert binary_search(items, 500) == 250
        assert 0 < Counting.reads <= 24, f"{Counting.reads} reads"
        """,
        [
            "def binary_search(items, x, lo=0, hi=None):\n    hi = len(items) if hi is None else hi\n    if lo >= hi:\n        return lo\n    m = (lo + hi) // 2\n    return binary_search(items, x, m + 1, hi) if items[m] < x else binary_search(items, x, lo, m)"
        ],
        [
            "def binary_search(items, x):\n    for k in range(len(items)):\n        if items[k] == x:\n            return k"
        ],
    ),
    idiom(
        "large-input",
        "a large argument that a slow answer would not finish",
        "def has_pair(numbers, total):\n    seen = set()\n    for x in numbers:\n        if total - x in seen:\n            return True\n        seen.add(x)\n    return False",
        """
        big = list(range(0, 200000, 2))
        assert has_pair(big, 399994) is True
        assert has_pair(big, 7) is False
        """,
        [
            "def has_pair(numbers, total):\n    s = set(numbers)\n    return any(total - x in s and total != 2 * x for x in numbers)"
        ],
        ["def has_pair(numbers, total):\n    return numbers[0] + numbers[-1] == total"],
    ),
    idiom(
        "patched-clock",
        "`mock.patch('time.sleep')` so that nothing waits",
        "import time\ndef wait(n):\n    for _ in range(n):\n        time.sleep(1)\n    return n",
        """
        from unittest.mock import patch
        with patch("time.sleep") as fake:
            assert wait(3) == 3
        assert fake.call_count == 3
        fake.assert_called_with(1)
        """,
        ["import time\ndef wait(n):\n    [time.sleep(1) for _ in range(n)]\n    return n"],
        ["def wait(n):\n    return n"],
    ),
    idiom(
        "fixed-now",
        "the date of today patched by the test's own class",
        "import datetime\ndef age(born):\n    return datetime.date.today().year - born",
        """
        import datetime
        from unittest.mock import patch
        class Fixed(datetime.date):
            @classmethod
            def today(cls):
                return cls(2030, 1, 1)
        with patch("datetime.date", Fixed):
            assert age(2000) == 30
        """,
        [
            "import datetime\ndef age(born):\n    now = datetime.date.today()\n    return int(now.strftime('%Y')) - born"
        ],
        ["def age(born):\n    return 2024 - born"],
        instead="""
        import datetime
        year = datetime.date.today().year
        assert age(2000) == year - 2000
        assert age(year) == 0
        """,
    ),
]
