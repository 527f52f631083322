
// picture draws a picture of the page anew, to stand alone on white: the
// colours of the light theme, which data-light brings back in the dark one,
// are written into each element, as other programs know no style sheet.
async function picture(name, form) {
  const looks = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "paint-order"];
  const fonts = ["font-family", "font-size", "font-weight", "font-style", "text-anchor"];
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
    for (const p of ["role", "tabindex", "aria-label"]) e.removeAttribute(p); // it is no control any more
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
  if (form === "svg") return save(name + ".svg", file.type, file);
  const image = new Image(), url = URL.createObjectURL(file);
  image.src = url;
  await image.decode().finally(() => URL.revokeObjectURL(url));
  const canvas = new OffscreenCanvas(2 * box.width, 2 * box.height);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  save(name + ".png", "image/png", await canvas.convertToBlob());
}

// layOut makes the page to print of lines: a tag with a class, and a text,
// with code between backquotes; without a text what follows is inside, up to "/".
function layOut(id, lines) {
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
}

// save hands a file to the user.
function save(name, type, content) {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(new Blob([content], { type }));
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60000);
}
