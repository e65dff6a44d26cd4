// Makes pages better where scripts run; no page depends on it.
const summary = document.querySelector(".error-summary");
if (summary) summary.focus();

for (const box of document.querySelectorAll("[data-countdown]")) {
  const until = new Date(box.dataset.countdown).getTime();
  const skew = new Date(document.querySelector(".topline time")?.dateTime ?? Date.now()).getTime() - Date.now();
  const show = () => {
    const minutes = Math.max(0, Math.floor((until - Date.now() - skew) / 60000));
    const parts = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
    for (const [unit, value] of Object.entries(parts)) {
      const cell = box.querySelector(`[data-unit="${unit}"]`);
      if (cell) cell.textContent = value;
    }
  };
  setInterval(show, 20000);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
