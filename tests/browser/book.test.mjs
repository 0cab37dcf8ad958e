// The built book in a browser: search finds Chinese, hints stay folded, every link of every page leads somewhere.
// `just browser` builds the book first.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { launch, serve } from "./chromium.mjs";

const BOOK = resolve(process.env.CARGO_TARGET_DIR ?? "target", "book");

// Each with a lesson in which it must be found. A space before or after Latin letters makes no difference.
const HITS = [
  ["粘包", "02_sticky_packet"],
  ["半包", "02_sticky_packet"],
  ["报头", "03_struct_header"],
  ["字节流", "03_struct_header"],
  ["流的结尾", "03_struct_header"],
  ["等待队列", "00_tcp_hello"],
  ["字节 小端", "03_struct_header"],
  ["轮询", "04_nonblocking_polling"],
  ["TCP只保证字节的顺序", "03_struct_header"],
  ["半关闭", "13_connection_lifecycle"],
];
const MISSES = ["量子纠缠", "粘包 区块链"];

let browser;
let site;

before(async () => {
  browser = await launch();
  site = await serve(BOOK);
});

after(async () => {
  await browser.close();
  await site.close();
});

/** The links of the results that are shown for a query, when they are. */
function results(query) {
  return [...document.querySelectorAll("#mdbook-searchresults a")].map((link) => decodeURIComponent(link.href));
}

function isDone(query) {
  const shown = !document.getElementById("mdbook-searchresults-outer").classList.contains("hidden");
  return shown && document.getElementById("mdbook-searchbar").value === query;
}

async function found(page, query) {
  await page.until(isDone, query);
  return page.run(results);
}

async function byTyping(query, language = "zh") {
  const page = await browser.open(`${site.address}/${language}/index.html`);
  await page.press("s");
  await page.until(() => document.activeElement.id === "mdbook-searchbar");
  await page.type(query);
  // The book searches when a key is released.
  await page.press("End");
  const links = await found(page, query);
  assert.deepEqual(page.errors, []);
  await page.close();
  return links;
}

async function byAddress(query, language = "zh") {
  const page = await browser.open(`${site.address}/${language}/index.html?search=${encodeURIComponent(query)}`);
  const links = await found(page, query);
  assert.deepEqual(page.errors, []);
  await page.close();
  return links;
}

for (const [way, search] of [["typing", byTyping], ["address", byAddress]]) {
  for (const [query, lesson] of HITS) {
    test(`${query} is found by ${way}`, async () => {
      const links = await search(query);
      assert(links.some((link) => link.includes(`/zh/${lesson}/`)), `${query}: ${links.join("\n")}`);
    });
  }
  for (const query of MISSES) {
    test(`${query} is not found by ${way}`, async () => assert.deepEqual(await search(query), []));
  }
  test(`an English query finds its words by ${way}`, async () => {
    const links = await search("sticky packets", "en");
    assert(links.some((link) => link.includes("/en/02_sticky_packet/")), links.join("\n"));
  });
  test(`a Chinese query finds what the English book quotes by ${way}`, async () => {
    const links = await search("粘包", "en");
    assert(links.some((link) => link.includes("/en/02_sticky_packet/")), links.join("\n"));
  });
}

test("a result shows the query in its place", async () => {
  const page = await browser.open(`${site.address}/zh/index.html?search=${encodeURIComponent("报头")}`);
  await found(page, "报头");
  const teasers = await page.run(() => [...document.querySelectorAll(".teaser")].map((it) => it.innerHTML));
  assert(teasers.length > 0 && teasers.every((it) => it.length < 300), teasers.join("\n"));
  assert(teasers.some((it) => it.includes("<em>报头</em>")), teasers.join("\n"));
  await page.close();
});

test("hints are folded, and no result shows one", async () => {
  const page = await browser.open(`${site.address}/zh/03_struct_header/hints.html`);
  const [all, open] = await page.run(() => [
    document.querySelectorAll("main details").length,
    document.querySelectorAll("main details[open]").length,
  ]);
  assert(all >= 60 && open === 0, `${open} of ${all} are open`);
  assert.equal(await page.run(() => document.querySelector("main details p").checkVisibility()), false);
  await page.close();
  const links = await byAddress("take(n).read_to_end");
  assert(links.every((link) => !link.includes("hints")), links.join("\n"));
});

test("a page leads to itself in the other language", async () => {
  const page = await browser.open(`${site.address}/en/03_struct_header/index.html`);
  const { href, text } = await page.run(() => {
    const link = document.getElementById("other-language");
    return { href: link.href, text: link.textContent };
  });
  assert.equal(href, `${site.address}/zh/03_struct_header/index.html`);
  assert.equal(text, "中文");
  await page.close();
});

