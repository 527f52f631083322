"use strict";
// What starts the program, in the page and in the Web Worker: cmd/build puts
// the toolchain's wasm_exec.js, states.js and offline.js before it and the
// names of the files into it. It holds no markup and evaluates no text, so the
// page's policy needs neither 'unsafe-inline' nor 'unsafe-eval'.

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
  const size = __SIZE__; // of the program, in octets
  const script = document.currentScript.src;
  const root = new URL("..", script); // the script is in assets/
  const says = states();
  document.documentElement.dataset.script = "ready";
  const lacks = lacking();
  if (location.protocol === "file:") {
    says.unable("This page was opened as a file", "A browser does not let a page that it reads from a folder load a program.",
      "Serve the folder instead: run “python3 -m http.server” in it and open http://localhost:8000/. Any other web server does as well.");
    return;
  }
  if (lacks.length) {
    says.unable("This browser cannot run derscope", "It lacks " + lacks.join(" and ") + ".",
      "Use a newer browser, or another one: derscope is tested in Chromium and in Firefox.");
    return;
  }

  const marks = {};
  const ready = Promise.all(["program", "decoder"].map((name) => new Promise((done) => { marks[name] = done; })));
  const mark = (name) => {
    performance.mark(name);
    document.documentElement.dataset[name] = "ready";
    marks[name]();
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
  self.BroadcastChannel = undefined; // go-app would tell other tabs of states, and has none to tell of

  self.examples = examples((name) => fetch(new URL(files[name], root))
    .then((r) => r.ok ? r.text() : Promise.reject(new Error("status " + r.status))));

  // answer hands what a promise gives to done, or else says why it gives nothing.
  const answer = (promise, done) => promise.then((got) => done(got), (err) => done(null, String(err.message || err)));

  // through sends octets through a stream and takes no more than most of them.
  const through = async (octets, stream, most) => {
    const reader = new Blob([octets]).stream().pipeThrough(stream).getReader();
    const parts = [];
    for (let n = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      parts.push(value);
      if ((n += value.length) > most) {
        reader.cancel();
        throw null;
      }
    }
  };

  // toLink makes an address of octets: base64url (RFC 4648) in the fragment, of
  // what deflate (RFC 1951) makes of them where the browser has that; no text
  // if it would have more than most characters.
  const toLink = async (octets, most) => {
    let head = location.href.split("#")[0], text = "", stream;
    try { stream = new CompressionStream("deflate-raw"); } catch { /* the browser is older */ }
    if (stream) octets = await through(octets, stream, Infinity);
    head += stream ? "#v1=" : "#r1=";
    const size = head.length + Math.ceil(octets.length * 4 / 3);
    if (size > most) return { text, size };
    for (const b of octets) text += String.fromCharCode(b);
    text = head + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    return { text, size };
  };

  // fromLink reads the value of a fragment, or says why it cannot be read.
  // Where a link stood in a sentence, its full stop or bracket often comes along.
  const fromLink = async (text, raw, most) => {
    text = text.replace(/[=.,;:!?)>\]}"'*]+$/, "");
    const odd = text.match(/[^A-Za-z0-9_-]/);
    if (odd) throw `The link is damaged: «${odd}» cannot stand in it.`;
    const cut = "The link is damaged: it was cut short or changed on its way, and cannot be unpacked.";
    let octets;
    try {
      octets = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    } catch { throw cut; }
    if (raw) return octets;
    let stream;
    try { stream = new DecompressionStream("deflate-raw"); }
    catch { throw "This browser cannot unpack the link. Open it in a current version of Firefox, Chrome, Edge or Safari."; }
    try {
      return await through(octets, stream, most);
    } catch (err) {
      throw err ? cut : "The link unpacks to more than 64 MiB, which no link of derscope does.";
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
    if (form === "svg") return self.site.save(name + ".svg", file.type, file);
    const image = new Image(), url = URL.createObjectURL(file);
    image.src = url;
    await image.decode().finally(() => URL.revokeObjectURL(url));
    const canvas = new OffscreenCanvas(2 * box.width, 2 * box.height);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    self.site.save(name + ".png", "image/png", await canvas.convertToBlob());
  };

  self.site = {
    // get hands a file's octets to done, or says why there are none.
    get(name, done) {
      fetch(new URL(files[name] ?? name, root))
        .then((r) => r.ok ? r.arrayBuffer() : Promise.reject(new Error("status " + r.status)))
        .then((b) => done(new Uint8Array(b)), (err) => done(String(err.message)));
    },
    toLink(octets, most, done) { answer(toLink(octets, most), done); },
    fromLink(text, raw, most, done) { answer(fromLink(text, raw, most), done); },
    // leave takes a link out of the address, so that a reload does not open it again.
    leave() { if (location.hash.includes("=")) history.replaceState(null, "", location.href.split("#")[0]); },
    picture(name, form, done) { answer(picture(name, form), done); },
    // layOut makes the page to print of lines: a tag with a class, and a text,
    // with code between backquotes; without a text what follows is inside, up to "/".
    layOut(id, lines) {
      let at = document.body.appendChild(document.createElement("article"));
      at.id = id;
      at.dataset.light = "";
      for (const line of lines.split("\n")) {
        const [, tag, kind, text] = line.match(/^([a-z]\w*)\.?(\w*) ?(.*)/) ?? [];
        if (line === "/") at = at.parentNode;
        else if (tag === "picture") at.append(document.querySelector(`svg[data-picture="${text}"]`)?.cloneNode(true) ?? "");
        else if (tag) {
          const e = at.appendChild(document.createElement(tag));
          e.className = kind;
          text.split("`").forEach((part, i) => {
            if (i % 2) e.appendChild(document.createElement("code")).textContent = part;
            else e.append(part);
          });
          at.append(" ");
          if (!text) at = e;
        }
      }
    },
    // save hands a file to the user.
    save(name, type, content) {
      const a = document.createElement("a");
      a.href = URL.createObjectURL(new Blob([content], { type }));
      a.download = name;
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), 60000);
    },
  };

  // The two scripts that the page may start: itself as the decoder's worker,
  // and the service worker.
  const start = { createScriptURL: (name) => name === "keeper" ? new URL("sw.js", root).href : script };
  const policy = self.trustedTypes ? trustedTypes.createPolicy("derscope", start) : start;

  // decoder is the page's worker, which starts while the program is fetched.
  // What it says goes to the program, or waits for it.
  let give;
  const compiled = new Promise((done) => { give = done; });
  self.decoder = (() => {
    let current, listen, early = [];
    const spawn = () => {
      const w = new Worker(policy.createScriptURL("decoder"), { name: "decoder" });
      const tell = (m) => {
        if (w !== current) return;
        if (m.ready) mark("decoder");
        listen ? listen(m) : early.push(m);
      };
      w.onmessage = (e) => tell(e.data);
      w.onerror = (e) => { e.preventDefault(); tell(e.message || "it ended"); };
      current = w;
      compiled.then((program) => w === current && w.postMessage(program));
    };
    return {
      spawn,
      start(f) { listen = f; if (!current) spawn(); early.splice(0).forEach((m) => f(m)); },
      post(message, buffers) { current.postMessage(message, buffers); },
      kill() { current?.terminate(); current = null; },
    };
  })();

  // What is done before the program is here waits for it: a file that is
  // dropped must not replace the page, and a button that does nothing must say
  // what it waits for.
  const dropped = new DataTransfer();
  const before = {
    dragover: (e) => e.preventDefault(),
    drop: (e) => {
      e.preventDefault();
      for (const f of e.dataTransfer.files) dropped.items.add(f);
      says.early();
    },
    click: (e) => { if (e.target.closest?.("#app button")) says.early(); },
  };
  for (const kind in before) addEventListener(kind, before[kind]);
  const begun = () => {
    for (const kind in before) removeEventListener(kind, before[kind]);
    if (dropped.files.length) dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, cancelable: true }));
  };

  keepFocus();
  pointing();

  let short; // why what came cannot be compiled

  // fetched gives the program as it comes, with the type that compiling needs
  // and not every server knows. What the service worker has kept is left as it
  // is: the browser finds its own compiled form by that.
  const fetched = async (again) => {
    const r = await fetch(new URL(files.program, root), again ? { cache: "reload" } : {});
    if (!r.ok) throw new Error("The server answers " + r.status + " for " + files.program + ".");
    if (navigator.serviceWorker?.controller && r.headers.get("Content-Type") === "application/wasm") return r;
    let n = 0;
    const count = new TransformStream({
      transform(octets, on) { says.progress(n += octets.length, size); on.enqueue(octets); },
      flush() { short = n < size && "Of " + size + " octets " + n + " came."; },
    });
    return new Response(r.body.pipeThrough(count), { headers: { "Content-Type": "application/wasm" } });
  };

  // load compiles the program, as often as it takes.
  const load = async (importing) => {
    for (let again = false; ; again = true) {
      try {
        short = "";
        says.waiting(size);
        const program = await WebAssembly.compileStreaming(fetched(again));
        give(program);
        return await WebAssembly.instantiate(program, importing);
      } catch (err) {
        console.error(err);
        await new Promise((retry) => says.failed(short || err.message, retry));
      }
    }
  };

  (async () => {
    const go = new Go();
    const loaded = load(go.importObject);
    // The page is readable before the program runs: let it be painted first. In
    // a hidden page no frame comes.
    await new Promise((go) => { requestAnimationFrame(() => setTimeout(go)); setTimeout(go, 100); });
    self.decoder.spawn();
    const instance = await loaded;
    says.running();
    const run = go.run(instance); // until it first waits: the page is drawn then
    mark("program");
    begun();
    const stop = (why) => {
      // Nobody is there any more to hear what happens in the page, and no timer rings twice.
      go._resume = () => go._scheduledTimeouts.clear();
      self.decoder.kill();
      for (const kind of ["dragover", "drop"]) addEventListener(kind, (e) => e.preventDefault());
      says.stopped(why);
    };
    // A fault that stops the program in the middle of an event ends no promise.
    addEventListener("error", (e) => e.error instanceof WebAssembly.RuntimeError && stop("It met a fault of its own: " + e.message + "."));
    ready.then(() => (self.requestIdleCallback ?? setTimeout)(() => offline(policy.createScriptURL("keeper"), says)));
    await run.then(() => stop("It met a fault of its own and ended."), (err) => stop("It met a fault of its own: " + err.message + "."));
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
