// Keys of the review desk: next and previous row, open, choose; pass, return, reject. Every page works without it.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

const rows = () => [...document.querySelectorAll("[data-review-row]")];

function moveTo(step) {
  const all = rows();
  const at = all.findIndex((row) => row.classList.contains("is-current"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!next) return;
  if (at >= 0) all[at].classList.remove("is-current");
  next.classList.add("is-current");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (rows().length && (key === "j" || key === "k")) {
    event.preventDefault();
    moveTo(key === "j" ? 1 : -1);
  } else if (key === "x") {
    document.querySelector("[data-review-row].is-current input[type=checkbox]")?.click();
  } else {
    const button = document.querySelector(`[data-review-key="${key}"]`);
    if (!button) return;
    event.preventDefault();
    if (button.dataset.reviewFocus) document.getElementById(button.dataset.reviewFocus)?.focus();
    else button.click();
  }
});