test("the Chinese book has Chinese labels", async () => {
  const page = await browser.open(`${site.address}/zh/index.html?search=${encodeURIComponent("量子纠缠")}`);
  await page.until(() => document.getElementById("mdbook-searchresults-header").textContent === "没有找到");
  const labels = await page.run(() => {
    const buttons = document.querySelectorAll("[title], [aria-label], [placeholder]");
    const names = ["title", "aria-label", "placeholder"];
    return [...buttons].flatMap((it) => names.map((name) => it.getAttribute(name))).filter(Boolean);
  });
  assert.deepEqual(labels.filter((label) => !/\p{Script=Han}/u.test(label)), []);
  await page.close();
});

test("a Chinese character is two columns wide in a drawing, and an arrow one", async () => {
  for (const address of ["zh/00_tcp_hello/index.html", "handouts/03_struct_header.zh.html"]) {
    const page = await browser.open(`${site.address}/${address}`);
    await page.run(() => document.fonts.ready.then(() => true));
    const widths = await page.run(() => {
      const drawing = document.querySelector("pre code");
      const width = (text) => {
        drawing.replaceChildren(Object.assign(document.createElement("span"), { textContent: text.repeat(40) }));
        return drawing.firstChild.getBoundingClientRect().width / 40;
      };
      drawing.style.whiteSpace = "pre";
      const column = width("a");
      return ["神", "，", "│", "─", "→", "▶", "…"].map((text) => [text, Math.round((width(text) / column) * 10) / 10]);
    });
    assert.deepEqual(widths, [["神", 2], ["，", 2], ["│", 1], ["─", 1], ["→", 1], ["▶", 1], ["…", 1]], address);
    await page.close();
  }
});

test("each lesson shows its story in the language of the book", async () => {
  const shown = [];
  for (const [file, text] of await allPages()) {
    const [, story] = text.match(/<img class="story" [^>]*alt="([^"]*)"/) ?? [];
    // The name of the check comes first, then its file.
    if (story) shown.push([file, /^✗ [^/]*\p{Script=Han}/u.test(story)]);
  }
  assert(shown.length >= 32, `only ${shown.length} stories`);
  assert.deepEqual(shown.filter(([file, isChinese]) => isChinese !== file.includes("/zh/")), []);
});

test("stories are scaled to the page", async () => {
  for (const width of [380, 1280]) {
    const page = await browser.open(`${site.address}/en/03_struct_header/index.html`, { width });
    const [shown, room, high] = await page.run(() => {
      const story = document.querySelector("img.story");
      return [story.clientWidth, story.parentElement.clientWidth, story.clientHeight];
    });
    assert(shown > 0 && shown <= room && high > 0, `${shown} of ${room}`);
    await page.close();
  }
});

test("every link of every page leads somewhere", async () => {
  const pages = await allPages();
  const anchors = new Map(pages.map(([file, text]) => [file, new Set([...text.matchAll(/ id="([^"]*)"/g)].map((it) => it[1]))]));
  const files = new Set((await readdir(BOOK, { recursive: true })).map((name) => join(BOOK, name)));
  const dead = [];
  for (const [file, text] of pages) {
    for (const [, target] of text.matchAll(/ (?:href|src)="([^"]*)"/g)) {
      if (/^(https?|data|mailto):/.test(target)) continue;
      const [path, fragment] = decodeURI(target).split("#");
      const to = path ? resolve(dirname(file), path) : file;
      const isDead = !files.has(to) || (fragment && anchors.has(to) && !anchors.get(to).has(fragment));
      if (isDead) dead.push(`${file}: ${target}`);
    }
  }
  assert.deepEqual(dead, []);
});

test("pages are below 300 kB, the index below 600 kB compressed", async () => {
  const sizes = await Promise.all((await allPages()).map(async ([file]) => [file, (await stat(file)).size]));
  assert.deepEqual(sizes.filter(([, size]) => size >= 300_000), []);
  for (const language of ["en", "zh"]) {
    const names = await readdir(join(BOOK, language));
    const index = names.find((name) => /^searchindex.*\.js$/.test(name));
    const size = gzipSync(await readFile(join(BOOK, language, index))).length;
    assert(size < 600_000, `${language}: ${size}`);
  }
});

/** Every page of both books, with its text. */
async function allPages() {
  const folders = ["en", "zh"].map((language) => join(BOOK, language));
  const names = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true })));
  const files = names.flatMap((some, at) => some.map((name) => join(folders[at], name)));
  const pages = files.filter((file) => file.endsWith(".html") && !file.endsWith("/404.html"));
  return Promise.all(pages.map(async (file) => [file, await readFile(file, "utf8")]));
}
