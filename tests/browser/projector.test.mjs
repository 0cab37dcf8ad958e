// The page for the projector in a real browser: what the keys do, that it says what the terminal says, that an act fits
// the screen in large type, and that it can be read and heard. Screenshots of each act are left in target/browser/.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { launch } from "./chromium.mjs";

const TARGET = resolve(process.env.CARGO_TARGET_DIR ?? "target");
const KATA = resolve(TARGET, "debug/kata");
const OUT = resolve(TARGET, "browser");
const AXE = readFileSync(resolve(OUT, "node_modules/axe-core/axe.min.js"), "utf8");
const DEMONSTRATIONS = ["sticky", "polling", "threads", "hmac", "lifecycle", "io-models"];
const SIZES = [{ width: 1280, height: 720 }, { width: 1920, height: 1080 }];
const LANGUAGES = ["en", "zh"];

const run = promisify(execFile);
const file = (name) => resolve(OUT, `${name}.html`);
const address = (name, query = "") => `file://${file(name)}${query}`;

let browser;

before(async () => {
  mkdirSync(OUT, { recursive: true });
  await Promise.all(DEMONSTRATIONS.map((name) => run(KATA, ["demo", name, "--html", file(name)])));
  browser = await launch();
});

after(() => browser.close());

/** Open a page, use it, and see that none of its scripts has failed. */
async function on(url, size, use) {
  const page = await browser.open(url, size);
  await use(page);
  assert.deepEqual(page.errors, []);
  await page.close();
}

/** Load a page again. */
async function again(page) {
  const url = await page.run(() => location.href);
  await page.goto("about:blank");
  await page.goto(url);
}

const position = (page) => page.run(() => document.getElementById("position").textContent);
const news = (page) => page.run(() => document.getElementById("news").textContent);
const words = (text) => text.split(/\s+/).filter(Boolean);

test("the keys of keyboards and clickers go on and back", () => on(address("polling"), SIZES[0], async (page) => {
  assert.equal(await position(page), "Step 1 of 53");
  const presses = [
    ["ArrowRight", 2], ["PageDown", 3], [" ", 4], ["Enter", 5], ["ArrowLeft", 4], ["PageUp", 3], ["PageUp", 2],
    ["PageUp", 1], ["PageUp", 1], ["End", 53], ["PageDown", 53], ["Home", 1], ["2", 14], ["9", 14], ["x", 14],
  ];
  for (const [key, step] of presses) {
    await page.press(key);
    assert.equal(await position(page), `Step ${step} of 53`, key);
  }
}));

test("a key on a button does what the button does", () => on(address("polling"), SIZES[0], async (page) => {
  await page.run(() => document.getElementById("language").focus());
  await page.press(" ");
  assert.equal(await page.run(() => document.documentElement.lang), "zh");
  assert.equal(await page.run(() => shown), 0);
  await page.press("PageDown");
  assert.notEqual(await page.run(() => shown), 0);
}));

test("a page that is loaded again shows the same step", () => on(address("polling"), SIZES[0], async (page) => {
  await page.press("3");
  const before = await position(page);
  await again(page);
  assert.equal(await position(page), before);
}));

// The others show times or figures, which differ in every run.
for (const name of ["polling", "threads", "lifecycle"]) {
  test(`the steps of ${name} say what the terminal says, in its order`, async () => {
    const { stdout } = await run(KATA, ["demo", name, "--plain"]);
    await on(address(name), SIZES[0], async (page) => {
      let said = await news(page);
      while (await page.run(() => !document.getElementById("next").disabled)) {
        await page.press("ArrowRight");
        said += `\n${await news(page)}`;
      }
      assert.deepEqual(words(said), words(stdout));
    });
  });
}

/** In the page: go through all steps, and return what is wrong with how one looks. */
function misfits() {
  const wrong = [];
  const height = innerHeight * 0.035;
  for (const at of steps()) {
    go(at);
    const say = (what) => wrong.push(`${language} ${innerWidth} step ${steps().indexOf(at) + 1}: ${what}`);
    if (document.documentElement.scrollHeight > innerHeight) say("the page scrolls");
    const box = element("scenes").getBoundingClientRect();
    if (element("scenes").scrollHeight > element("scenes").clientHeight) say("the scenes scroll");
    const isDrawn = events[at].event in DRAWN;
    if (isDrawn && !document.querySelector("#scenes li")) say("nothing is left of the event");
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const parent = text.parentElement;
      if (!text.data.trim() || parent.closest(".spoken, script, style, [hidden]")) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      if (left < 0 || right > innerWidth || top < 0 || bottom > innerHeight) say(`outside: ${text.data}`);
      if (parseFloat(getComputedStyle(parent).fontSize) < height) say(`small: ${text.data}`);
      const cell = parent.closest("#scenes span");
      if (cell && cell.scrollWidth > cell.clientWidth + 1 && getComputedStyle(cell).display !== "inline") {
        say(`wider than its column: ${text.data}`);
      }
      if (parent.closest("#scenes") && bottom > box.bottom + 1) say(`below the scenes: ${text.data}`);
    }
  }
  return wrong;
}

for (const name of DEMONSTRATIONS) {
  test(`every step of ${name} fits the screen in large type`, async () => {
    for (const size of SIZES) {
      for (const language of LANGUAGES) {
        await on(address(name, `?lang=${language}`), size, async (page) => {
          assert.deepEqual(await page.run(misfits), []);
        });
      }
    }
  });

  test(`${name} can be read and heard by everyone`, async () => {
    const shades = ["light", "dark"];
    for (const [index, language] of LANGUAGES.entries()) {
      await on(address(name, `?lang=${language}`), SIZES[index], async (page) => {
        await page.run(`() => { ${AXE} }`);
        for (let number = 0; await act(page, number); number += 1) {
          await page.screenshot(resolve(OUT, `${name}-${number}-${language}.png`));
          for (const shade of shades) {
            await page.run((shade) => { document.documentElement.style.colorScheme = shade; }, shade);
            assert.deepEqual(await page.run(violations), [], `act ${number}, ${shade}`);
          }
        }
      });
    }
  });
}

