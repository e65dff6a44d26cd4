// Keeps what is typed into a sealed form on this device only, so that no server holds it before it is handed in.
// Without this script the form works by its button.
const PAUSE = 800;

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.matches("textarea[name], input[type=text][name]"));
}

function follow(form) {
  const key = form.dataset.keepHere;
  const status = form.querySelector("[data-kept-status]");
  const clear = form.querySelector("[data-kept-clear]");
  let timer = 0;

  const show = (text) => {
    status.hidden = !text;
    status.textContent = text;
    clear.hidden = !text;
  };

  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    if (kept) {
      for (const field of fieldsOf(form)) if (!field.value && kept[field.name]) field.value = kept[field.name];
      show(status.dataset.restored);
    }
  } catch {
    return;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const values = Object.fromEntries(fieldsOf(form).map((field) => [field.name, field.value]));
      try {
        localStorage.setItem(key, JSON.stringify(values));
        show(`${status.dataset.saved} ${new Date().toLocaleTimeString("zh-CN", { hour12: false })}`);
      } catch {
        show("");
      }
    }, PAUSE);
  });
  clear.addEventListener("click", () => {
    clearTimeout(timer);
    localStorage.removeItem(key);
    for (const field of fieldsOf(form)) field.value = "";
    show("");
  });
}

for (const form of document.querySelectorAll("form[data-keep-here]")) follow(form);
for (const done of document.querySelectorAll("[data-forget-here]")) {
  try {
    localStorage.removeItem(done.dataset.forgetHere);
  } catch {
    // Nothing can have been kept where the browser allows no storage.
  }
}
