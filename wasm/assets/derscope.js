"use strict";
// What starts the program, in the page and in the Web Worker: cmd/build puts
// the toolchain's wasm_exec.js before it and the names of the files into it.
// It holds no markup and evaluates no text, so the page's policy needs neither
// 'unsafe-inline' nor 'unsafe-eval'.

if (typeof document === "undefined") worker(); else page();

function worker() {
  const go = new Go();
  // The program calls serve when it is ready; it needs nothing from outside.
  self.serve = (answer) => {
    for (const name of ["fetch", "XMLHttpRequest", "WebSocket", "EventSource", "WebTransport",
      "importScripts", "BroadcastChannel", "indexedDB", "caches"]) {
      Object.defineProperty(self, name, { value: undefined });
    }
    self.onmessage = (e) => answer(e.data);
    self.postMessage({ ready: true });
  };
  self.onmessage = async (e) => {
    const instance = await WebAssembly.instantiate(e.data, go.importObject);
    await go.run(instance);
    self.postMessage("its program stopped");
  };
  self.onunhandledrejection = (e) => self.postMessage("its program stopped: " + e.reason);
}

function page() {
  const files = __FILES__; // name: path below the site's root
  const script = document.currentScript.src;
  const root = new URL("..", script); // the script is in assets/
  const mark = (name) => {
    performance.mark(name);
    document.documentElement.dataset[name] = "ready";
  };

  // go-app looks routes up below the root, and the page has one.
  if (location.pathname.endsWith("/index.html")) {
    history.replaceState(null, "", new URL(location.search + location.hash, root));
  }
  const prefix = root.pathname.replace(/\/$/, "");
  const env = {
    GOAPP_INTERNAL_URLS: "null",
    GOAPP_ROOT_PREFIX: prefix,
    GOAPP_STATIC_RESOURCES_URL: prefix,
    GOAPP_VERSION: "",
  };
  self.goappGetenv = (name) => env[name];
  self.goappNav = self.goappOnUpdate = self.goappOnAppInstallChange = () => {};

  // answer hands what a promise gives to done, or says why it gives nothing.
  const answer = (promise, done) => promise.then(done, (err) => done(String(err.message || err)));

  // through sends octets through a stream and takes no more than most of them.
  const through = async (octets, stream, most) => {
    const reader = new Blob([octets]).stream().pipeThrough(stream()).getReader();
    const parts = [];
    for (let n = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      parts.push(value);
      if ((n += value.length) > most) {
        reader.cancel();
        throw "too large";
      }
    }
  };

  // picture draws a picture of the page anew, to stand alone on white: the
  // colours of the light theme, which data-light brings back in the dark one,
  // are written into each element, as other programs know no style sheet.
  const looks = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order"];
  const fonts = ["font-family", "font-size", "font-weight", "font-style", "text-anchor"];
  const picture = async (name, form) => {
    const shown = document.querySelector(`svg[data-picture="${CSS.escape(name)}"]`);
    const { width, height } = shown.viewBox.baseVal, edge = 12;
    const stage = document.createElement("div"), svg = shown.cloneNode(true);
    stage.dataset.light = "";
    stage.className = "stage";
    stage.append(svg);
    document.body.append(stage);
    for (const e of svg.querySelectorAll("*")) {
      const look = getComputedStyle(e);
      for (const p of e.tagName === "text" || e.tagName === "tspan" ? [...looks, ...fonts] : looks)
        if (look[p]) e.setAttribute(p, look[p]);
      for (const p of Object.keys(e.dataset)) delete e.dataset[p];
    }
    stage.remove();
    const put = (tag, text, attributes) => {
      const e = document.createElementNS(svg.namespaceURI, tag);
      e.textContent = text;
      for (const p in attributes) e.setAttribute(p, attributes[p]);
      return e;
    };
    const box = { x: -edge, y: -edge, width: width + 2 * edge, height: height + 2 * edge };
    const title = shown.closest("section")?.querySelector("h2")?.textContent ?? name;
    svg.prepend(put("title", title), put("desc", shown.getAttribute("aria-label")), put("rect", "", { ...box, fill: "#fff" }));
    for (const a of [...svg.attributes]) svg.removeAttribute(a.name);
    svg.setAttribute("viewBox", Object.values(box).join(" "));
    svg.setAttribute("width", box.width);
    svg.setAttribute("height", box.height);
    const file = new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
    const octets = async (b) => new Uint8Array(await b.arrayBuffer());
    if (form === "svg") return octets(file);
    const image = new Image(), url = URL.createObjectURL(file);
    image.src = url;
    await image.decode().finally(() => URL.revokeObjectURL(url));
    const canvas = new OffscreenCanvas(2 * box.width, 2 * box.height);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return octets(await canvas.convertToBlob());
  };

  self.site = {
    // get hands over a file's octets.
    get(name, done) {
      answer(fetch(new URL(files[name] ?? name, root))
        .then((r) => r.ok ? r.arrayBuffer() : Promise.reject(new Error("status " + r.status)))
        .then((b) => new Uint8Array(b)), done);
    },
    // deflate and inflate are RFC 1951, where the browser has it.
    packs: (() => { try { return !!new CompressionStream("deflate-raw"); } catch { return false; } })(),
    deflate(octets, done) { answer(through(octets, () => new CompressionStream("deflate-raw"), Infinity), done); },
    inflate(octets, most, done) { answer(through(octets, () => new DecompressionStream("deflate-raw"), most), done); },
    picture(name, form, done) { answer(picture(name, form), done); },
    // save hands a file to the user.
    save(name, type, content) {
      const a = document.createElement("a");
      a.href = URL.createObjectURL(new Blob([content], { type }));
      a.download = name;
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), 60000);
    },
  };

  const policy = self.trustedTypes
    ? trustedTypes.createPolicy("derscope", { createScriptURL: () => script })
    : { createScriptURL: () => script };

  // decoder is the page's worker, which starts while the program is compiled.
  // What it says goes to the program, or waits for it.
  const decoder = (program) => {
    let current, listen, early = [];
    const spawn = () => {
      const w = new Worker(policy.createScriptURL(""), { name: "decoder" });
      const tell = (m) => {
        if (w !== current) return;
        if (m.ready) mark("decoder");
        listen ? listen(m) : early.push(m);
      };
      w.onmessage = (e) => tell(e.data);
      w.onerror = (e) => { e.preventDefault(); tell(e.message || "it ended"); };
      current = w;
      program.then((compiled) => w === current && w.postMessage(compiled), () => {});
    };
    spawn();
    return {
      start(f) { listen = f; if (!current) spawn(); early.splice(0).forEach((m) => f(m)); },
      post(message, buffers) { current.postMessage(message, buffers); },
      kill() { current?.terminate(); current = null; },
    };
  };

  keepFocus();
  pointing();

  const stopped = (text) => {
    const p = document.getElementById("stopped");
    p.textContent = text;
    p.hidden = false;
    document.documentElement.dataset.program = "stopped";
  };

  (async () => {
    const go = new Go();
    let instance;
    // The page is readable before the program is there: let it be painted first.
    // In a hidden page no frame comes.
    await new Promise((go) => { requestAnimationFrame(() => setTimeout(go)); setTimeout(go, 100); });
    try {
      const program = WebAssembly.compileStreaming(fetch(new URL(files.program, root)));
      self.decoder = decoder(program);
      instance = await WebAssembly.instantiate(await program, go.importObject);
    } catch (err) {
      console.error(err);
      stopped("The program did not load: " + err.message + ". Reload the page to try again.");
      return;
    }
    const run = go.run(instance); // until it first waits: the page is drawn then
    mark("program");
    await run.catch(console.error);
    stopped("The program stopped. Reload the page to go on.");
  })();
}

