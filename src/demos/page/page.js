// Draws the events of a demonstration, one step after another. The view is always a function of the state:
// the events, how many of them are shown, and the language.
"use strict";

const element = (id) => document.getElementById(id);
const words = JSON.parse(element("words").textContent);
const events = JSON.parse(element("events").textContent);
const MARKS = { served: "✓", waits: "…", harmed: "✗", neither: "·" };
const asked = new URLSearchParams(location.search).get("lang");
let language = ["en", "zh"].includes(asked) ? asked : document.documentElement.lang;
let shown = 0; // the index of the last event that is shown
let wanted = Number(location.hash.slice(1)) || 1; // the step to show once it is there
let ready = null; // the act that a live demonstration waits to play
let state = () => ""; // what is said of a live demonstration

const said = (text) => text[language];
const filled = (text, values) => said(text).replace(/\{(\w+)\}/g, (_, name) => values[name]);

// An element with a class, and children that are elements or texts.
function make(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

// Something for the eye beside its text, which is for the ear.
function seen(...children) {
  for (const child of children) child.setAttribute("aria-hidden", "true");
  return children;
}

/* Steps: each event but a scene, whose heading comes with what follows it. */

const isStep = (event) => event.event !== "scene";
const steps = () => events.flatMap((event, index) => (isStep(event) ? [index] : []));
const step = (from, by) => {
  let at = from + by;
  while (at >= 0 && at < events.length && !isStep(events[at])) at += by;
  return at >= 0 && at < events.length ? at : from;
};

function go(to) {
  shown = to;
  history.replaceState(null, "", `#${steps().indexOf(shown) + 1}`);
  draw();
}

function next() {
  const to = step(shown, 1);
  if (to !== shown) return go(to);
  wanted = steps().length + 1;
  if (ready !== null) play();
}

const back = () => go(step(shown, -1));

function goToAct(number) {
  const at = events.findIndex((event) => event.event === "act" && event.number === number);
  if (at >= 0) go(at);
}

/* What one event looks like. */

const piece = (bytes) => make("span", `piece ${bytes.letter}`, said(bytes.shown));

function call(event) {
  switch (event.action) {
    case "write":
    case "read": {
      const count = event.pieces.reduce((sum, { bytes }) => sum + bytes.length / 2, 0);
      return [`${event.action}(${event.asked}) → ${count} `, ...event.pieces.map(piece)];
    }
    case "message":
      return ["read_message → ", event.piece ? piece(event.piece) : "None"];
    case "call":
      return [`${said(event.call)} → ${said(event.outcome)}`];
    default:
      return [said(event.note)];
  }
}

function action(event) {
  const at = event.at === null ? "" : event.at.toFixed(1);
  const did = make("span", "call", ...call(event));
  const arrow = event.action === "write" ? [make("span", "arrow", event.side === "client" ? "▶" : "◀─ ")] : [];
  const client = make("span", "client", ...(event.side === "client" ? [did, ...arrow] : []));
  const server = make("span", "server", ...(event.side === "server" ? [...arrow, did] : []));
  return [make("li", "action", spoken(event), ...seen(make("span", "at", at), client, server))];
}

function kernel(event) {
  return event.held.map((held, index) => {
    const [client, server] = ["client", "server"].map((side) => make("span", side, make("span", "call", said(held[side]))));
    const label = make("span", "at", said(words.kernel));
    return make("li", "kernel", ...(index ? [] : [spoken(event)]), ...seen(label, client, server));
  });
}

function row(event) {
  const cells = [said(event.name), said(event.does), MARKS[event.fate], said(event.gets)];
  const [name, does, mark, gets] = cells.map((text) => make("span", "", text));
  mark.className = gets.className = event.fate;
  return [make("li", "row", spoken(event), ...seen(name, does, mark, gets))];
}

function figures(event) {
  const most = Math.max(...event.rows.map(({ size }) => size ?? 0), Number.MIN_VALUE);
  const rows = event.rows.map(({ label, size, shown }) => {
    const cells = [make("span", "", said(label)), make("span", "", said(shown))];
    if (size === null) return make("div", "figure unknown", ...cells);
    const bar = make("span", "bar");
    bar.style.width = `${(size / most) * 100}%`;
    return make("div", "figure", ...cells, bar);
  });
  const title = make("h2", "", filled(words.heading, { title: said(event.title) }));
  const says = said(event.says) ? [make("p", "", said(event.says))] : [];
  return [make("li", "", spoken(event), ...seen(title, ...rows, ...says))];
}

const spoken = (event) => make("span", "spoken", said(event.text));
const DRAWN = { action, kernel, row, figures };

// The scenes of an act, each with its heading and a list of what has happened.
function scenesOf(act) {
  const scenes = [];
  for (const event of act) {
    if (event.event === "scene" || (event.event === "figures" && scenes.at(-1)?.lastChild.dataset.of !== "figures")) {
      const title = event.event === "scene" ? said(event.title) : "";
      const heading = title ? [make("h2", "", filled(words.heading, { title }))] : [];
      if (event.lanes) {
        const ends = [words.client, words.server].map((end, index) => make("span", index ? "server" : "client", said(end)));
        heading.push(...seen(make("div", "lanes", ...ends)));
      }
      const list = make("ol");
      list.dataset.of = event.event;
      scenes.push(make("section", "", ...heading, list));
    }
    if (event.event in DRAWN) scenes.at(-1).lastChild.append(...DRAWN[event.event](event));
  }
  return scenes;
}

// The titles of the acts.
const contents = (acts) => make("ol", "contents", ...acts.map((title) => make("li", "", said(title))));

// Let the oldest rows leave until the rest fits, and mark that they have left.
function fit(box) {
  box.classList.toggle("cut", box.scrollHeight > box.clientHeight);
  while (box.scrollHeight > box.clientHeight && box.firstElementChild) {
    const list = box.firstElementChild.lastChild;
    list.firstElementChild?.remove();
    if (!list.firstElementChild) box.firstElementChild.remove();
  }
}

/* The whole view. */

function draw() {
  const now = events[shown];
  let begins = shown;
  while (events[begins].event !== "act" && begins > 0) begins -= 1;
  const first = events[begins];
  const opens = first.event === "opening";
  document.documentElement.lang = language;
  document.title = said(events[0].subject);
  element("title").textContent = opens ? said(first.subject) : filled(words.act, { ...first, title: said(first.title) });
  element("tries").replaceChildren(...(opens ? legend(first) : [said(first.tries)]));
  const shows = now.event === "shows";
  element("shows").hidden = !shows;
  element("shows").replaceChildren(...(shows ? [make("b", "", said(words.shows)), said(now.sentence)] : []));
  const scenes = opens ? [contents(first.acts)] : scenesOf(events.slice(begins + 1, shown + 1));
  element("scenes").replaceChildren(...scenes);
  fit(element("scenes"));
  element("news").textContent = news();
  drawFooter();
}

// What a screen reader says: the event, after the heading of its scene if it is the first there.
function news() {
  const scene = events[shown - 1]?.event === "scene" ? `${said(events[shown - 1].text)}\n` : "";
  return scene + said(events[shown].text);
}

// The legend, its bytes looking as they do below.
function legend(opening) {
  const texts = [opening.legend, ...(opening.timed ? [words.times] : [])].map(said).join(language === "en" ? " " : "");
  const parts = texts.split(/(\[[A-Z]:[^\]]*\])/).map((part, index) =>
    index % 2 ? make("span", `piece ${part[1]}`, part) : part);
  return [...parts, `\n\n${said(words.keys)}`];
}

