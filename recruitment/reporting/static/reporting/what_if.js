// Sliders beside the number fields, and a result that follows them; without scripts the form is simply submitted.
const form = document.querySelector("form[data-live]");
let timer, running;

async function refresh() {
  const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(address, { signal: running.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("#what-if-result").replaceWith(page.querySelector("#what-if-result"));
    history.replaceState(null, "", address);
  } catch (problem) {
    if (problem.name !== "AbortError") form.submit();
  }
}

for (const slider of form?.querySelectorAll("input[type=range]") ?? []) {
  const number = document.getElementById(slider.dataset.for);
  slider.value = number.value;
  slider.hidden = false;
  slider.addEventListener("input", () => {
    number.value = slider.value;
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
}

form?.addEventListener("input", (event) => {
  if (event.target.name === "q") return;
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
});
