"""A student's way through the encoder lab in JupyterLab, from fetching it to its feedback."""

import json
import re
import shutil
import textwrap
from pathlib import Path

import pytest
from playwright.sync_api import expect

from course.sample_class import encoder, solutions
from course.stamps import ROOT
from tests.walks.jupyter import SECONDS, Lab, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAB, COURSE = "encoder", "convolutions-taken-apart"
GUIDE = (ROOT / "book" / "student.md").read_text(encoding="utf-8")
SETTINGS = textwrap.dedent(re.search(r"```python\n( *c = get_config.*?)```", GUIDE, re.DOTALL)[1])
# A block that halves its maps or leaves them, as all visible tests want it; the task promises any
# strides.
ONE_STRIDE_FORGOTTEN = """
def encoder_block(input_layer, filters, strides):
    return separable_conv2d_batchnorm(input_layer, filters, 2 if strides == 2 else 1)
"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exchange")
    folder.chmod(0o777)
    return folder


@pytest.fixture(scope="module")
def instructor(tmp_path_factory, exchange):
    """Someone whose course folder holds the lab, which is released to the exchange."""
    person = Person(tmp_path_factory.mktemp("instructor"))
    for folder in ("solutions", "labs"):
        shutil.copytree(ROOT / folder / LAB, person.home / folder / LAB)
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    settings += f'\nc.Exchange.root = "{exchange}"\n'
    (person.home / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    person.types(f"autograder release {LAB} --exchange")
    return person


@pytest.fixture(scope="module")
def student(tmp_path_factory, exchange, instructor):
    """Someone who has set up what the guide says, and nothing else."""
    person = Person(tmp_path_factory.mktemp("student"))
    person.settings(SETTINGS.replace("/srv/nbgrader/exchange", str(exchange)))
    return person


@pytest.fixture(scope="module")
def jupyterlab(chromium, student, tmp_path_factory):
    folder = student.home / "labs"
    folder.mkdir()
    with student.jupyterlab(tmp_path_factory.mktemp("log") / "jupyterlab", folder) as address:
        context = chromium.new_context(reduced_motion="reduce")
        yield Lab(context.new_page(), address, folder)
        context.close()


@pytest.fixture
def assignments(jupyterlab):
    """nbgrader's list of assignments, opened anew."""
    jupyterlab.page.goto(jupyterlab.address)
    jupyterlab.menu("Nbgrader", "Assignment List").click()
    page = jupyterlab.page.locator("#assignments:visible")
    expect(page).to_contain_text("Submitted assignments")
    expect(page.locator(".list_loading:visible")).to_have_count(0, timeout=SECONDS * 1000)
    return page


@pytest.fixture(scope="module")
def right():
    return solutions(ROOT / "solutions" / LAB / f"{LAB}.ipynb")


def test_fetches_the_lab(assignments, jupyterlab, shot):
    row = assignments.locator("#released_assignments_list .list_item", has_text=LAB)
    row.get_by_role("button", name="Fetch").click()
    downloaded = assignments.locator("#fetched_assignments_list")
    downloaded.get_by_role("button", name=LAB).click()
    expect(downloaded.get_by_role("button", name="Validate")).to_be_visible()
    shot(jupyterlab.page, "student-fetched", clip={"x": 0, "y": 0, "width": 1061, "height": 390})
    downloaded.get_by_role("link", name=LAB, exact=True).click()
    expect(jupyterlab.page.locator(".jp-NotebookPanel")).to_contain_text("Lab: Encoder")
    files = {path.name for path in (jupyterlab.folder / LAB).iterdir()}
    assert files - {".ipynb_checkpoints"} == {"encoder.ipynb", "examples.npz"}


def test_a_test_says_what_is_wrong_at_once(jupyterlab):
    notebook = jupyterlab.notebook(f"{LAB}/{LAB}.ipynb")
    notebook.run("imports")
    notebook.write("separable_conv2d_params", encoder.MULTIPLIER_IGNORED)
    notebook.run("separable_conv2d_params")
    test = notebook.run("test_separable_conv2d_params")
    expect(test).to_contain_text("This looks like a known mistake: the depth multiplier is ignored.")
    notebook.save()


