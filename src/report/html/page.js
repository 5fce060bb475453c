"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const field = (name) => form.elements.namedItem(name);
  const value = (name) => { const input = field(name); return input ? input.value : ""; };
  const cards = Array.from(document.querySelectorAll("details.card"), (element) => ({
    element,
    row: null,
    rank: Number(element.dataset.rank),
    path: element.dataset.path.toLowerCase(),
    text: element.textContent.toLowerCase(),
  }));
  const byId = new Map(cards.map((card) => [card.element.id, card]));
  for (const row of document.querySelectorAll("[data-of]")) {
    const card = byId.get(row.dataset.of);
    if (card) card.row = row;
  }
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");

  const apply = () => {
    const words = value("text").toLowerCase().split(/\s+/).filter(Boolean);
    const path = value("path").trim().toLowerCase();
    const rank = value("severity") === "" ? 0 : Number(value("severity"));
    let count = 0;
    for (const card of cards) {
      const { dataset } = card.element;
      const same = (name) => value(name) === "" || value(name) === dataset[name];
      const matches = card.rank >= rank && same("rule") && same("state") && same("pushed")
        && card.path.includes(path) && words.every((word) => card.text.includes(word));
      card.element.hidden = !matches;
      if (card.row) card.row.hidden = !matches;
      if (matches) count += 1;
    }
    shown.textContent = count === cards.length ? `${count} shown` : `${count} of ${cards.length} shown`;
    none.hidden = count > 0;
  };

  // What the address names is unfolded, and shown whatever the filter says.
  const reveal = () => {
    const card = byId.get(location.hash.slice(1));
    if (!card) return;
    card.element.hidden = false;
    card.element.open = true;
    card.element.scrollIntoView();
  };

  const unfold = document.getElementById("unfold");
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(open));
    unfold.textContent = open ? "Fold" : "Unfold";
    for (const card of cards) card.element.open = open && !card.element.hidden;
  });

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields are empty only after the event.
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", reveal);
  form.hidden = false;
  apply();
  reveal();
})();
