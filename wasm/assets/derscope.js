
// What starts the programs, in the page and in the Web Worker: cmd/build puts
// the toolchain's wasm_exec.js, which makes all of it strict, and the other
// scripts of this folder before it, and the names of the files into it. It
// holds no markup and evaluates no text, so the page's policy needs neither
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
  const sizes = __SIZES__; // of the programs, in octets
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

  // file gets one of the site's files that the program or a script asks for.
  const file = async (name) => {
    const r = await fetch(new URL(files[name], root));
    if (!r.ok) throw new Error("status " + r.status);
    return r;
  };
  self.examples = examples((name) => file(name).then((r) => r.text()));

  // answer hands what a promise gives to done, or else says why it gives nothing.
  const answer = (promise, done) => promise.then((got) => done(got), (err) => done(null, String(err.message || err)));

  self.site = {
    // get hands a file's octets to done, or says why there are none.
    get(name, done) {
      file(name).then((r) => r.arrayBuffer()).then((b) => done(new Uint8Array(b)), (err) => done(String(err.message)));
    },
    toLink(octets, most, done) { answer(toLink(octets, most), done); },
    fromLink(text, raw, most, done) { answer(fromLink(text, raw, most), done); },
    // leave takes a link out of the address, so that a reload does not open it again.
    leave() { if (location.hash.includes("=")) history.replaceState(null, "", location.href.split("#")[0]); },
    picture(name, form, done) { answer(picture(name, form), done); },
    layOut,
    draw,
    save,
    ...relay(root),
  };

  // The two scripts that the page may start: itself as the decoder's worker,
  // and the service worker.
  const start = { createScriptURL: (name) => name === "keeper" ? new URL("sw.js", root).href : script };
  const policy = self.trustedTypes ? trustedTypes.createPolicy("derscope", start) : start;

  // compiled fetches and compiles one of the two programs, with the type that
  // this needs and not every server knows. What the service worker has kept is
  // left as it is: the browser finds its own compiled form by that.
  const thrift = () => navigator.connection?.saveData ?? false;
  const compiled = async (name, options, far) => {
    const size = sizes[name];
    let n = 0, short;
    const program = async () => {
      const r = await fetch(new URL(files[name], root), options);
      if (!r.ok) throw new Error("The server answers " + r.status + " for " + files[name] + ".");
      const kept = navigator.serviceWorker?.controller && !(thrift() && name === "decoder");
      if (kept && r.headers.get("Content-Type") === "application/wasm") return r;
      const count = new TransformStream({
        transform(octets, on) { far(n += octets.length, size); on.enqueue(octets); },
        flush() { short = n < size && "Of " + size + " octets " + n + " came."; },
      });
      return new Response(r.body.pipeThrough(count), { headers: { "Content-Type": "application/wasm" } });
    };
    try {
      return await WebAssembly.compileStreaming(program());
    } catch (err) {
      console.error(err);
      throw new Error(short || err.message);
    }
  };

  // decoder is the page's worker, which starts while the program is fetched.
  // What it says goes to the program, or waits for it. It begins with the
  // program of the page; the whole decoder is fetched when there is nothing
  // else to do or the program asks for it, and started beside the worker whose
  // place it takes when the program says so.
  let give;
  const first = new Promise((done) => { give = done; });
  self.decoder = (() => {
    let current, next, whole, listen, coming, tell, late, early = [];
    const make = (module, all) => {
      const w = new Worker(policy.createScriptURL("decoder"), { name: "decoder" });
      const hear = (m) => {
        if (w === next && m.ready) {
          clearTimeout(late);
          return tell?.("here");
        }
        if (w === next) return lost(m);
        if (w !== current) return;
        if (m.ready) mark("decoder");
        if (m.ready && all) document.documentElement.dataset.readers = "all";
        if (m.ready) m.whole = all;
        listen ? listen(m) : early.push(m);
      };
      w.onmessage = (e) => hear(e.data);
      w.onerror = (e) => { e.preventDefault(); hear(e.message || "it ended"); };
      module.then((m) => (w === current || w === next) && w.postMessage(m));
      return w;
    };
    const lost = (why) => {
      clearTimeout(late);
      next?.terminate();
      coming = next = whole = undefined;
      tell?.("lost", why + (navigator.onLine ? "" : " This device is offline."));
    };
    const spawn = () => { current = make(whole ?? first, !!whole); };
    let again = false, said;
    const bring = async (options) => {
      const far = (n, size) => {
        const text = says.far(n, size);
        if (text !== said) tell?.("far", said = text);
      };
      try {
        const module = await compiled("decoder", again ? { cache: "reload" } : options, far);
        whole = Promise.resolve(module);
        if (!current) return;
        next = make(whole, true);
        late = setTimeout(lost, 15000, "They did not start within 15 s.");
      } catch (err) {
        again = true;
        lost(err.message);
      }
    };
    return {
      spawn,
      start(f) { listen = f; if (!current) spawn(); early.splice(0).forEach((m) => f(m)); },
      post(message, buffers) { current.postMessage(message, buffers); },
      kill() { clearTimeout(late); current?.terminate(); next?.terminate(); current = next = null; },
      // further has the whole decoder fetched, once; how that goes is told to
      // whom hear was given.
      further(options) { return coming ??= bring(options); },
      hear(f) { tell = f; },
      swap() {
        current.terminate();
        current = next;
        next = null;
        document.documentElement.dataset.readers = "all";
      },
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

  // load compiles the program, as often as it takes.
  const load = async (importing) => {
    for (let options = {}; ; options = { cache: "reload" }) {
      try {
        says.waiting(sizes.program);
        const program = await compiled("program", options, says.progress);
        give(program);
        return await WebAssembly.instantiate(program, importing);
      } catch (err) {
        await new Promise((retry) => says.failed(err.message, retry));
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
    // What a visitor pastes first must not wait for what is fetched for later.
    ready.then(() => setTimeout(() => (self.requestIdleCallback ?? setTimeout)(async () => {
      if (!thrift()) await self.decoder.further({ priority: "low" });
      offline(policy.createScriptURL("keeper"), says);
    }), 1000));
    await run.then(() => stop("It met a fault of its own and ended."), (err) => stop("It met a fault of its own: " + err.message + "."));
  })();
}
