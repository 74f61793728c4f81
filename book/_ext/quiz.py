"""A quiz on the page: questions with one right answer each, and a reason for every answer.

````
```{quiz}
- ask: Which kernel separates?
  answers:
    - say: Sobel's
      right: true
      because: It is a column times a row.
    - say: the Laplacian
      because: Its rank is two.
```
````

Texts are MyST: maths, code and `glue` work in them. Each question is a `<fieldset>` of radio
buttons; choosing one shows its reason at once, read out by screen readers. Without JavaScript, and
in print, the answer is folded below the question.
"""

import yaml
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective


class Quiz(nodes.General, nodes.Element):
    """All questions of a quiz."""


class Question(nodes.General, nodes.Element):
    """One question; its children are the legend, the choices and the folded answer."""


class Legend(nodes.General, nodes.Element):
    """The text of a question."""


class Choice(nodes.General, nodes.Element):
    """One answer to choose."""


class Reason(nodes.General, nodes.Element):
    """Why an answer is right or wrong, shown when it is chosen."""


class Folded(nodes.General, nodes.Element):
    """The right answer and its reason, for reading without JavaScript."""


class QuizDirective(SphinxDirective):
    """Read a quiz from YAML."""

    has_content = True

    def run(self):
        """Make the quiz' nodes."""
        try:
            questions = yaml.safe_load("\n".join(self.content))
            return [self._quiz(questions)]
        except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
            raise self.error(f"quiz: {error}") from error

    def _quiz(self, questions) -> Quiz:
        quiz = Quiz()
        for entry in questions:
            right = [answer for answer in entry["answers"] if answer.get("right")]
            if len(right) != 1:
                raise ValueError(f"one answer must be right, got {len(right)} for {entry['ask']!r}")
            name = f"quiz-{self.env.new_serialno('quiz')}"
            question = Question(name=name)
            question += self._text(Legend(), entry["ask"])
            for number, answer in enumerate(entry["answers"]):
                choice = Choice(name=name, value=number, right=bool(answer.get("right")))
                question += self._text(choice, answer["say"])
                question += self._text(Reason(name=name, value=number), answer["because"])
            folded = Folded()
            for text in (right[0]["say"], right[0]["because"]):
                folded += self._text(nodes.container(), text)
            question += folded
            quiz += question
        return quiz

    def _text(self, node, text: str):
        """Parse MyST into a node; a single paragraph loses its `<p>`, which labels may not hold."""
        children = self.parse_text_to_nodes(str(text))
        if len(children) == 1 and isinstance(children[0], nodes.paragraph):
            children = children[0].children
        node += children
        return node


def _tag(tag: str, attributes=lambda node: {}):
    def visit(translator, node):
        translator.body.append(translator.starttag(node, tag, "", **attributes(node)))

    def depart(translator, node):
        translator.body.append(f"</{tag}>\n")

    return visit, depart


def _visit_choice(translator, node):
    name, value = node["name"], node["value"]
    right = ' data-right="true"' if node["right"] else ""
    translator.body.append(
        f'<label class="quiz-choice"><input type="radio" name="{name}" value="{value}"{right} '
        f'aria-describedby="{name}-{value}"/> <span>'
    )


def _depart_choice(translator, node):
    translator.body.append("</span></label>\n")


def _visit_reason(translator, node):
    translator.body.append(
        f'<div class="quiz-reason" id="{node["name"]}-{node["value"]}" role="status" hidden>'
    )


def _depart_reason(translator, node):
    translator.body.append("</div>\n")


def _visit_folded(translator, node):
    translator.body.append('<details class="quiz-answer"><summary>Answer</summary>\n')


def _depart_folded(translator, node):
    translator.body.append("</details>\n")


def _pass(translator, node):
    """Other builders show the texts one below the other."""


def _setup_nodes(app):
    html = {
        Quiz: _tag("div", lambda node: {"CLASS": "quiz"}),
        Question: _tag("fieldset", lambda node: {"CLASS": "quiz-question"}),
        Legend: _tag("legend"),
        Choice: (_visit_choice, _depart_choice),
        Reason: (_visit_reason, _depart_reason),
        Folded: (_visit_folded, _depart_folded),
    }
    for node, functions in html.items():
        app.add_node(node, html=functions, latex=(_pass, _pass), text=(_pass, _pass))


def setup(app):
    """Sphinx calls this."""
    if not hasattr(SphinxDirective, "parse_text_to_nodes"):
        raise ExtensionError("the quiz needs Sphinx 7.4 or newer")
    app.add_directive("quiz", QuizDirective)
    app.add_js_file("quiz.js", loading_method="defer")
    _setup_nodes(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