def test_validate_says_what_is_wrong_and_then_that_all_is_right(jupyterlab, right, shot):
    notebook = jupyterlab.notebook(f"{LAB}/{LAB}.ipynb")
    answers = right | {
        "separable_conv2d_batchnorm": encoder.NO_NORMALIZATION,
        "encoder_block": ONE_STRIDE_FORGOTTEN,
        "encoder": encoder.LAST_LAYER_PLAIN,
        "rank_answer": "The rank is at most the depth multiplier, because the matrix is a product.",
    }
    for name, answer in answers.items():
        notebook.write(name, answer)
    results = notebook.validate()
    expect(results).to_contain_text("Number of parameters: expected 46, came 30.")
    expect(results).to_contain_text("This looks like a known mistake: no normalization.")
    expect(results).to_contain_text("failed  it has the right layers (0 of 1):")
    shot(results.locator(".jp-Dialog-content"), "student-validate")
    results.get_by_role("button", name="Ok").click()
    for name in ("separable_conv2d_batchnorm", "encoder"):
        notebook.write(name, right[name])
    results = notebook.validate()
    expect(results).to_contain_text("Success! Your notebook passes all the tests.")
    results.get_by_role("button", name="Ok").click()


def test_submits(assignments, exchange, shot):
    submit(assignments, times=1)
    shot(assignments, "student-submitted")
    (inbound,) = (exchange / COURSE / "inbound").iterdir()
    assert {path.name for path in inbound.iterdir()} >= {"encoder.ipynb", "examples.npz"}


def test_the_feedback_says_what_to_mend(instructor, jupyterlab, request, shot):
    assert graded(instructor) == 0
    instructor.types(f"autograder feedback {LAB} --exchange")
    submitted = request.getfixturevalue("assignments").locator("#submitted_assignments_list")
    submitted.get_by_role("button", name="Fetch Feedback").click()
    submitted.get_by_text("(view feedback)").click()
    jupyterlab.page.locator(".jp-DirListing").get_by_text(f"{LAB}.html").dblclick()
    feedback = jupyterlab.page.frame_locator("iframe")
    entry = feedback.locator("#toc li", has_text="test_encoder_block")
    expect(entry).to_have_text("Test cell: test_encoder_block (Score: 0.0 / 1.0)")
    entry.get_by_role("link").click()
    test = feedback.locator(".panel", has_text="test_encoder_block").last
    expect(test).to_be_in_viewport()
    message = feedback.get_by_text("TestFailed: encoder_block(an input of shape")
    expect(message).to_contain_text("strides=3")
    expect(message).to_contain_text("This looks like a known mistake: strides are ignored.")
    above, below = test.bounding_box(), message.bounding_box()
    height = below["y"] + below["height"] - above["y"]
    shot(jupyterlab.page, "student-feedback", clip=above | {"height": height})


def test_what_the_feedback_says_is_mended_and_graded_again(instructor, jupyterlab, right, request):
    notebook = jupyterlab.notebook(f"{LAB}/{LAB}.ipynb")
    notebook.write("encoder_block", right["encoder_block"])
    notebook.save()
    submit(request.getfixturevalue("assignments"), times=2)
    assert graded(instructor) == 1


def submit(assignments, times: int) -> None:
    """Press *Submit*, and wait until so many submissions are listed."""
    assignments.locator("#fetched_assignments_list").get_by_role("button", name="Submit").click()
    expect(assignments.locator("#submitted_assignments_list").get_by_text("UTC")).to_have_count(times)


def graded(instructor) -> float:
    """Collect and grade as an instructor does; give the points of the test of `encoder_block`."""
    instructor.types(f"nbgrader collect {LAB} --update")
    instructor.types(f"autograder grade {LAB} --json grades.json")
    (submission,) = json.loads((instructor.home / "grades.json").read_text(encoding="utf-8"))["submissions"]
    return submission["notebooks"][LAB]["cells"]["test_encoder_block"]["score"]
