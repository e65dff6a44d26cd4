// Keeps a form on the server while it is being filled in. Without this script the form works by its button.
const PAUSE = 1500;

function follow(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = 0;
  let sending = false;
  let again = false;

  const say = (text) => {
    status.hidden = false;
    status.textContent = text;
  };

  async function save() {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    try {
      const answer = await fetch(form.action || location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect") {
        say(status.dataset.signedOut);
      } else {
        const told = await answer.json();
        status.classList.toggle("saved", answer.ok);
        if (answer.ok && told.saved_at) say(`${status.dataset.saved} ${told.saved_at}`);
        if (answer.ok && "revision" in told) form.elements.revision.value = told.revision;
        if (!answer.ok) say(told.message);
      }
    } catch {
      say(status.dataset.offline);
    } finally {
      sending = false;
      if (again) {
        again = false;
        save();
      }
    }
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => clearTimeout(timer));
  window.addEventListener("online", later);
}

for (const form of document.querySelectorAll("form[data-autosave]")) follow(form);