function drawFooter() {
  const all = steps();
  const at = all.indexOf(shown);
  element("position").textContent = filled(words.position, { step: at + 1, steps: all.length });
  element("state").textContent = state();
  element("back").disabled = at === 0;
  element("next").disabled = at === all.length - 1 && ready === null;
  const names = { back: words.back, next: words.next, shade: words.shade };
  for (const [id, name] of Object.entries(names)) {
    element(id).setAttribute("aria-label", said(name));
    element(id).title = said(name);
  }
  element("language").textContent = said(words.language);
  element("language").lang = language === "en" ? "zh" : "en";
}

/* Keys, buttons and the size of the window. */

const KEYS = {
  ArrowRight: next, PageDown: next, " ": next, Enter: next,
  ArrowLeft: back, PageUp: back, Backspace: back,
  Home: () => go(0), End: () => go(steps().at(-1)),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const presses = event.target instanceof HTMLButtonElement && [" ", "Enter"].includes(event.key);
  const act = /^[1-9]$/.test(event.key) ? () => goToAct(Number(event.key)) : undefined;
  const does = presses ? undefined : KEYS[event.key] ?? act;
  if (!does) return;
  event.preventDefault();
  does();
});

function otherLanguage() {
  language = language === "en" ? "zh" : "en";
  draw();
}

function otherShade() {
  const root = document.documentElement;
  const dark = getComputedStyle(root).colorScheme === "dark"
    || (getComputedStyle(root).colorScheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.style.colorScheme = dark ? "light" : "dark";
}

element("back").onclick = back;
element("next").onclick = next;
element("language").onclick = otherLanguage;
element("shade").onclick = otherShade;
addEventListener("resize", draw);

/* A live demonstration: events arrive while the sockets act, and each act waits for the reader. */

function play() {
  fetch(`play/${ready}`, { method: "POST" });
  ready = null;
}

function listen() {
  const source = new EventSource("events");
  source.onmessage = ({ data }) => receive(JSON.parse(data));
  source.addEventListener("ready", ({ data }) => {
    ready = Number(data);
    say(() => filled(words.ready, { number: ready }));
  });
  source.addEventListener("ended", () => {
    source.close();
    say(() => said(words.ended));
  });
  source.onerror = () => {
    source.close();
    say(() => said(words.lost));
  };
}

// Keep what arrives for the reader's next step, or show it if the reader waits for it.
function receive(event) {
  events.push(event);
  if (event.event === "act") [ready, state] = [null, () => ""];
  const isWanted = isStep(event) && steps().length === wanted;
  if (events.length === 1 || isWanted) go(events.length - 1);
  else drawFooter();
}

function say(what) {
  state = what;
  drawFooter();
}

if (words.live) listen();
if (events.length) go(steps()[wanted - 1] ?? 0);