/** Show the end of an act, or the opening for 0; false if there is no such act. */
function act(page, number) {
  return page.run((number) => {
    const acts = events.flatMap(({ event }, index) => (event === "act" ? [index] : []));
    if (number > acts.length) return false;
    go((acts[number] ?? events.length) - 1);
    return true;
  }, number);
}

/** In the page: what axe-core finds. Of contrast it is often not sure, so that is computed. */
async function violations() {
  const { violations } = await axe.run();
  const faint = [...document.body.querySelectorAll("*:not(.spoken, script)")].filter((element) => contrast(element) < 4.5);
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("  ")}`),
    ...faint.map(({ outerHTML }) => `too little contrast: ${outerHTML}`),
  ];

  /** How much the colour of a text differs from the paper, as WCAG defines it. */
  function contrast(element) {
    const lightness = [getComputedStyle(element).color, getComputedStyle(document.documentElement).backgroundColor]
      .map((colour) => colour.match(/\d+/g).map((it) => it / 255))
      .map((parts) => parts.map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)))
      .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
      .sort((one, other) => other - one);
    return (lightness[0] + 0.05) / (lightness[1] + 0.05);
  }
}

test("a screen reader gets the name of each button, and the heading", async () => {
  const names = {
    en: ["Back", "Next", "中文", "Light or dark"],
    zh: ["后退", "前进", "English", "浅色或深色"],
  };
  for (const language of LANGUAGES) {
    await on(address("polling", `?lang=${language}`), SIZES[0], async (page) => {
      await page.press("1");
      const { nodes } = await page.call("Accessibility.getFullAXTree");
      const named = (role) => nodes.filter((node) => node.role?.value === role).map((node) => node.name.value);
      assert.deepEqual(named("button"), names[language]);
      assert.deepEqual(named("heading"), [await page.run(() => said(events[shown].text).split("\n")[0])]);
    });
  }
});

test("buttons switch the language and between light and dark", () => on(address("sticky"), SIZES[0], async (page) => {
  const background = () => page.run(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.run(() => document.getElementById("shade").click());
  assert.notEqual(await background(), light);
  await page.run(() => document.getElementById("shade").click());
  assert.equal(await background(), light);
  const title = () => page.run(() => document.getElementById("title").textContent);
  assert.match(await title(), /^Sticky packets/);
  await page.run(() => document.getElementById("language").click());
  assert.match(await title(), /^粘包/);
  assert.equal(await page.run(() => document.documentElement.lang), "zh");
}));

test("the first event is shown within 0.2 seconds", async () => {
  const times = [];
  for (let load = 0; load < 5; load += 1) {
    await on(address("sticky"), SIZES[0], async (page) => {
      const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
      times.push(await page.until(painted));
      assert.notEqual(await news(page), "");
    });
  }
  // The least: the others also show what else the machine does.
  assert.ok(Math.min(...times) < 200, `${times} ms`);
  console.log(`first event after ${Math.round(Math.min(...times))} ms`);
});

/** Show a demonstration live, and use its address. */
async function live(name, use) {
  const program = spawn(KATA, ["demo", name, "--serve"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(program, "exit");
  const [line] = await once(program.stdout.setEncoding("utf8"), "data");
  const end = () => program.kill() && ended;
  try {
    await use(line.match(/http:\S+/)[0], end);
  } finally {
    await end();
  }
}

/** In the page: whether the last event is shown and no more will come. */
function isOver(ended) {
  return shown === events.length - 1 && document.getElementById("state").textContent === ended;
}

test("a live page plays an act when it is asked for, and says what the terminal says", () => live("lifecycle", async (url) => {
  const { stdout } = await run(KATA, ["demo", "lifecycle", "--plain"]);
  await on(url, SIZES[0], async (page) => {
    await page.until(() => ready === 1);
    let said = await news(page);
    while (!await page.run(isOver, "All acts have been played.")) {
      const before = await page.run(() => shown);
      await page.press("PageDown");
      // An act that has been played to its end must not begin the next one by itself.
      await page.until((before) => shown > before && (ready !== null || state() !== "" || step(shown, 1) !== shown), before);
      said += `\n${await news(page)}`;
    }
    assert.deepEqual(words(said), words(stdout));
    await on(url, SIZES[1], async (late) => {
      await late.until((count) => events.length === count, await page.run(() => events.length));
      assert.equal(await position(late), (await position(page)).replace(/\d+/, "1"));
    });
  });
}));

test("what arrives does not move the view, and a page that is loaded again shows the same step", () => live("polling", (url) => on(url, SIZES[0], async (page) => {
  await page.until(() => ready === 1);
  for (const key of ["PageDown", "PageDown", "PageDown", "PageUp"]) await page.press(key);
  await page.until(() => ready === 2);
  const where = await position(page);
  await page.run(() => play());
  await page.until(() => ready === 3);
  assert.match(await position(page), new RegExp(`^${where.match(/Step \d+/)[0]} of `));
  await again(page);
  await page.until((where) => ready === 3 && document.getElementById("position").textContent.startsWith(where), where.match(/Step \d+/)[0]);
})));

test("a live page says when its program has ended", () => live("polling", (url, end) => on(url, SIZES[0], async (page) => {
  await page.until(() => ready === 1);
  await end();
  await page.until((lost) => document.getElementById("state").textContent === lost, "The program that plays has ended.");
})));
