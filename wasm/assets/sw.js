"use strict";
// Keeps the whole site, so that it opens without a network. cmd/build puts in
// the list of the files and a version, which is a hash over all of them: when
// any file changes, so does this one, and the browser fetches the new site
// beside the old one.

const version = "__VERSION__";
const files = __FILES__; // relative to the site's root; "./" is the page
const base = new URL("./", self.location).pathname;
// Other sites of this origin have caches too, and may be derscope themselves.
const family = "derscope " + base + " ", name = family + version;
const page = new URL("./", self.location).href;
const known = new Set(files.map((f) => new URL(f, page).pathname));
// The whole decoder is kept only once it was needed where data is dear.
const early = (f) => !f.startsWith("assets/decoder.") || !self.navigator.connection?.saveData;

self.addEventListener("install", (e) => e.waitUntil(install()));
// The page of the first visit is taken over, too: a newer version would not
// wait for a page that no version has.
self.addEventListener("activate", (e) => e.waitUntil(tidy().then(() => self.clients.claim())));

// install takes all files that it is to keep, or none. Files that carry a hash are taken from an
// earlier version, or from what the browser holds since the visit began; the
// others from the server.
async function install() {
  const before = await earlier();
  const cache = await caches.open(name);
  await Promise.all(files.filter(early).map(async (f) => {
    const hashed = f.startsWith("assets/");
    const old = hashed && await first(before, f);
    const r = old || await fetch(f, { cache: hashed ? "default" : "reload" });
    if (!r.ok || r.redirected) throw new Error(f + ": " + (r.redirected ? "the server sends elsewhere" : "status " + r.status));
    if (f === "./") await fits(r.clone());
    await cache.put(f, r);
  }));
}

// fits refuses a page of another version than this list, which a site gives
// that is being changed just now.
async function fits(r) {
  const named = (await r.text()).match(/assets\/[\w.-]+/g) ?? [];
  if (!named.length || !named.every((f) => files.includes(f))) throw new Error("the page is of another version");
}

// earlier are the names of this site's caches of other versions, which are
// earlier ones unless a later one waits.
async function earlier() {
  return (await caches.keys()).filter((k) => k.startsWith(family) && k !== name);
}

async function first(names, file) {
  for (const n of names) {
    const r = await (await caches.open(n)).match(file);
    if (r) return r;
  }
}

// tidy drops the files of earlier versions, unless tabs are open that may
// still ask for them. Those of a later one are not this one's business.
async function tidy() {
  const old = await earlier(), { installing, waiting } = self.registration;
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (installing || waiting || tabs.length > 1) return;
  for (const o of old) await caches.delete(o);
}

// A new version waits until every tab of the old one is closed, or until
// somebody says in the page that it shall take over.
self.addEventListener("message", (e) => {
  if (e.data === "take over") self.skipWaiting();
  if (e.data === "tidy") e.waitUntil(tidy());
});

// Whatever is not a file of this site goes its own way.
self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(base)) return;
  const entry = e.request.mode === "navigate" && (url.pathname === base || url.pathname === base + "index.html");
  if (!entry && !known.has(url.pathname) && !url.pathname.startsWith(base + "assets/")) return;
  e.respondWith(answer(entry ? page : url.origin + url.pathname, e.request));
});

// answer looks at this version, then at earlier ones for the tabs that still
// show them, then asks the server. What of this version was left out is kept then.
async function answer(url, request) {
  const kept = await caches.match(url, { cacheName: name }).catch(() => undefined);
  const r = kept || await first(await earlier(), url).catch(() => undefined) || await fetch(request);
  if (!kept && r.ok && !r.redirected && known.has(new URL(url).pathname)) {
    const copy = r.clone();
    caches.open(name).then((c) => c.put(url, copy)).catch(() => {});
  }
  return r;
}
