
// examples are what the page offers to look at. Their lists and the strip over
// one that is open are drawn here, into elements that the program leaves empty:
// the buttons say by data attributes what they do, as all others do, and the
// program opens what they name. get hands a file of the site to a promise.
function examples(get) {
  const all = new Map(), gallery = [], came = {};
  const signs = { pass: ["✓", "Holds"], warn: ["!", "Warning"], open: ["?", "Undecided"], fail: ["✕", "Fails"] };
  const sign = (status) => el("span", { className: "ico " + status, textContent: signs[status][0], ariaHidden: "true" });
  const word = (status) => el("span", { className: "unseen", textContent: signs[status][1] + ": " });
  const seen = (status) => status === "pass" ? "See it pass" : "See it fail";

  // turn is a button that turns an example over to its pair.
  const turn = (from, to, className, aria) => button(seen(to.status), "turn-over", to.name + " " + from.name, className, aria, sign(to.status));

  const card = (e, shown) => {
    const pair = all.get(e.pair);
    return el("div", { className: "card" },
      el("button", { type: "button", className: "example", data: { do: "example", arg: e.name }, aria: e.name === shown ? { current: "true" } : {} },
        el("span", { className: "head" }, sign(e.status), word(e.status), el("b", { textContent: e.title })),
        el("span", { textContent: e.lesson })),
      pair && turn(e, pair, "small see", { label: `${seen(pair.status)}: the pair of «${e.title}»` }));
  };
  const cards = (list, shown) => el("div", { className: "cards" }, ...list.map((e) => card(e, shown)));

  // draw fills the sheet with the examples that hold what was typed, by topic.
  const draw = (place, shown, typed) => {
    const words = typed.trim().toLowerCase();
    const found = gallery.filter((e) => [e.title, e.lesson, e.topic, e.differs, e.name].join(" ").toLowerCase().includes(words));
    const topics = [...new Set(found.map((e) => e.topic))];
    place.querySelector(".hint").textContent = found.length
      ? found.length + (found.length === 1 ? " example" : " examples")
      : "No example has these letters in its title, its lesson or its topic. Take some away.";
    place.querySelector(".topics").replaceChildren(...topics.map((topic) => el("section", { className: "topic" },
      el("h3", { textContent: topic }), cards(found.filter((e) => e.topic === topic), shown))));
  };

  return {
    // load gets a file of examples, and says in lines which of them show that a
    // rule fails and that it holds; of the second file it says nothing.
    async load(file) {
      const got = JSON.parse(await get(file));
      for (const e of got.examples) {
        e.octets = e.files.map(([, , n]) => got.files[n]);
        all.set(e.name, e);
        if (e.topic) gallery.push(e);
      }
      came[file] = true;
      const welcome = document.getElementById("welcome");
      if (gallery.length && welcome && !welcome.firstChild) {
        const some = gallery.filter((e) => gallery.filter((o) => o.topic === e.topic).indexOf(e) < 2);
        welcome.append(
          el("div", { className: "title" }, el("h2", { textContent: "Or start with an example" }),
            button("All " + gallery.length, "examples", "", "small", { haspopup: "dialog", label: `All ${gallery.length} examples` })),
          cards(some));
      }
      return (got.seen ?? []).map((rule) => rule.join(" ")).join("\n");
    },
    link: (name) => location.href.split("#")[0] + "#example=" + name,
    came: (file) => came[file] ?? false,
    // find gives what the program opens: the first for no name.
    find(name) {
      const e = name ? all.get(name) : gallery[0];
      return e && { ...e, octets: e.octets.map((text) => Uint8Array.from(text, (c) => c.charCodeAt(0))) };
    },
    // list fills the sheet.
    list(place, shown) {
      const box = el("input", { type: "text", id: "find-example", autocomplete: "off", spellcheck: false });
      box.addEventListener("input", () => draw(place, shown, box.value));
      place.replaceChildren(
        el("label", { className: "field seek" }, el("span", { textContent: "Find an example by its words" }), box),
        el("p", { className: "hint", role: "status" }), el("div", { className: "topics" }));
      draw(place, shown, "");
      box.focus();
    },
    // strip says which example is in view, what differs from its pair, and leads
    // on and back; or else that evidence is set aside, so many inputs of it.
    strip(shown, from, aside) {
      const place = document.getElementById("strip"), e = all.get(shown);
      place.hidden = !e && !aside;
      if (!e) {
        place.replaceChildren(
          el("p", { textContent: `Evidence that you had before, ${aside} ${aside === 1 ? "input" : "inputs"}, is set aside.` }),
          el("div", { className: "row flat" }, button("Back to it", "back", "", "small"), button("Forget it", "forget-aside", "", "small")));
        return;
      }
      const at = gallery.indexOf(e), turned = all.get(from), pair = turned ?? all.get(e.pair);
      const differs = turned?.pair === e.name ? turned.differs : e.differs;
      const go = (label, by) => {
        const b = button(label, "example", gallery[at + by]?.name ?? "", "small", { label: label + " example" });
        b.disabled = !gallery[at + by];
        return at < 0 ? null : b;
      };
      place.replaceChildren(...[
        el("p", { className: "kicker", textContent: at < 0 ? "An example for one check" : `Example ${at + 1} of ${gallery.length} · ${e.topic}` }),
        el("h2", { id: "strip-title", textContent: e.title || e.lesson }),
        e.title && el("p", { className: "lesson", textContent: e.lesson }),
        differs && el("p", { className: "differs" }, el("b", { textContent: "What differs: " }), differs),
        el("div", { className: "row flat" },
          pair && turn(e, pair, "primary"), go("Previous", -1), go("Next", 1),
          button("All examples", "examples", "", "small", { haspopup: "dialog" }), button("Copy link", "link-example", "", "small"),
          aside ? button("Back to your evidence", "back", "", "small back") : button("Close", "clear", "", "small back", { label: "Close the example" })),
      ].filter(Boolean));
    },
  };
}
