"""Structures of the student's own objects, and classes of a locked cell."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "structures of objects"

IDIOMS = [
    idiom(
        "linked-nodes",
        "a linked structure walked by the test (`node.next.value`)",
        """
        class Node:
            def __init__(self, value, next=None):
                self.value, self.next = value, next
        def chain(values):
            head = None
            for value in reversed(values):
                head = Node(value, head)
            return head
        """,
        """
        node, seen = chain([1, 2, 3]), []
        while node is not None:
            assert isinstance(node, Node)
            seen.append(node.value)
            node = node.next
        assert seen == [1, 2, 3]
        assert chain([]) is None
        assert chain([7]).next is None
        """,
        [
            "class Node:\n    def __init__(self, value, next=None):\n        self.next = next\n        self.value = value\ndef chain(v):\n    return Node(v[0], chain(v[1:])) if v else None"
        ],
        [
            "class Node:\n    def __init__(self, value, next=None):\n        self.value, self.next = value, next\ndef chain(values):\n    return Node(values[0]) if values else None"
        ],
    ),
    idiom(
        "tree-from-test",
        "a tree of the student's nodes built by the test",
        """
        class Tree:
            def __init__(self, value, left=None, right=None):
                self.value, self.left, self.right = value, left, right
        def depth(tree):
            return 0 if tree is None else 1 + max(depth(tree.left), depth(tree.right))
        """,
        """
        t = Tree(1, Tree(2, Tree(3)), Tree(4))
        assert depth(t) == 3 and depth(None) == 0
        t.left.left.left = Tree(9)
        assert depth(t) == 4
        t.left = None
        assert depth(t) == 2
        """,
        [
            "class Tree:\n    def __init__(self, value, left=None, right=None):\n        self.value = value\n        self.left = left\n        self.right = right\ndef depth(t):\n    return max(map(depth, (t.left, t.right))) + 1 if t else 0"
        ],
        [
            "class Tree:\n    def __init__(self, value, left=None, right=None):\n        self.value, self.left, self.right = value, left, right\ndef depth(tree):\n    return 0 if tree is None else 1 + depth(tree.left)"
        ],
    ),
    idiom(
        "objects-in-list",
        "a list of the student's objects filtered and sorted by the test",
        """
        class Student:
            def __init__(self, name, mark):
                self.name, self.mark = name, mark
        def load():
            return [Student("Ada", 91), Student("Bob", 55), Student("Cy", 78)]
        """,
        """
        people = load()
        assert all(isinstance(p, Student) for p in people)
        assert sum(p.mark for p in people) == 224
        assert [p.name for p in sorted(people, key=lambda p: p.mark)] == ["Bob", "Cy", "Ada"]
        best = max(people, key=lambda p: p.mark)
        assert best is people[0] and best in people
        assert {p.name: p.mark for p in people}["Cy"] == 78
        """,
        [
            "from dataclasses import dataclass\n@dataclass\nclass Student:\n    name: str\n    mark: float\ndef load():\n    return list(map(Student, ('Ada', 'Bob', 'Cy'), (91, 55, 78)))"
        ],
        [
            "class Student:\n    def __init__(self, name, mark):\n        self.name, self.mark = name, mark\ndef load():\n    return [Student('Ada', 9)] * 3"
        ],
    ),
    idiom(
        "given-class-used",
        "the student's function gets objects of a class in a locked cell",
        "def total(items):\n    return sum(item.price * item.count for item in items)",
        """
        assert total([Item(2.5, 4), Item(1, 3)]) == 13
        assert total([]) == 0
        box = Item(10, 1)
        assert total((box, box)) == 20
        """,
        [
            "def total(items):\n    money = 0\n    for i in items:\n        money += i.cost()\n    return money"
        ],
        ["def total(items):\n    return sum(item.price for item in items)"],
        before="""
        class Item:
            def __init__(self, price, count):
                self.price, self.count = price, count
            def cost(self):
                return self.price * self.count
        """,
    ),
    idiom(
        "given-class-extended",
        "the student derives a class from one in a locked cell",
        "class Square(Shape):\n    def __init__(self, a):\n        super().__init__('square')\n        self.a = a\n    def area(self):\n        return self.a ** 2",
        """
        s = Square(3)
        assert isinstance(s, Shape) and issubclass(Square, Shape)
        assert s.name == "square" and s.area() == 9
        assert s.describe() == "square of area 9"
        """,
        [
            "class Square(Shape):\n    name = 'square'\n    def __init__(self, side):\n        self.side = side\n    area = lambda self: self.side * self.side"
        ],
        [
            "class Square:\n    name = 'square'\n    def __init__(self, a):\n        self.a = a\n    def area(self):\n        return 9\n    def describe(self):\n        return 'square of area 9'"
        ],
        before="""
        class Shape:
            def __init__(self, name):
                self.name = name
            def area(self):
                raise NotImplementedError
            def describe(self):
                return f"{self.name} of area {self.area()}"
        """,
    ),
]
