"""Classes and their objects."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "classes and objects"

ACCOUNT = """
    class Account:
        def __init__(self, owner, balance=0):
            self.owner = owner
            self.balance = balance
        def deposit(self, amount):
            if amount <= 0:
                raise ValueError("amount")
            self.balance += amount
            return self.balance
"""
ACCOUNT_OTHER = """
    class Account(object):
        def __init__(self, owner, balance=0):
            self.owner, self._balance = owner, balance
        @property
        def balance(self):
            return self._balance
        def deposit(self, amount):
            if not amount > 0:
                raise ValueError(amount)
            self._balance = self._balance + amount
            return self._balance
"""
ACCOUNT_WRONG = """
    class Account:
        balance = 0
        def __init__(self, owner, balance=0):
            self.owner = owner
        def deposit(self, amount):
            self.balance += amount
"""
ANIMALS = """
    class Animal:
        def __init__(self, name):
            self.name = name
        def speak(self):
            raise NotImplementedError
    class Dog(Animal):
        def speak(self):
            return self.name + " says woof"
"""

IDIOMS = [
    idiom(
        "class-in-the-test",
        "a class of the test whose body calls the student's functions",
        "LIMIT = 3\ndef square(x):\n    return x * x",
        """
        import io, unittest
        class TestSquare(unittest.TestCase):
            function = staticmethod(square)
            cases = [(n, square(n)) for n in range(LIMIT)]
            last = cases[-1]
            def test_small(self):
                self.assertEqual(self.cases, [(0, 0), (1, 1), (2, 4)])
            def test_function(self):
                self.assertEqual(self.function(-5), 25)
                self.assertEqual(self.last, (2, 4))
        suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestSquare)
        assert unittest.TextTestRunner(io.StringIO()).run(suite).wasSuccessful()
        """,
        ["LIMIT = len('abc')\nsquare = lambda x: x ** 2"],
        ["LIMIT = 3\ndef square(x):\n    return x + x", "LIMIT = 4\ndef square(x):\n    return x * x"],
    ),
    idiom(
        "attributes-and-methods",
        "an object made, its attributes and methods used",
        ACCOUNT,
        """
        account = Account("Ada", 10)
        assert account.owner == "Ada"
        assert account.balance == 10
        assert account.deposit(5) == 15
        assert account.balance == 15
        assert Account("Bob").balance == 0
        """,
        [ACCOUNT_OTHER],
        [ACCOUNT_WRONG],
    ),
    idiom(
        "method-raises",
        "a method raises",
        ACCOUNT,
        """
        account = Account("Ada")
        try:
            account.deposit(-1)
            raise AssertionError("a negative deposit was taken")
        except ValueError:
            pass
        assert account.balance == 0
        """,
        [ACCOUNT_OTHER],
        [ACCOUNT_WRONG],
    ),
    idiom(
        "isinstance-own-class",
        "`isinstance`, `issubclass`, `type(x) is`, `__class__.__name__` of the student's classes",
        ANIMALS,
        """
        rex = Dog("Rex")
        assert isinstance(rex, Dog) and isinstance(rex, Animal)
        assert issubclass(Dog, Animal) and not issubclass(Animal, Dog)
        assert type(rex) is Dog and type(rex) == Dog
        assert rex.__class__.__name__ == "Dog"
        assert Dog.__bases__ == (Animal,)
        assert rex.speak() == "Rex says woof"
        """,
        [
            """
            import abc
            class Animal(abc.ABC):
                def __init__(self, name):
                    self.name = name
                @abc.abstractmethod
                def speak(self): ...
            class Dog(Animal):
                def speak(self):
                    return f"{self.name} says woof"
            """
        ],
        [
            "class Animal:\n    pass\nclass Dog:\n    def __init__(s, n):\n        s.name = n\n    def speak(s):\n        return s.name + ' says woof'"
        ],
    ),
    idiom(
        "abstract-method",
        "a base class's method raises `NotImplementedError`",
        ANIMALS,
        """
        try:
            Animal("x").speak()
        except NotImplementedError:
            pass
        else:
            assert False, "speak() of Animal must raise NotImplementedError"
        """,
        [
            "class Animal:\n    def __init__(self, name):\n        pass\n    def speak(self):\n        raise NotImplementedError('speak')"
        ],
        [
            "class Animal:\n    def __init__(self, name):\n        pass\n    def speak(self):\n        return ''"
        ],
    ),
    idiom(
        "test-subclasses",
        "the test derives a class from the student's",
        ANIMALS,
        """
        class Cow(Animal):
            def speak(self):
                return "moo from " + self.name
        class Puppy(Dog):
            def speak(self):
                return super().speak() + "!"
        assert Cow("Berta").speak() == "moo from Berta"
        assert Puppy("Bo").speak() == "Bo says woof!"
        assert isinstance(Cow("x"), Animal)
        """,
        [
            "class Animal:\n    def __init__(self, *names):\n        [self.name] = names\nclass Dog(Animal):\n    speak = lambda self: '%s says woof' % self.name"
        ],
        [
            "class Animal:\n    def __init__(self, name):\n        self.title = name\nclass Dog(Animal):\n    def speak(self):\n        return self.title + ' says woof'"
        ],
        instead="""
        assert issubclass(Dog, Animal)
        assert Animal("Berta").name == "Berta"
        assert Dog("Bo").speak() == "Bo says woof"
        """,
    ),
    idiom(
        "hasattr-callable",
        "`hasattr`, `getattr`, `callable`, `setattr`",
        ACCOUNT,
        """
        account = Account("Ada", 3)
        for name in ("owner", "balance", "deposit"):
            assert hasattr(account, name), f"no attribute {name}"
        assert callable(getattr(account, "deposit"))
        assert callable(Account.deposit) and hasattr(Account, "deposit")
        assert not hasattr(account, "withdraw")
        assert getattr(account, "rate", None) is None
        setattr(account, "owner", "Eve")
        assert account.owner == "Eve"
        """,
        [ACCOUNT_OTHER],
        [ACCOUNT_WRONG.replace("self.owner = owner", "self.name = owner")],
    ),
    idiom(
        "instance-dict",
        "`vars(obj)`, `obj.__dict__`",
        ACCOUNT,
        """
        account = Account("Ada", 3)
        assert vars(account) == {"owner": "Ada", "balance": 3}
        assert "balance" in account.__dict__ and len(account.__dict__) == 2
        """,
        [
            "class Account:\n    def __init__(self, owner, balance):\n        self.__dict__.update(balance=balance, owner=owner)"
        ],
        [ACCOUNT_WRONG],
    ),
    idiom(
        "class-attribute",
        "a class attribute that counts the instances",
        """
        class Robot:
            population = 0
            def __init__(self):
                Robot.population += 1
                self.number = Robot.population
        """,
        """
        start = Robot.population
        first, second = Robot(), Robot()
        assert Robot.population == start + 2
        assert second.number == first.number + 1
        assert "population" not in vars(first)
        """,
        [
            "class Robot:\n    population = 0\n    def __init__(self):\n        type(self).population += 1\n        self.number = self.population"
        ],
        [
            "class Robot:\n    population = 0\n    def __init__(self):\n        self.population += 1\n        self.number = self.population"
        ],
    ),
    idiom(
        "static-and-class-methods",
        "`@classmethod`, `@staticmethod`, an alternative constructor",
        """
        class Point:
            def __init__(self, x, y):
                self.x, self.y = x, y
            @classmethod
            def parse(cls, text):
                return cls(*map(float, text.split(",")))
            @staticmethod
            def origin():
                return Point(0, 0)
        """,
        """
        p = Point.parse("1.5,2")
        assert (p.x, p.y) == (1.5, 2.0)
        assert isinstance(p, Point) and isinstance(Point.origin(), Point)
        assert Point.origin().x == 0
        class Named(Point):
            pass
        assert type(Named.parse("0,0")) is Named
        """,
        [
            "class Point:\n    def __init__(s, x, y):\n        s.x = x; s.y = y\n    @classmethod\n    def parse(c, t):\n        x, y = t.split(',')\n        return c(float(x), float(y))\n    @classmethod\n    def origin(c):\n        return c(0, 0)"
        ],
        [
            "class Point:\n    def __init__(s, x, y):\n        s.x, s.y = x, y\n    @staticmethod\n    def parse(t):\n        return Point(*t.split(','))\n    @staticmethod\n    def origin():\n        return Point(0, 0)"
        ],
        instead="""
        p = Point.parse("1.5,2")
        assert type(p) is Point and (p.x, p.y) == (1.5, 2.0)
        assert isinstance(Point.origin(), Point) and Point.origin().x == 0
        assert Point.parse.__self__ is Point, "make parse a class method"
        """,
    ),
    idiom(
        "property-readonly",
        "a property that cannot be set, a setter that checks",
        """
        class Circle:
            def __init__(self, r):
                self.r = r
            @property
            def r(self):
                return self._r
            @r.setter
            def r(self, value):
                if value < 0:
                    raise ValueError("r")
                self._r = value
            @property
            def diameter(self):
                return 2 * self._r
        """,
        """
        c = Circle(2)
        c.r = 5
        assert c.diameter == 10
        try:
            c.diameter = 3
            assert False, "diameter was set"
        except AttributeError:
            pass
        try:
            c.r = -1
            assert False, "negative"
        except ValueError:
            pass
        assert isinstance(type(c).diameter, property)
        """,
        [
            "class Circle:\n    def __init__(s, r):\n        s.set(r)\n    def get(s):\n        return s.value\n    def set(s, r):\n        if not r >= 0:\n            raise ValueError\n        s.value = r\n    r = property(get, set)\n    diameter = property(lambda s: s.r + s.r)"
        ],
        ["class Circle:\n    def __init__(self, r):\n        self.r = r\n        self.diameter = 2 * r"],
    ),
]
