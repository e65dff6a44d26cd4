"use strict";
// Asks how far the job is, often at first, then every second, and loads the page anew once it has ended.
(() => {
  const section = document.querySelector("[data-job-state]");
  if (!section) return;
  const bar = section.querySelector("progress");
  const label = section.querySelector("[data-job-label]");
  const counts = section.querySelector("[data-job-counts]");
  let asked = 0;
  const ask = async () => {
    try {
      const answer = await fetch(section.dataset.jobState, { headers: { Accept: "application/json" } });
      if (!answer.ok) return window.setTimeout(ask, 5000);
      const job = await answer.json();
      if (job.finished) return window.location.reload();
      if (job.total) bar.value = job.percent;
      label.textContent = job.label;
      counts.textContent = job.total ? `${job.done} / ${job.total}` : "";
    } catch {
      return window.setTimeout(ask, 5000);
    }
    asked += 1;
    return window.setTimeout(ask, asked < 8 ? 250 : 1000);
  };
  window.setTimeout(ask, 250);
})();
