// A job's page shows how far it is by itself: every few seconds the parts marked data-live are taken from a fresh page.
"use strict";

const EVERY = 3000;

async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (!now || now.textContent.trim() === part.textContent.trim() || part.contains(document.activeElement)) continue;
    part.replaceChildren(...now.childNodes);
    part.toggleAttribute("data-unfinished", now.hasAttribute("data-unfinished"));
  }
}

async function keepUp() {
  try {
    if (!document.hidden) await renew();
  } catch {
    // The server is away for a moment; the next try may find it.
  }
  if (document.querySelector("[data-unfinished]")) setTimeout(keepUp, EVERY);
}

setTimeout(keepUp, EVERY);
