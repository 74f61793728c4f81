"""matplotlib: what the student drew."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.idioms.idiom import idiom

GROUP = "matplotlib"

LINE = """
    import matplotlib.pyplot as plt
    import numpy as np
    def plot():
        x = np.linspace(0, 1, 11)
        plt.plot(x, x ** 2, label="square")
        plt.title("Parabola")
        plt.xlabel("x")
        plt.ylabel("y")
        plt.legend()
"""
LINE_OTHER = """
    from matplotlib import pyplot as plt
    import numpy as np
    def plot():
        fig, ax = plt.subplots()
        x = np.arange(11) / 10
        ax.plot(x, [v * v for v in x], "r--")
        ax.set(title="Parabola", xlabel="x", ylabel="y")
        ax.legend(["square"])
"""
LINE_WRONG = "import matplotlib.pyplot as plt\ndef plot(): plt.plot([0, 1], [0, 1])"

FIGURE = """
    import matplotlib.pyplot as plt
    def draw(values):
        fig, ax = plt.subplots()
        ax.bar(range(len(values)), values)
        ax.set_title("Bars")
        ax.set_ylabel("value")
        return fig
"""
FIGURE_OTHER = """
    import matplotlib.pyplot as plt
    def draw(values):
        figure = plt.figure(figsize=(4, 3))
        axes = figure.add_subplot(111)
        for k, v in enumerate(values):
            axes.bar(k, v)
        axes.set(title="Bars", ylabel="the value")
        return figure
