
// el makes an element with properties, data and aria attributes, and children.
function el(tag, props, ...kids) {
  const { data, aria, ...rest } = props;
  const e = Object.assign(document.createElement(tag), rest);
  Object.assign(e.dataset, data);
  for (const name in aria) e.setAttribute("aria-" + name, aria[name]);
  e.append(...kids.filter((kid) => kid != null));
  return e;
}

// button makes one that says by data attributes what the program does for it.
function button(label, act, arg, className, aria, ...kids) {
  return el("button", { type: "button", className, data: { do: act, arg }, aria }, ...kids, label);
}
