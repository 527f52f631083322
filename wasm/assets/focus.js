
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
