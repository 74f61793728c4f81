"""Regular expressions, JSON, CSV, sqlite."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "regex, JSON, CSV, sqlite"

TABLE = """
    import sqlite3
    connection = sqlite3.connect(":memory:")
    connection.executescript('''
        create table people (id integer primary key, name text, age integer);
        insert into people (name, age) values ('Ada', 36), ('Bob', 20), ('Cy', 51);
    ''')
"""
TABLE_FILE = (("people.csv", "name,age\nAda,36\nBob,20\n"),)

IDIOMS = [
    idiom(
        "regex-pattern-string",
        "a pattern as a string, tried by the test with `re.fullmatch`",
        "pattern = r'[A-Z]{2}\\d{3}'",
        """
        import re
        for good in ["AB123", "ZZ000"]:
            assert re.fullmatch(pattern, good), good
        for bad in ["A1234", "AB12", "ab123", "AB1234"]:
            assert not re.fullmatch(pattern, bad), bad
        """,
        ["pattern = '[A-Z][A-Z][0-9][0-9][0-9]'", "import re\npattern = re.compile(r'^[A-Z]{2}[0-9]{3}$')"],
        ["pattern = r'\\w{2}\\d{3}'"],
    ),
    idiom(
        "regex-compiled",
        "a compiled pattern: `.match`, `.findall`, `.sub`, groups",
        "import re\nmail = re.compile(r'(?P<user>[\\w.]+)@(?P<host>[\\w.]+)')",
        """
        import re
        assert isinstance(mail, re.Pattern)
        m = mail.search("write to ada.l@uni.org now")
        assert m.group("user") == "ada.l" and m["host"] == "uni.org" and m.span()[0] == 9
        assert mail.findall("a@b c@d") == [("a", "b"), ("c", "d")]
        assert mail.sub("-", "x a@b") == "x -" and mail.match("no") is None
        """,
        ["import re\nmail = re.compile('(?P<user>[a-z.]+)@(?P<host>[a-z.]+)', re.I)"],
        ["import re\nmail = re.compile(r'(?P<user>\\w+)@(?P<host>\\w+)')", "mail = r'(.+)@(.+)'"],
    ),
    idiom(
        "regex-match-returned",
        "a function that returns a match or `None`",
        "import re\ndef find_year(text):\n    return re.search(r'\\b(19|20)\\d\\d\\b', text)",
        """
        found = find_year("born 1987 in")
        assert found is not None and found.group() == "1987"
        assert found.start() == 5
        assert find_year("none here") is None
        assert not find_year("")
        """,
        [
            "import re\ndef find_year(text):\n    for m in re.finditer('[12][90]\\\\d{2}', text):\n        return m"
        ],
        ["import re\ndef find_year(text):\n    return re.match(r'\\d{4}', text)"],
    ),
    idiom(
        "json-dumped",
        "JSON text parsed by the test",
        "import json\ndef dump(people):\n    return json.dumps([{'name': n, 'age': a} for n, a in people])",
        """
        import json
        got = json.loads(dump([("Ada", 36), ("Bob", None)]))
        assert got == [{"name": "Ada", "age": 36}, {"name": "Bob", "age": None}]
        """,
        [
            "import json\ndef dump(people):\n    return json.dumps([dict(age=a, name=n) for n, a in people], indent=2)"
        ],
        ["def dump(people):\n    return str([{'name': n, 'age': a} for n, a in people])"],
    ),
    idiom(
        "json-file",
        "a JSON file written by the test, read by the answer, and back",
        "import json\ndef birthday(path):\n    with open(path) as f:\n        data = json.load(f)\n    data['age'] += 1\n    with open(path, 'w') as f:\n        json.dump(data, f)",
        """
        import json
        with open("person.json", "w") as file:
            json.dump({"name": "Ada", "age": 36}, file)
        birthday("person.json")
        with open("person.json") as file:
            assert json.load(file) == {"name": "Ada", "age": 37}
        """,
        [
            "import json, pathlib\ndef birthday(path):\n    p = pathlib.Path(path)\n    d = json.loads(p.read_text())\n    p.write_text(json.dumps({**d, 'age': d['age'] + 1}))"
        ],
        [
            "import json\ndef birthday(path):\n    data = json.load(open(path))\n    data['age'] += 1\n    return data"
        ],
    ),
    idiom(
        "csv-reader",
        "rows of a CSV file that comes with the assignment",
        "import csv\ndef rows(path):\n    with open(path, newline='') as file:\n        return list(csv.DictReader(file))",
        """
        got = rows("people.csv")
        assert len(got) == 2
        assert got[0]["name"] == "Ada" and int(got[1]["age"]) == 20
        assert [dict(r) for r in got] == [{"name": "Ada", "age": "36"}, {"name": "Bob", "age": "20"}]
        """,
        [
            "def rows(path):\n    head, *lines = open(path).read().split()\n    return [dict(zip(head.split(','), line.split(','))) for line in lines]"
        ],
        ["import csv\ndef rows(path):\n    return list(csv.reader(open(path)))"],
        files=TABLE_FILE,
    ),
    idiom(
        "csv-writer",
        "a CSV file written by the answer, read by `csv.reader`",
        "import csv\ndef write(rows, path):\n    with open(path, 'w', newline='') as f:\n        csv.writer(f).writerows(rows)",
        """
        import csv
        write([["a", "b,c"], [1, 2]], "t.csv")
        with open("t.csv", newline="") as f:
            assert list(csv.reader(f)) == [["a", "b,c"], ["1", "2"]]
        """,
        [
            "import csv\ndef write(rows, path):\n    with open(path, 'w', newline='') as f:\n        w = csv.writer(f, quoting=csv.QUOTE_ALL, lineterminator='\\n')\n        for r in rows:\n            w.writerow(r)"
        ],
        [
            "def write(rows, path):\n    with open(path, 'w') as f:\n        for r in rows:\n            f.write(','.join(map(str, r)) + '\\n')"
        ],
    ),
    idiom(
        "sql-query-string",
        "a query as a string, run by the test on a connection of a locked cell",
        "query = 'select name from people where age > 30 order by age'",
        """
        rows = connection.execute(query).fetchall()
        assert rows == [("Ada",), ("Cy",)], rows
        assert "select" in query.lower()
        """,
        ["query = '''SELECT name FROM people\nWHERE NOT age <= 30 ORDER BY age ASC;'''"],
        ["query = 'select name from people order by age'"],
        before=TABLE,
        instead="""
        import sqlite3
        own = sqlite3.connect(":memory:")
        own.executescript("create table people (id integer primary key, name text, age integer);"
                          "insert into people (name, age) values ('Ada', 36), ('Bob', 20), ('Cy', 51);")
        assert own.execute(query).fetchall() == [("Ada",), ("Cy",)]
        """,
    ),
    idiom(
        "sqlite-connection-given",
        "a connection of the test passed to the student's function",
        "def add(connection, name, age):\n    connection.execute('insert into people (name, age) values (?, ?)', (name, age))\n    connection.commit()",
        """
        import sqlite3
        c = sqlite3.connect(":memory:")
        c.execute("create table people (name text, age integer)")
        add(c, "O'Neil", 40)
        assert c.execute("select * from people").fetchall() == [("O'Neil", 40)]
        """,
        [
            "def add(connection, name, age):\n    with connection:\n        cursor = connection.cursor()\n        cursor.execute('insert into people values (:n, :a)', {'n': name, 'a': age})"
        ],
        [
            "def add(connection, name, age):\n    connection.execute(f\"insert into people values ('{name}', {age})\")"
        ],
        instead="""
        class Connection:
            def __init__(self):
                self.statements = []
            def execute(self, sql, values=()):
                self.statements.append((sql, values))
            def cursor(self):
                return self
            def commit(self):
                pass
            def __enter__(self):
                return self
            def __exit__(self, kind, error, trace):
                return False
        connection = Connection()
        add(connection, "O'Neil", 40)
        [(sql, values)] = connection.statements
        assert "insert into people" in sql.lower() and "O'Neil" not in sql, "leave the values to sqlite"
        assert sorted(map(str, values.values() if isinstance(values, dict) else values)) == ["40", "O'Neil"]
        """,
    ),
    idiom(
        "sqlite-file",
        "a database file that the answer made, queried by the test",
        "import sqlite3\ndef create(path):\n    with sqlite3.connect(path) as c:\n        c.execute('create table t (a integer, b text)')\n        c.executemany('insert into t values (?, ?)', [(1, 'x'), (2, 'y')])\n    c.close()",
        """
        import os, sqlite3
        if os.path.exists("made.db"):
            os.remove("made.db")
        create("made.db")
        c = sqlite3.connect("made.db")
        assert c.execute("select count(*) from t").fetchone()[0] == 2
        assert [r[1] for r in c.execute("select * from t order by a desc")] == ["y", "x"]
        c.close()
        """,
        [
            "import sqlite3\ndef create(path):\n    c = sqlite3.connect(path)\n    c.executescript(\"create table t (a, b); insert into t values (1, 'x'); insert into t values (2, 'y');\")\n    c.commit()\n    c.close()"
        ],
        [
            "import sqlite3\ndef create(path):\n    c = sqlite3.connect(path)\n    c.execute('create table t (a integer, b text)')\n    c.close()"
        ],
        instead="""
        import sqlite3
        create("made")
        c = sqlite3.connect("made")
        assert c.execute("select count(*) from t").fetchone()[0] == 2
        assert [r[1] for r in c.execute("select * from t order by a desc")] == ["y", "x"]
        c.close()
        """,
    ),
    idiom(
        "read-sql",
        "`pd.read_sql(query, connection)` compared as a frame",
        "query = 'select name, age from people where age < 40'",
        """
        import pandas as pd
        got = pd.read_sql(query, connection)
        assert list(got.columns) == ["name", "age"] and len(got) == 2
        assert got["age"].max() == 36
        """,
        ["query = 'select name, min(age) as age from people where age < 40 group by name'"],
        ["query = 'select * from people'"],
        before=TABLE,
        needs=("pandas",),
    ),
]
