"use strict";
/* Finds pages of the law book in BOOK (index.js) as openum/librarian/book/finding.py does on the server. */
const MOST_WORDS = 12, EXACT = 8, HEAD = 4, TEXT = 1, NAMED = 1000, BEGUN = 100;
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const headWords = Object.keys(BOOK.heads), textWords = Object.keys(BOOK.texts);

function scores(word) {
  const found = new Map();
  for (const [words, pages, weight] of [[textWords, BOOK.texts, TEXT], [headWords, BOOK.heads, HEAD]]) {
    for (const one of words) {
      if (!one.startsWith(word)) continue;
      const gain = weight + (one === word ? EXACT * weight : 0);
      for (const page of pages[one]) found.set(page, Math.max(found.get(page) || 0, gain));
    }
  }
  return found;
}

function named(names, whole) {
  return Math.max(...names.map((name) => (name === whole ? NAMED : name.startsWith(whole) ? BEGUN : 0)));
}

function find(query) {
  const asked = [...new Set(folded(query).match(/[a-z0-9]+(?:\.[a-z0-9]+)*/g) || [])].slice(0, MOST_WORDS);
  if (!asked.length) return [];
  let total = null;
  for (const word of asked) {
    const here = scores(word);
    if (total === null) total = here;
    else total = new Map([...total].filter(([page]) => here.has(page)).map(([page, score]) => [page, score + here.get(page)]));
  }
  const whole = folded(query).trim();
  const ranked = [...total].map(([page, score]) => [page, score + named(BOOK.names[page], whole)]);
  return ranked.sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([page]) => page);
}

function element(name, text, more) {
  const made = Object.assign(document.createElement(name), more || {});
  made.textContent = text;
  return made;
}

function show(query) {
  const list = document.getElementById("found"), pages = find(query);
  list.replaceChildren();
  for (const [address, name, title, chapter, since] of pages.map((page) => BOOK.pages[page])) {
    const entry = document.createElement("li");
    const link = element("a", title, { href: address });
    const more = element("span", [name, chapter, since].filter(Boolean).join(" · "), { className: "quiet" });
    entry.append(link, " ", more);
    list.append(entry);
  }
  const counted = pages.length === 1 ? "1 page" : pages.length + " pages";
  document.getElementById("count").textContent = query.trim() ? counted + " for “" + query.trim() + "”" : "";
}

const box = document.getElementById("q");
box.value = new URLSearchParams(location.search).get("q") || "";
box.addEventListener("input", () => show(box.value));
show(box.value);
