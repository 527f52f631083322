
// draw fills an element with a picture: a flat list of shapes, each of so many
// values as read below. What a shape stands for decides how the style sheet has
// it look. A shape that leads somewhere is a control of the picture, by pointer
// and by key; below it the same stands in words.
const draw = (() => {
  const tones = ["plain", "quiet", "name", "fresh", "size", "sealed", "proof", "good", "doubtful", "bad", "unknown"];
  const ruler = new OffscreenCanvas(1, 1).getContext("2d");
  const make = (tag, attributes, ...kids) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const name in attributes) e.setAttribute(name, attributes[name]);
    e.append(...kids);
    return e;
  };
  // fit cuts a text to a width.
  const fit = (text, wide) => {
    ruler.font = "12.5px system-ui, sans-serif";
    if (ruler.measureText(text).width <= wide) return text;
    let n = text.length;
    while (n > 1 && ruler.measureText(text.slice(0, n) + "…").width > wide) n--;
    return text.slice(0, n) + "…";
  };
  // head is the end of an arrow.
  const head = (x, y, w, h) => {
    const long = Math.hypot(w, h) || 1, dx = w / long * 10, dy = h / long * 10;
    const [ex, ey] = [x + w, y + h];
    return `M${ex} ${ey}L${ex - dx - dy * .45} ${ey - dy + dx * .45}L${ex - dx + dy * .45} ${ey - dy - dx * .45}z`;
  };
  const words = (x, y, text, anchor) => make("text", { x, y, ...anchor && { "text-anchor": anchor } }, text);

  const forms = [
    ({ x, y, w, h, text }) => [make("rect", { x, y, width: w, height: h, rx: 3 }),
      words(x + w / 2, y + h / 2 + 4, fit(text, w - 5), "middle")],
    ({ x, y, w, h }) => [make("path", { d: `M${x} ${y}l${w} ${h}`, "data-stroke": "" })],
    ({ x, y, w, h, text }) => [
      make("path", { d: `M${x} ${y}l${w} ${h}`, "data-stroke": "" }),
      make("path", { d: head(x, y, w, h), "data-head": "" }),
      words(x + w / 2, y + h / 2 - 6, fit(text, Math.abs(w) - 12), "middle")],
    ({ x, y, w, text, wide }) => {
      if (!w) return [words(x, y, fit(text, wide - x))];
      const half = Math.min(ruler.measureText(fit(text, wide)).width, wide) / 2; // it stays inside
      return [words(Math.min(Math.max(x + w / 2, half), wide - half), y, fit(text, wide), "middle")];
    },
  ];

  return (place, name, title, wide, high, flat) => {
    const into = document.querySelector(place), is = JSON.stringify([name, title, wide, high, flat]);
    if (!into || into.is === is) return;
    into.is = is;
    const list = document.createElement("ol");
    const svg = make("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": title, "data-picture": name, "data-drawn": "" });
    for (let at = 0; at < flat.length; at += 12) {
      const [form, tone, dashed, x, y, w, h, text, hint, act, arg, opens] = flat.slice(at, at + 12);
      const g = make("g", { "data-tone": tones[tone], "data-form": form }, ...forms[form]({ x, y, w, h, text, wide }));
      if (dashed) g.dataset.dashed = "";
      const says = [text, hint, opens && "Opens " + opens].filter(Boolean).join(": ");
      if (hint || opens) g.append(make("title", {}, [hint, opens && "Opens " + opens].filter(Boolean).join(". ")));
      if (act) {
        for (const [name, value] of Object.entries({ role: "button", tabindex: 0, "aria-label": says })) g.setAttribute(name, value);
        Object.assign(g.dataset, { do: act, arg });
        if (form > 0) g.prepend(make("rect", { // what can be hit of a line
          x: Math.min(x, x + w), y: Math.min(y, y + h) - 18, width: Math.max(Math.abs(w), 8), height: Math.abs(h) + 24, "data-hit": "" }));
        svg.setAttribute("role", "group");
      }
      svg.append(g);
      if (!hint && /^\d*$/.test(text)) continue; // an offset is in the hint of its part
      const li = list.appendChild(document.createElement("li"));
      if (act) {
        const b = li.appendChild(document.createElement("button"));
        Object.assign(b, { type: "button", className: "link", textContent: text || hint });
        Object.assign(b.dataset, { do: act, arg });
        if (text && hint) li.append(" " + hint);
      } else li.append([text, hint].filter(Boolean).join(": "));
    }
    svg.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " " || !e.target.dataset.do) return;
      e.preventDefault();
      e.target.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    });
    // An empty picture keeps the other one from being drawn too small to read.
    const strut = make("svg", { width: Math.round(wide * .8), height: 0, "data-strut": "", "aria-hidden": "true" });
    const pane = document.createElement("div");
    pane.className = "pane";
    pane.append(strut, svg);
    const more = document.createElement("details"), sum = document.createElement("summary");
    sum.textContent = "The picture in words";
    more.className = "course";
    more.append(sum, list);
    into.replaceChildren(pane, more);
  };
})();