// keepFocus hands the focus on when its control is removed, hidden or disabled:
// the browser would drop it, and with the keys one would begin at the top again.
// It goes to the same control if that was drawn anew, else to its neighbour in
// the smallest part of the page that is left.
function keepFocus() {
  const controls = "button:enabled, a[href], select:enabled, [tabindex='0']";
  const shown = (e) => e.isConnected && e.checkVisibility({ visibilityProperty: true }) && !e.disabled;
  let last, keys = true, around = [], due = false;
  addEventListener("keydown", () => { keys = true; }, true);
  addEventListener("pointerdown", () => { last = null; keys = false; }, true); // to leave a control is one's right
  addEventListener("focusin", (e) => {
    last = e.target;
    around = [];
    for (let in_ = last.parentElement; in_ && in_ !== document.body; in_ = in_.parentElement) {
      around.push({ in_, at: [...in_.querySelectorAll(controls)].indexOf(last) });
    }
  });
  const mend = () => {
    due = false;
    if (!last || document.activeElement !== document.body || shown(last)) return;
    const { id, dataset } = last;
    const twin = id ? document.getElementById(id) : dataset.do &&
      [...document.querySelectorAll("[data-do]")].find((e) => e.dataset.do === dataset.do && e.dataset.arg === dataset.arg && shown(e));
    let next = twin && shown(twin) ? twin : null;
    for (const { in_, at } of around) {
      if (next || in_.matches("main, .app")) break;
      if (!shown(in_)) continue;
      const left = [...in_.querySelectorAll(controls)].filter(shown);
      next = left[Math.min(Math.max(at, 0), left.length - 1)];
    }
    // Of a narrow page another part is in view now.
    for (const css of ["#result", "[role=tree]", "main button", ".bar button"]) {
      next ??= [...document.querySelectorAll(css)].find(shown);
    }
    next?.focus({ preventScroll: !keys });
  };
  // The browser drops the focus when it next draws the page.
  new MutationObserver(() => {
    if (due || document.activeElement !== document.body && shown(document.activeElement)) return;
    due = true;
    requestAnimationFrame(() => setTimeout(mend));
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "disabled", "data-section", "data-empty"] });
}

