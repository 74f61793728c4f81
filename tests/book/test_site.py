"""What holds of the built pages."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from sepconv.data import MNIST_VARIABLE
from tests.book.conftest import chapters, pages


def read(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(params=pages())
def page(request, site):
    path = site / f"{request.param}.html"
    return path, read(path)


def test_every_page_is_reached_from_the_contents(site):
    assert {f"{name}.html" for name in pages()} | {"index.html"} == {
        path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts
    }


def test_the_front_page_is_where_the_readme_says(site):
    assert "book/index.html" in (site / "index.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_elsewhere(page):
    _, soup = page
    loaded = [tag.get("src") for tag in soup.find_all(["script", "img", "iframe", "source", "video"])]
    kinds = ("stylesheet", "preload", "icon", "modulepreload")
    loaded += [tag["href"] for tag in soup.find_all("link") if set(tag.get("rel", [])) & set(kinds)]
    assert loaded
    assert [url for url in loaded if url and urlsplit(url).netloc] == []


def test_no_style_loads_from_elsewhere(site):
    for style in site.glob("_static/**/*.css"):
        text = style.read_text(encoding="utf-8", errors="replace")
        assert re.findall(r"(?:@import|url\()\s*['\"]?(?:https?:)?//[^)'\"]+", text) == [], style.name


def test_every_picture_says_what_it_shows(page):
    path, soup = page
    for image in soup.find_all("img"):
        alt = image.get("alt")
        assert alt is not None, image
        drawing = image.find_parent(attrs={"role": "img", "aria-label": True})
        if drawing is not None:  # its label speaks for what it is made of
            alt = drawing["aria-label"]
        if "logo" not in image.get("class", []) and image.find_parent(class_="navbar-brand") is None:
            assert len(alt.split()) >= 3, f"{path.name}: {alt!r}"
            assert not re.search(r"\.(png|svg|jpe?g)$", alt), f"{path.name}: {alt!r}"
    for drawing in soup.select("article svg"):
        named = drawing.get("aria-label") or drawing.get("aria-labelledby") or drawing.find("title")
        assert named or drawing.get("aria-hidden") == "true", drawing.get("id")


def test_every_link_leads_to_something_that_is_there(page):
    path, soup = page
    ids = {}
    for link in soup.find_all("a", href=True):
        url = urlsplit(link["href"])
        if url.scheme or url.netloc:
            continue
        target = (path.parent / unquote(url.path)).resolve() if url.path else path
        assert target.exists(), f"{path.name}: {link['href']}"
        if url.fragment and target.suffix == ".html":
            if target not in ids:
                ids[target] = {tag["id"] for tag in read(target).find_all(id=True)}
            assert url.fragment in ids[target] | {"main-content"}, f"{path.name}: {link['href']}"


def test_no_glue_is_missing_and_no_markup_shows(page):
    _, soup = page
    article = soup.find(class_="bd-article-container")
    for code in article.find_all(["pre", "code", "script", "style"]):
        code.decompose()
    text = article.get_text()
    assert not re.search(r"\{[a-z:]+\}`|FIG_|\|\s*:?--|\$\$|\$\S[^$\n]*\$|\bnan\b", text)


def test_readers_are_told_the_digits_name_and_not_where_the_build_found_them(site):
    for name in [*chapters(), "book/draw", "book/index"]:
        assert MNIST_VARIABLE not in (site / f"{name}.html").read_text(encoding="utf-8"), name


def test_the_licence_stands_on_every_page(page):
    _, soup = page
    assert soup.select("footer a[href*='creativecommons.org/licenses/by/']")


def test_the_chapters_numbers_are_those_of_the_sources(site):
    text = read(site / "book/separable.html").get_text()
    for stated in ("243", "27 +", "54", "21,600", "3,075", "(1, 8, 8, 3)", "(1, 8, 8, 6)", "(1, 8, 8, 256)"):
        assert stated in text, stated


@pytest.fixture(params=chapters())
def chapter(request, site):
    return read(site / f"{request.param}.html")


def test_solutions_are_folded_and_have_run(chapter):
    exercises = chapter.select(".admonition.exercise")
    solutions = chapter.select(".admonition.solution")
    assert len(exercises) == len(solutions) >= 3
    assert all("dropdown" in solution["class"] for solution in solutions)
    assert any(solution.select(".cell_output") for solution in solutions)


def test_every_quiz_question_has_one_right_answer_and_a_reason_for_each(chapter):
    questions = chapter.select("fieldset.quiz-question")
    assert len(questions) >= 6
    for question in questions:
        choices = question.select("input[type=radio]")
        assert len(choices) >= 3
        assert sum(choice.get("data-right") == "true" for choice in choices) == 1
        for choice in choices:
            assert chapter.find(id=choice["aria-describedby"]).get_text(strip=True)
        assert question.select_one("details.quiz-answer").get_text(strip=True)
    where = [next(i for i, c in enumerate(q.select("input")) if c.get("data-right")) for q in questions]
    assert len(set(where)) > 1, "the right answer is always in the same place"


def test_mnist_compared_has_the_sources_counts_and_the_champions_budget(site):
    text = BeautifulSoup((site / "book/mnist.html").read_text(encoding="utf-8"), "html.parser").get_text()
    counts = ("400", "3,216", "4,640", "330", "8,586", "65", "344", "688", "1,427", "1,425", "690", "117,384")
    for stated in counts:
        assert stated in text, stated


def test_every_page_of_the_book_describes_itself_once(site):
    told = {}
    for name in pages():
        if not name.startswith("book/"):  # a lab is shown as students get it; two pages are Sphinx's
            continue
        soup = read(site / f"{name}.html")
        (description,) = [tag["content"] for tag in soup.select('head > meta[name="description"]')]
        assert 50 <= len(description) <= 160, f"{name}: {len(description)}"
        shared = {tag["property"]: tag["content"] for tag in soup.select('head > meta[property^="og:"]')}
        title = re.sub(r"\s*#\s*$", "", soup.select_one("article h1").get_text())
        assert shared == {"og:title": title, "og:description": description}, name
        told[name] = description
    assert len(told) > len(chapters())
    assert len(set(told.values())) == len(told)
