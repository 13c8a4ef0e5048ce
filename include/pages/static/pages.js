"use strict";
// Airflow's own choice of light or dark holds for the pages in its frame too.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* no storage: the choice of the browser holds */ }
