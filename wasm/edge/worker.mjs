// The worker: it reads what is sent, with the bounds that only it can keep,
// and calls the program, which answers before it returns. See main.go.

import "./wasm_exec.mjs"; // the toolchain's own
import program from "./derscope.wasm";

const bodyTime = 10_000; // milliseconds for a body to arrive
const mostMemory = 48 << 20; // octets; memory never shrinks, so a larger instance is dropped

let shared; // the instance that answers

// start makes an instance. The library reads what it is to know of the host
// from globalThis.context, before run returns.
function start(env) {
  const go = new Go();
  const binding = {};
  const instance = new WebAssembly.Instance(program, { ...go.importObject, workers: { ready() {} } });
  globalThis.context = { env, binding };
  try {
    go.run(instance).catch(() => {});
  } finally {
    delete globalThis.context;
  }
  return { ...binding, ended: () => go.exited, memory: () => instance.exports.mem.buffer.byteLength };
}

function running(env) {
  if (!shared || shared.ended()) shared = start(env);
  return shared;
}

// call lets the program answer. One that ends itself meanwhile, or that grew
// large, makes way for the next.
function call(env, head, body, came) {
  const it = running(env);
  try {
    const said = it.answer(head, body, came);
    if (said && !it.ended()) return said;
  } catch (e) {
    console.error("derscope: the program ended:", String(e));
    if (shared === it) shared = undefined;
  } finally {
    if (shared === it && it.memory() > mostMemory) shared = undefined;
  }
  return lost(it.memory() > mostMemory);
}

const none = { pieces: [], size: 0, failure: "" };

// read takes a body until it ends, has as many octets as are wanted, or the
// time is over.
async function read(stream, most, end) {
  if (!stream) return none;
  const got = { pieces: [], size: 0, failure: "" };
  const reader = stream.getReader();
  // This clock stands still while the program judges for others, so that what
  // lies ready by then is not late.
  let timer, ticks = (end - Date.now()) / 100;
  const late = new Promise((done) => { timer = setInterval(() => --ticks > 0 || done("late"), 100); });
  try {
    while (got.size < most) {
      const step = await Promise.race([reader.read(), late]);
      if (step === "late") {
        got.failure = "late";
        break;
      }
      if (step.done) return got;
      const piece = step.value.subarray(0, most - got.size);
      got.pieces.push(piece);
      got.size += piece.byteLength;
    }
  } catch {
    got.failure = "broken";
  } finally {
    clearInterval(timer);
  }
  reader.cancel().catch(() => {});
  return got;
}

// readRequest reads what a client sends. What it announces to be too much is
// not waited for.
async function readRequest(request, most, end) {
  if (Number(request.headers.get("content-length")) >= most) return { ...none, failure: "large" };
  return read(request.body, most, end);
}

const bare = new Set([101, 204, 205, 304]);

// respond sends what the program said.
function respond(said) {
  const [status, ...fields] = said.head.split("\n");
  const headers = [];
  for (let i = 0; i < fields.length; i += 2) headers.push([fields[i], fields[i + 1]]);
  return new Response(bare.has(+status) ? null : said.body, { status: +status, headers });
}

// bars are sent with what no program said.
const bars = {
  "cache-control": "no-store", "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
};

// lost is what is said for a program that ended: for want of memory, or by a
// mistake of its own.
function lost(full) {
  const problem = full ? {
    type: "about:blank", title: "Unprocessable Content", status: 422,
    detail: "To judge this takes more memory than there is at the edge. Send fewer things at once, or use derscope inspect on a machine of yours.",
  } : {
    type: "about:blank", title: "Internal Server Error", status: 500,
    detail: "A mistake in this program kept it from answering. Nothing was kept; the input that does it would help to mend it.",
  };
  const fields = { "content-type": "application/problem+json", "access-control-allow-origin": "*", ...bars };
  return { head: [problem.status, ...Object.entries(fields).flat()].join("\n"), body: JSON.stringify(problem, null, 2) + "\n" };
}

const headOf = (request) => [request.method, request.url, ...[...request.headers].flat()].join("\n");

async function inspect(request, env) {
  const body = await readRequest(request, running(env).bounds.inspect, Date.now() + bodyTime);
  return respond(call(env, headOf(request), body));
}

// relay asks the program what to fetch, fetches it or has it kept, and lets
// the program judge it.
async function relay(request, env, ctx) {
  const { bounds } = running(env);
  const end = Date.now() + bounds.patience; // for all of it
  const form = /^multipart\//i.test(request.headers.get("content-type") ?? "");
  const body = await readRequest(request, form ? bounds.form : bounds.request, end);
  const head = headOf(request);
  const said = call(env, head, body);
  if (!said.ask) return respond(said);
  const { ask } = said;
  const at = new URL("/api/ocsp/kept/" + ask.key, request.url).href;
  const kept = ask.fresh ? undefined : await find(at);
  const came = kept ?? await fetchFrom(ask, bounds.response, end);
  const answer = call(env, head, body, came);
  if (answer.until && !kept) ctx.waitUntil(keep(at, came.body, answer.until));
  return respond(answer);
}

// fetchFrom asks a responder. It follows nothing.
async function fetchFrom(ask, most, end) {
  const [method, url, ...fields] = ask.head.split("\n");
  const headers = [];
  for (let i = 0; i < fields.length; i += 2) headers.push([fields[i], fields[i + 1]]);
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), Math.max(0, end - Date.now()));
  try {
    const answer = await fetch(url, { method, headers, body: ask.body, redirect: "manual", signal: control.signal });
    const head = [answer.status, ...[...answer.headers].flat()].join("\n");
    // A length that is too long says enough.
    const long = answer.status === 200 && Number(answer.headers.get("content-length")) >= most;
    if (long) control.abort();
    const body = long ? none : await read(answer.body, most, end);
    if (body.failure && control.signal.aborted) body.failure = "late"; // whichever of the two timers was first
    return { head, body, kept: false };
  } catch {
    return { head: "0", body: { ...none, failure: control.signal.aborted ? "late" : "broken" }, kept: false };
  } finally {
    clearTimeout(timer);
  }
}

// find looks for an answer that is still good. Without a cache there is none.
async function find(at) {
  try {
    const kept = await caches.default.match(at);
    const until = kept?.headers.get("derscope-until");
    if (!until) return;
    const piece = new Uint8Array(await kept.arrayBuffer());
    return { head: until, body: { pieces: [piece], size: piece.byteLength, failure: "" }, kept: true };
  } catch {}
}

// keep keeps an answer for as long as the program said.
async function keep(at, body, until) {
  const seconds = Math.floor(until - Date.now() / 1000);
  if (seconds <= 0) return;
  const headers = { "cache-control": "max-age=" + seconds, "derscope-until": String(until) };
  try {
    await caches.default.put(at, new Response(new Blob(body.pieces), { headers }));
  } catch {}
}

// plain is a path as the program reads it, without escapes.
function plain(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export default {
  async fetch(request, env, ctx) {
    const path = plain(new URL(request.url).pathname);
    try {
      if (path === "/api/inspect") return await inspect(request, env);
      if (path === "/api/ocsp" || path.startsWith("/api/ocsp/")) return await relay(request, env, ctx);
      if (path.startsWith("/api/")) return respond(call(env, headOf(request), none));
    } catch (e) {
      console.error("derscope:", String(e));
      return respond(lost(false));
    }
    // Not as a missing file of the site, which browsers would keep as long as one that is there.
    return new Response("no such page\n", { status: 404, headers: bars });
  },
};
