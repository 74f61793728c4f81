"""A plotting lab: title and labels, data of lines, bars, a returned figure, axes given."""

# ruff: noqa: E501 - each answer is one string

from tests.autograder.public_labs.lab import Lab, Part

LAB = Lab(
    name="plotting",
    parts=(
        Part(
            "line", 2,
            "import matplotlib.pyplot as plt\nimport numpy as np\nx = np.linspace(0, 1, 5)\nplt.plot(x, x ** 2)\nplt.title('Square')\nplt.xlabel('x')",
            "import matplotlib.pyplot as plt\nax = plt.gca()\nassert ax.get_title() == 'Square' and ax.get_xlabel()\nassert abs(ax.lines[0].get_ydata()[-1] - 1) < 1e-9\nplt.close('all')",
        ),
        Part(
            "bars", 2, "def bars(values):\n    fig, ax = plt.subplots()\n    ax.bar(range(len(values)), values)\n    ax.set_ylabel('count')\n    return fig",
            "fig = bars([2, 1])\n### BEGIN HIDDEN TESTS\nassert [b.get_height() for b in fig.axes[0].patches] == [2, 1]\n### END HIDDEN TESTS\nassert fig.axes[0].get_ylabel() == 'count'",
        ),
        Part(
            "draw_on", 2, "def draw_on(ax, k):\n    ax.plot([0, 1], [0, k])",
            "fig, ax = plt.subplots()\ndraw_on(ax, 3)\nassert list(ax.lines[0].get_ydata()) == [0, 3]",
        ),
        Part(
            "scatter", 2, "def scatter(x, y):\n    fig, ax = plt.subplots()\n    ax.scatter(x, y)\n    ax.set_title('Points')\n    return ax",
            "ax = scatter([1, 2], [3, 4])\nint(ax.get_title() == 'Points') + int(ax.collections[0].get_offsets().tolist() == [[1, 3], [2, 4]])",
        ),
        Part(
            "histogram", 2, "def counts(a, edges):\n    return np.histogram(a, edges)[0]",
            "import numpy as np\nassert counts([1, 1, 2], [0, 1.5, 3]).tolist() == [2, 1]",
        ),
        Part("describe", 2, "The curve grows faster and faster.", ""),
    ),
    right=(
        {
            "line": "import numpy as np\nfrom matplotlib import pyplot as plt\nfig, ax = plt.subplots()\nax.plot([0, 0.5, 1], [0, 0.25, 1], 'r--')\nax.set(title='Square', xlabel='the number')",
            "bars": "def bars(values):\n    plt.figure()\n    plt.bar(list(map(str, range(len(values)))), values)\n    plt.ylabel('count')\n    return plt.gcf()",
            "draw_on": "def draw_on(ax, k):\n    x = np.array([0, 1])\n    ax.plot(x, k * x, marker='o')",
            "scatter": "def scatter(x, y):\n    plt.figure()\n    plt.scatter(x, y, c='k')\n    plt.title('Points')\n    return plt.gca()",
            "histogram": "def counts(a, edges):\n    return np.array([sum(lo <= v < hi for v in a) for lo, hi in zip(edges, edges[1:])])",
        },
    ),
    wrong=(
        {
            "line": "import matplotlib.pyplot as plt\nimport numpy as np\nplt.plot([0, 1], [0, 2])",
            "draw_on": "def draw_on(ax, k):\n    plt.figure()\n    plt.plot([0, 1], [0, k])",
        },
        {
            "bars": "def bars(values):\n    fig, ax = plt.subplots()\n    ax.plot(values)\n    return fig",
            "scatter": "def scatter(x, y):\n    fig, ax = plt.subplots()\n    ax.scatter(y, x)\n    ax.set_title('Points')\n    return ax",
        },
    ),
)  # fmt: skip
