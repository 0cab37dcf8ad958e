// Drive a headless Chromium with nothing but Node: the DevTools protocol over a pipe, so no port is taken.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

/** How long a condition may take to come true, in milliseconds. It fails a test that would wait for ever. */
const DEADLINE = 10_000;

/** Start Chromium; `CHROMIUM` in the environment names another program. */
export async function launch() {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const options = ["--headless", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${profile}`];
  // Root cannot start it in its own sandbox. The pages are ours.
  if (process.getuid?.() === 0) options.push("--no-sandbox");
  const program = spawn(process.env.CHROMIUM ?? "chromium", options, {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  await once(program, "spawn");
  return new Browser(program, profile);
}

class Browser {
  #program;
  #profile;
  #waiting = new Map();
  #listeners = new Set();
  #last = 0;

  constructor(program, profile) {
    this.#program = program;
    this.#profile = profile;
    let text = "";
    program.stdio[4].setEncoding("utf8").on("data", (piece) => {
      const messages = (text + piece).split("\0");
      text = messages.pop();
      messages.forEach((message) => this.#receive(JSON.parse(message)));
    });
  }

  #receive(message) {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (waiting) message.error ? waiting.reject(new Error(message.error.message)) : waiting.resolve(message.result);
    else this.#listeners.forEach((listener) => listener(message));
  }

  /** Call a method of the DevTools protocol. */
  call(method, params = {}, sessionId = undefined) {
    const id = ++this.#last;
    this.#program.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Pass every event of a session to `listener`. */
  listen(sessionId, listener) {
    this.#listeners.add((message) => message.sessionId === sessionId && listener(message));
  }

  /** Open a page of this size, and wait until it is loaded. */
  async open(url, { width = 1280, height = 720 } = {}) {
    const { targetId } = await this.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, targetId, sessionId);
    await page.call("Page.enable");
    await page.call("Runtime.enable");
    await page.call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await page.goto(url);
    return page;
  }

  /** End Chromium, and remove its profile. */
  async close() {
    const ended = once(this.#program, "exit");
    await this.call("Browser.close");
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Page {
  /** What the page's scripts have failed with. */
  errors = [];
  #browser;
  #target;
  #session;
  #loaded = () => {};

  constructor(browser, target, session) {
    this.#browser = browser;
    this.#target = target;
    this.#session = session;
    browser.listen(session, ({ method, params }) => {
      if (method === "Page.loadEventFired") this.#loaded();
      if (method === "Runtime.exceptionThrown") this.errors.push(params.exceptionDetails.exception?.description);
    });
  }

  call(method, params) {
    return this.#browser.call(method, params, this.#session);
  }

  /** Go to an address, and wait until it is loaded. */
  async goto(url) {
    const loaded = new Promise((resolve) => (this.#loaded = resolve));
    const { errorText } = await this.call("Page.navigate", { url });
    assert.equal(errorText, undefined, url);
    await loaded;
  }

  /** Call a function in the page with arguments that JSON can hold, and return what it returns. */
  async run(call, ...given) {
    const expression = `(${call})(...${JSON.stringify(given)})`;
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.call("Runtime.evaluate", options);
    assert.equal(exceptionDetails, undefined, exceptionDetails?.exception?.description);
    return result.value;
  }

  /** Wait until a function in the page returns something true, and return it; it is called in each frame. */
  until(condition, ...given) {
    const wait = `async (deadline, ...given) => {
      const end = performance.now() + deadline;
      for (;;) {
        const value = await (${condition})(...given);
        if (value) return value;
        if (performance.now() > end) throw new Error("never true: " + ${JSON.stringify(String(condition))});
        await new Promise(requestAnimationFrame);
      }
    }`;
    return this.run(wait, DEADLINE, ...given);
  }

  /** Press a key, by its name: "ArrowRight", "PageDown", " ". */
  async press(key) {
    const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
    const named = { key, code: CODES[key] ?? key, windowsVirtualKeyCode: NUMBERS[key] ?? key.toUpperCase().charCodeAt(0) };
    await this.call("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...named });
    await this.call("Input.dispatchKeyEvent", { type: "keyUp", ...named });
  }

  /** Enter a text, as an input method does, into what has the focus. */
  async type(text) {
    await this.call("Input.insertText", { text });
  }

  /** Write what is shown into a PNG file, and return the bytes. */
  async screenshot(file) {
    const { data } = await this.call("Page.captureScreenshot", { format: "png" });
    const bytes = Buffer.from(data, "base64");
    if (file) await writeFile(file, bytes);
    return bytes;
  }

  close() {
    return this.#browser.call("Target.closeTarget", { targetId: this.#target });
  }
}

const CODES = { " ": "Space" };
const NUMBERS = {
  ArrowDown: 40, ArrowLeft: 37, ArrowRight: 39, ArrowUp: 38, End: 35, Enter: 13, Escape: 27, Home: 36, PageDown: 34,
  PageUp: 33, Tab: 9,
};

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml" };

/** Serve a folder on a free port of this machine: its address, and a function that ends it. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    try {
      const bytes = await readFile(join(folder, path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return { address: `http://127.0.0.1:${server.address().port}`, close };
}
