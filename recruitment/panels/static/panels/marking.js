// The running total and the half-mark buttons of a score sheet; the sheet works without them.
const form = document.querySelector("[data-sheet]");
const marks = [...form.querySelectorAll("[data-mark]")];
const whole = marks.reduce((sum, input) => sum + Number(input.dataset.mark), 0);
const shown = form.querySelector("[data-sum]");

function total() {
  const weighted = marks.some((input) => Number(input.dataset.mark) !== 1);
  const sum = marks.reduce((all, input) => all + (Number(input.value) || 0) * (weighted ? Number(input.dataset.mark) / whole : 1), 0);
  shown.value = sum.toFixed(2);
}

for (const button of form.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = button.parentElement.querySelector("[data-mark]");
    const next = (Number(input.value) || 0) + Number(button.dataset.step);
    input.value = Math.min(Number(input.dataset.most), Math.max(0, next)).toFixed(1);
    total();
  });
}
form.querySelector("[data-total]").hidden = false;
form.addEventListener("input", total);
total();
