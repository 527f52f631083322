
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