"""
FIGURE_WRONG = "import matplotlib.pyplot as plt\ndef draw(values):\n    fig, ax = plt.subplots()\n    ax.plot(values)\n    return fig"

AXES = "import matplotlib.pyplot as plt\ndef scatter(x, y):\n    fig, ax = plt.subplots()\n    ax.scatter(x, y, color='red')\n    ax.set_xlim(0, 10)\n    return ax"

IDIOMS = [
    idiom(
        "gca-title-labels",
        "`plt.gca()`: title, labels, legend of what the answer's function drew",
        LINE,
        """
        import matplotlib.pyplot as plt
        plot()
        ax = plt.gca()
        assert ax.get_title() == "Parabola"
        assert ax.get_xlabel() == "x" and ax.get_ylabel() != ""
        assert ax.get_legend() is not None, "no legend"
        assert ax.get_legend().get_texts()[0].get_text() == "square"
        """,
        [LINE_OTHER],
        [LINE_WRONG],
    ),
    idiom(
        "gca-line-data",
        "`plt.gca().lines[0].get_xdata()`, `get_ydata()`, `get_xydata()`",
        LINE,
        """
        import matplotlib.pyplot as plt
        plot()
        import numpy as np
        ax = plt.gca()
        assert len(ax.lines) == 1 and len(ax.get_lines()) == 1
        line = ax.lines[0]
        np.testing.assert_allclose(line.get_ydata(), line.get_xdata() ** 2, atol=1e-9)
        assert line.get_xydata().shape[0] >= 10
        """,
        [LINE_OTHER],
        [LINE_WRONG],
    ),
    idiom(
        "figure-exists",
        "`plt.get_fignums()`, `plt.gcf().axes`: something was drawn",
        LINE,
        """
        import matplotlib.pyplot as plt
        plot()
        assert plt.get_fignums(), "no figure"
        assert len(plt.gcf().get_axes()) == 1
        assert plt.gcf().axes[0].has_data()
        plt.close("all")
        """,
        [LINE_OTHER],
        ["x = 1", "import matplotlib.pyplot as plt\nfig = plt.figure()"],
    ),
    idiom(
        "named-axes",
        "a named `fig, ax` of the answer cell",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.hist([1, 2, 2, 3], bins=3)\nax.set_title('Histogram')",
        """
        import matplotlib, matplotlib.figure
        assert isinstance(fig, matplotlib.figure.Figure)
        assert isinstance(ax, matplotlib.axes.Axes)
        assert "hist" in ax.get_title().lower()
        assert len(ax.patches) == 3
        assert [p.get_height() for p in ax.patches] == [1, 2, 1]
        """,
        [
            "from matplotlib import pyplot\nfig = pyplot.figure()\nax = fig.gca()\nax.bar([1, 2, 3], [1, 2, 1])\nax.set_title('A histogram')"
        ],
        ["import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2, 2, 3])"],
    ),
    idiom(
        "returned-figure",
        "a function that returns its figure",
        FIGURE,
        """
        import matplotlib.pyplot as plt
        fig = draw([3, 1, 2])
        ax = fig.axes[0]
        assert [bar.get_height() for bar in ax.patches] == [3, 1, 2]
        assert ax.get_title() == "Bars" and ax.get_ylabel()
        plt.close(fig)
        """,
        [FIGURE_OTHER],
        [FIGURE_WRONG],
    ),
    idiom(
        "returned-axes",
        "a function that returns its axes: scatter offsets, limits, colours",
        AXES,
        """
        import numpy as np
        import matplotlib.colors as colors
        ax = scatter([1, 2, 3], [4, 5, 6])
        points = ax.collections[0].get_offsets()
        assert np.allclose(points, [[1, 4], [2, 5], [3, 6]])
        assert ax.get_xlim() == (0, 10)
        assert tuple(ax.collections[0].get_facecolor()[0]) == colors.to_rgba("red")
        """,
        [
            "import matplotlib.pyplot as plt\ndef scatter(x, y):\n    ax = plt.figure().gca()\n    ax.scatter(x, y, c='r')\n    ax.set(xlim=(0, 10))\n    return ax",
            "import matplotlib.pyplot as plt\ndef scatter(x, y):\n    plt.figure()\n    plt.scatter(x, y, c=['#ff0000'])\n    plt.xlim(0, 10)\n    return plt.gca()",
        ],
        [
            "import matplotlib.pyplot as plt\ndef scatter(x, y):\n    fig, ax = plt.subplots()\n    ax.scatter(y, x)\n    return ax"
        ],
    ),
    idiom(
        "axes-given",
        "axes made by the test and passed to the student's function",
        "def draw_on(ax, k):\n    ax.plot([0, 1], [0, k])\n    ax.set_title(f'slope {k}')",
        """
        import matplotlib.pyplot as plt
        fig, ax = plt.subplots()
        draw_on(ax, 3)
        assert ax.get_title() == "slope 3"
        assert list(ax.lines[0].get_ydata()) == [0, 3]
        plt.close(fig)
        """,
        ["def draw_on(ax, k):\n    ax.set(title='slope ' + str(k))\n    ax.plot((0, 1), (0, k), marker='o')"],
        [
            "import matplotlib.pyplot as plt\ndef draw_on(ax, k):\n    plt.figure()\n    plt.plot([0, 1], [0, k])\n    plt.title(f'slope {k}')"
        ],
    ),
    idiom(
        "plot-function-then-gca",
        "the test calls the student's function, then looks at `plt.gca()`",
        "import matplotlib.pyplot as plt\ndef show(values):\n    plt.plot(values, marker='o')\n    plt.grid(True)\n    plt.title('Values')",
        """
        import matplotlib.pyplot as plt
        plt.close("all")
        show([5, 6, 7])
        ax = plt.gca()
        assert list(ax.lines[0].get_ydata()) == [5, 6, 7]
        assert ax.get_title() == "Values"
        assert ax.lines[0].get_marker() == "o"
        plt.close("all")
        """,
        [
            "import matplotlib.pyplot as plt\ndef show(values):\n    fig, ax = plt.subplots()\n    ax.plot(range(len(values)), values, 'o')\n    ax.set_title('Values')"
        ],
        ["import matplotlib.pyplot as plt\ndef show(values):\n    plt.title('Values')"],
    ),
    idiom(
        "patched-show",
        "`mock.patch('matplotlib.pyplot.show')` to see that it was called",
        "import matplotlib.pyplot as plt\ndef display():\n    plt.plot([1, 2])\n    plt.show()",
        """
        from unittest.mock import patch
        with patch("matplotlib.pyplot.show") as fake:
            display()
        assert fake.called, "call plt.show()"
        """,
        [
            "import matplotlib.pyplot as plt\ndef display():\n    fig, ax = plt.subplots()\n    ax.plot([1, 2])\n    plt.show()"
        ],
        ["import matplotlib.pyplot as plt\ndef display():\n    plt.plot([1, 2])"],
    ),
    idiom(
        "subplots-grid",
        "several axes in one figure",
        "import matplotlib.pyplot as plt\nimport numpy as np\ndef panels():\n    fig, axes = plt.subplots(1, 2, figsize=(8, 3))\n    axes[0].plot([1, 2])\n    axes[1].imshow(np.eye(3))\n    return fig, axes",
        """
        fig, axes = panels()
        assert len(axes) == 2 and len(fig.axes) == 2
        assert len(axes[0].lines) == 1
        assert axes[1].images[0].get_array().shape == (3, 3)
        assert fig.get_size_inches()[0] == 8
        """,
        [
            "import matplotlib.pyplot as plt\ndef panels():\n    f = plt.figure(figsize=(8, 4))\n    a, b = f.add_subplot(1, 2, 1), f.add_subplot(1, 2, 2)\n    a.plot([3])\n    b.imshow([[0, 0, 1]] * 3)\n    return f, [a, b]"
        ],
        [
            "import matplotlib.pyplot as plt\ndef panels():\n    fig, ax = plt.subplots()\n    ax.plot([1, 2])\n    return fig, [ax]"
        ],
    ),
    idiom(
        "savefig-file",
        "the picture saved as a file, its size or pixels read",
        "import matplotlib.pyplot as plt\ndef save(path):\n    fig, ax = plt.subplots(figsize=(2, 1))\n    ax.plot([1, 2])\n    fig.savefig(path, dpi=50)",
        """
        import os
        import matplotlib.image as image
        save("figure.png")
        assert os.path.getsize("figure.png") > 100
        assert image.imread("figure.png").shape[:2] == (50, 100)
        """,
        [
            "import matplotlib.pyplot as plt\ndef save(path):\n    plt.figure(figsize=(1, 0.5))\n    plt.plot([1, 2])\n    plt.savefig(path, dpi=100)\n    plt.close()"
        ],
        ["import matplotlib.pyplot as plt\ndef save(path):\n    plt.plot([1, 2])"],
    ),
    idiom(
        "checker-class",
        "a checker class of a locked cell that reads the axes (as `plotchecker` does)",
        LINE,
        """
        import matplotlib.pyplot as plt
        plot()
        checker = LineChecker(plt.gca())
        checker.assert_num_lines(1)
        checker.assert_title_contains("parab")
        checker.assert_labels_set()
        """,
        [LINE_OTHER],
        [LINE_WRONG],
        before="""
        class LineChecker:
            def __init__(self, axis):
                self.axis = axis
                self.lines = axis.get_lines()
            def assert_num_lines(self, n):
                assert len(self.lines) == n, f"{len(self.lines)} lines, not {n}"
            def assert_title_contains(self, text):
                assert text in self.axis.get_title().lower()
            def assert_labels_set(self):
                assert self.axis.get_xlabel() and self.axis.get_ylabel(), "label the axes"
        """,
    ),
]