// pointing marks what belongs to what is under the pointer: the octets of a
// row, the row of an octet, and octets that the pointer is dragged over.
// Octets are marked by highlights, which change no element: the program draws
// nothing again until the pointer lets go of them.
function pointing() {
  if (!self.Highlight) return;
  const near = new Highlight(), drawn = new Highlight();
  CSS.highlights.set("near", near);
  CSS.highlights.set("drawn", drawn);

  // range covers characters of a part of a line, which is cut where its colour changes.
  const range = (part, from, to) => {
    const r = new Range(), texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    let at = 0;
    for (let n; (n = texts.nextNode()); at += n.length) {
      if (from >= at && from < at + n.length) r.setStart(n, from - at);
      if (to > at && to <= at + n.length) r.setEnd(n, to - at);
    }
    return r;
  };
  // paint marks the octets from one offset to before another, as far as they are drawn.
  const paint = (highlight, hex, from, to) => {
    highlight.clear();
    const per = +hex.dataset.per;
    for (const line of hex.querySelectorAll("[data-line]")) {
      const first = line.dataset.line * per;
      const part = line.querySelector("[data-part=text]");
      const a = Math.max(from - first, 0), b = Math.min(to - first, part.textContent.length);
      if (a >= b) continue;
      highlight.add(range(part, a, b));
      highlight.add(range(line.querySelector("[data-part=hex]"), 3 * a, 3 * b - 1));
    }
  };
  // octet is the offset of the one under the pointer.
  const octet = (e, part) => {
    const box = part.getBoundingClientRect(), x = (e.clientX - box.left) / box.width;
    const n = part.textContent.length, text = part.dataset.part === "text";
    const at = text ? Math.floor(x * n) : Math.floor(x * n / 3), last = text ? n - 1 : (n + 1) / 3 - 1;
    const line = part.closest("[data-line]");
    return line.dataset.line * line.closest("[data-per]").dataset.per + Math.min(Math.max(at, 0), last);
  };
  let row, anchor = -1, over = "";
  const leave = () => {
    near.clear();
    delete row?.dataset.near;
    row = undefined;
    over = "";
  };
  document.addEventListener("pointermove", (e) => {
    const part = e.target.closest?.("[data-part]"), at = e.target.closest?.("[data-at]")?.dataset.at;
    const hex = document.getElementById("hex");
    if (!part && !at || !hex) return over && leave();
    if (part) {
      const off = octet(e, part);
      if (over === "octet " + off) return;
      leave();
      over = "octet " + off;
      if (anchor >= 0 && e.buttons & 1) {
        hex.dataset.from = anchor;
        hex.dataset.to = off;
        paint(drawn, hex, Math.min(anchor, off), Math.max(anchor, off) + 1);
        return;
      }
      let least = Infinity;
      for (const r of document.querySelectorAll(".tree [data-at]")) {
        const [source, from, to] = r.dataset.at.split(" ");
        if (source !== hex.dataset.source || off < +from || off >= +to || to - from > least) continue;
        least = to - from;
        row = r;
      }
      if (row) row.dataset.near = "yes";
    } else if (over !== at) {
      leave();
      over = at;
      const [source, from, to] = at.split(" ");
      if (source === hex.dataset.source) paint(near, hex, +from, +to);
    }
  }, { passive: true });
  document.addEventListener("scroll", leave, { capture: true, passive: true });
  document.addEventListener("pointerdown", (e) => {
    const part = e.target.closest?.("[data-part]");
    anchor = part && e.button === 0 && e.pointerType !== "touch" && !e.shiftKey ? octet(e, part) : -1;
    delete document.getElementById("hex")?.dataset.to;
  });
  document.addEventListener("pointerup", (e) => {
    drawn.clear();
    const hex = document.getElementById("hex");
    // The click that follows goes to what is around both ends; beside the octets it has to be made.
    if (anchor >= 0 && hex?.dataset.to && !hex.contains(e.target)) hex.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    anchor = -1;
  });
}
