
// offline has the site kept by its service worker (sw.js), says when a newer
// version is there, and changes to it when the user agrees. Where a browser
// keeps nothing the page works all the same; that is only said when the
// network goes away.
async function offline(url, says) {
  let refused = "it had no time for it yet", agreed = false;
  addEventListener("offline", () => says.alone(refused));
  addEventListener("online", () => says.reached());
  let kept;
  try {
    if (!navigator.serviceWorker) throw new Error(isSecureContext ? "this window keeps no files" : "its address is not https");
    let begun = navigator.serviceWorker.controller; // else the first change is the first version
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (begun && !agreed) says.replaced();
      begun = true;
    });
    kept = await navigator.serviceWorker.register(url, { updateViaCache: "none" });
    await active(kept);
  } catch (err) {
    refused = err.message;
    document.documentElement.dataset.offline = "refused";
    return;
  }
  refused = "";
  document.documentElement.dataset.offline = "ready";
  kept.active.postMessage("tidy");

  const news = (next) => says.update(() => {
    agreed = true;
    const reload = () => next.state === "activated" && location.reload();
    next.addEventListener("statechange", reload);
    next.postMessage("take over");
    reload(); // another tab was faster
  });
  const watch = (next) => next?.addEventListener("statechange", () => next.state === "installed" && kept.waiting && news(next));
  if (kept.waiting) news(kept.waiting);
  watch(kept.installing);
  kept.addEventListener("updatefound", () => watch(kept.installing));

  // Browsers look for a new version at each visit. A tab that stays open looks
  // when somebody comes back to it, once an hour at most.
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < 3_600_000) return;
    looked = Date.now();
    kept.update().catch(() => {});
  });
}

// active waits until a worker has all the files, or has given up.
function active(kept) {
  return new Promise((yes, no) => {
    const worker = kept.installing ?? kept.waiting;
    if (kept.active || !worker) return yes();
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") yes();
      if (worker.state === "redundant") no(new Error("its files could not be fetched or stored"));
    });
  });
}
