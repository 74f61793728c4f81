// Shows the reason of the answer that is chosen. Without this file the answers are folded below the
// questions.

/** @param {HTMLFieldSetElement} question */
function enliven(question) {
  const folded = question.querySelector(".quiz-answer");
  const live = document.createElement("div");
  live.className = "quiz-feedback";
  live.setAttribute("aria-live", "polite");
  folded.replaceWith(live);
  question.addEventListener("change", (event) => {
    const choice = /** @type {HTMLInputElement} */ (event.target);
    const right = choice.dataset.right === "true";
    const reason = document.getElementById(`${choice.name}-${choice.value}`);
    live.className = `quiz-feedback ${right ? "quiz-right" : "quiz-wrong"}`;
    const verdict = document.createElement("strong");
    verdict.textContent = right ? "Right. " : "Not quite. ";
    live.replaceChildren(verdict, ...[...reason.childNodes].map((node) => node.cloneNode(true)));
  });
}

document.querySelectorAll(".quiz-question").forEach(enliven);
