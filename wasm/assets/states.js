
// states are what the page says when it cannot simply work. The elements stand
// in the page from the start (cmd/build puts them there), outside of what the
// program draws: they hold when there is no program.
function states() {
  const by = (id) => document.getElementById(id);
  const show = (id, ...lines) => {
    by(id).querySelectorAll("[data-line]").forEach((p, i) => {
      p.textContent = lines[i] ?? "";
      p.hidden = !lines[i];
    });
    by(id).hidden = false;
  };
  const hide = (...ids) => ids.forEach((id) => { by(id).hidden = true; });
  const act = (id, f) => { by(id).hidden = !f; by(id).onclick = f; };
  const box = () => by("input")?.value ?? "";
  // held says whether somebody would lose something by a reload.
  const held = () => box().trim() !== "" || by("app")?.dataset.empty === "no";
  const reload = () => location.reload();

  // rescue copies what is in the box; where that is refused it is selected.
  const rescue = async () => {
    try {
      await navigator.clipboard.writeText(box());
      by("rescue").textContent = "Copied";
    } catch {
      by("input").focus();
      by("input").select();
      by("rescue").textContent = "Selected: copy it with the keys";
    }
  };

  const stop = (what, why, next, again, keep) => {
    document.documentElement.dataset.program = "stopped";
    document.querySelector("dialog[open]")?.close(); // nothing else can be reached beside it
    hide("loading", "news");
    by("rescue").textContent = "Copy what is in the box";
    act("again", again && (() => { hide("stopped"); delete document.documentElement.dataset.program; again(); }));
    act("reload", keep && reload);
    act("rescue", keep && box() && rescue);
    show("stopped", what, why, next);
  };

  const announce = (text, yes, go) => {
    const warned = "Reloading empties the page: what you pasted and opened here is not kept, and has to be given again.";
    let told = false;
    by("renew").textContent = yes;
    by("renew").onclick = () => {
      if (told || !held()) return go();
      told = true;
      by("renew").textContent = "Reload all the same";
      show("news", text, warned);
    };
    by("later").onclick = () => hide("news");
    show("news", text);
  };

  const megabytes = (n) => (n / 1e6).toFixed(1);
  const far = (n, size) => megabytes(n) + " of " + megabytes(size) + " MB, unpacked";
  let slow, gone; // timers: of what is only said when it takes long, of what is said for a while

  return {
    // waiting shows how far the program has come, unless it comes at once.
    waiting(size) {
      by("progress").max = size;
      slow = setTimeout(() => { by("loading").hidden = false; }, 300);
    },
    progress: (n, size) => {
      by("progress").value = n;
      by("loaded").textContent = n < size ? far(n, size) : "It starts.";
    },
    far,
    early() { by("loading").hidden = false; },
    running() {
      clearTimeout(slow);
      hide("loading");
    },
    unable(what, why, next) { stop(what, why, next); },
    failed(why, again) {
      clearTimeout(slow);
      const away = navigator.onLine ? "" : " This device is offline.";
      stop("The program did not load", why + away,
        "Try again, which keeps what is in the box. If that does not help, reload the page: a newer version may have replaced the one it asks for.", again, true);
    },
    stopped(why) {
      stop("The program stopped", why, box().trim()
        ? "What you pasted is still in the box: copy it, reload the page, and paste it again."
        : "Reload the page to go on.", null, true);
    },
    update(go) {
      announce("A new version of derscope is ready. It takes over when you reload here, or once all its tabs are closed.", "Reload now", go);
    },
    replaced() {
      announce("A new version of derscope has taken over in another tab. This tab goes on with the one it began with.", "Reload now", reload);
    },
    alone(refused) {
      if (refused) show("network", "No network. derscope goes on without one, but leave this tab open until it is back: " +
        "the browser has not kept the page for later, because " + refused + ".");
      else show("network", "No network. derscope needs none, not for the next visit either.");
      clearTimeout(gone);
      if (!refused) gone = setTimeout(hide, 6000, "network");
    },
    reached() { hide("network"); },
  };
}

// lacking says what the page needs and the browser has not.
function lacking() {
  const needs = {
    "WebAssembly (some browsers switch it off in their strictest mode)": self.WebAssembly?.compileStreaming,
    "Web Workers": self.Worker,
    "dialogs": self.HTMLDialogElement?.prototype.showModal,
    "streams": self.TransformStream,
    "random numbers": self.crypto?.getRandomValues,
  };
  return Object.keys(needs).filter((n) => !needs[n]);
}
