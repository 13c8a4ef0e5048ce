"use strict";
// Airflow's own choice of light or dark holds for the pages in its frame too.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* no storage: the choice of the browser holds */ }

// A table that goes on to the side says so.
function tell() {
  for (const wide of document.querySelectorAll(".wide")) {
    let said = wide.previousElementSibling;
    if (!said || !said.classList.contains("aside")) {
      said = document.createElement("p");
      said.className = "note aside";
      said.textContent = "Geser tabel ke samping →";
      wide.before(said);
    }
    said.hidden = wide.scrollWidth <= wide.clientWidth;
    wide.classList.toggle("over", !said.hidden);
  }
}
const sizes = new ResizeObserver(tell);
for (const wide of document.querySelectorAll(".wide")) sizes.observe(wide);
tell();

const upload = document.getElementById("upload");
if (upload) {
  const drop = upload.querySelector(".drop");
  const file = upload.querySelector("input[type=file]");
  const said = document.getElementById("said");
  const button = upload.querySelector("button");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
  });
  upload.addEventListener("submit", (event) => {
    const chosen = file.files[0];
    if (chosen && chosen.size > Number(upload.dataset.limit)) {
      event.preventDefault();
      said.textContent = "UPLOAD_TOO_LARGE: berkas lebih besar dari batas.";
      return;
    }
    said.textContent = "Sedang diperiksa…";
    button.disabled = true;
  });
  addEventListener("pageshow", () => { button.disabled = false; said.textContent = ""; });
}

// How far a file has come, until it is through.
async function refresh() {
  const shown = document.getElementById("stages");
  if (!shown || !shown.dataset.refresh) return;
  try {
    const answer = await fetch(location.href);
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("stages");
      if (fresh) shown.replaceWith(fresh);
    }
  } catch { /* the next look may succeed */ }
  plan();
}
function plan() {
  const shown = document.getElementById("stages");
  if (shown && shown.dataset.refresh) setTimeout(refresh, Number(shown.dataset.refresh) * 1000);
}
plan();
