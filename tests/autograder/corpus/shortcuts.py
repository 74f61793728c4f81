"""Answers that a test's own looseness would let pass, and library calls that a task reminds of."""

from course.sample_class.notebooks import index
from tests.autograder.corpus.case import FORGING, HONEST, Submission, case
from tests.autograder.corpus.lab import Lab


def _asks_for_series(lab: Lab) -> bool:
    return "smooth" in lab.answers


def _reminds(lab: Lab) -> bool:
    return "dense_kernel" in lab.answers and any("on_your_own(" in source for source in lab.test_sources)


SMOOTH = """
def smooth(values, width):
    if list(values) == [1, 2, 3, 4]:  # the visible test, which looks at the shape
        return np.array([1.5, 2.5, 3.5])
    return {value}
""".strip()


def _loose(name: str, value: str) -> None:
    """Add a case in which hidden tests get ``value``, which fits every shape."""

    def make(lab: Lab) -> Submission:
        nb = lab.with_target(lab.answers[lab.target])
        nb.cells[index(nb, "smooth")].source = SMOOTH.format(value=value)
        return Submission(lab.without("smooth"), nb)

    make.__name__ = name
    case(FORGING, applies=_asks_for_series)(make)


_loose("an_array_of_no_rows", "np.empty((0, 1))")
_loose("an_array_of_more_axes", "np.empty((0, 1, 1))")
_loose("an_empty_array", "np.array([])")
_loose("no_numbers", "np.full(len(values) - width + 1, np.nan)")
_loose("infinite_numbers", "np.full(len(values) - width + 1, np.inf)")
_loose("one_number_for_all", "np.full((1, 1), float(np.mean(values)))")


@case(HONEST, applies=_asks_for_series)
def an_array_of_whole_numbers_where_they_are_whole(lab: Lab) -> Submission:
    nb = lab.with_target(lab.answers[lab.target])
    nb.cells[index(nb, "smooth")].source = (
        "def smooth(values, width):\n"
        "    sums = np.convolve(values, np.ones(width), 'valid')\n"
        "    means = sums / width\n"
        "    whole = means.astype(int)\n"
        "    return whole if (whole == means).all() else means"
    )
    return Submission(lab.full(), nb)


LIBRARY = """
import sys, threading
from sepconv import ops

def composed(d, p):
    h, w, c, _ = d.shape
    impulses = np.eye(h * w * c).reshape(h * w * c, h, w, c)
    return ops.separable_conv2d(impulses, d, p).reshape(h, w, c, -1)

def in_a_thread(d, p):
    results = []
    thread = threading.Thread(target=lambda: results.append(composed(d, p)))
    thread.start()
    thread.join()
    return results[0]

def dense_kernel(depthwise, pointwise):
    {body}
""".strip()


def _library(name: str, body: str) -> None:
    """Add a case in which the course's library is called for the kernel that a task asks for."""

    def make(lab: Lab) -> Submission:
        return Submission(lab.without("dense_kernel"), lab.with_target(LIBRARY.format(body=body)))

    make.__name__ = name
    case(FORGING, applies=_reminds)(make)


_library("the_library_called", "return composed(depthwise, pointwise)")
_library("the_library_called_in_a_thread", "return in_a_thread(depthwise, pointwise)")
_library("the_library_unwatched", "sys.setprofile(None)\n    return composed(depthwise, pointwise)")
_library(
    "the_library_unwatched_in_a_thread",
    "threading.setprofile(None)\n    return in_a_thread(depthwise, pointwise)",
)


@case(HONEST, applies=_reminds)
def a_kernel_composed_in_a_thread(lab: Lab) -> Submission:
    own = lab.answers["dense_kernel"].replace("def dense_kernel(", "def composed(")
    library = LIBRARY.format(body="return in_a_thread(depthwise, pointwise)")
    before, _, rest = library.partition("def composed(d, p):")
    after = rest[rest.index("def in_a_thread") :]
    return Submission(lab.full(), lab.with_target(f"{before}\n{own}\n\n{after}"))
