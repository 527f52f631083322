
// relay asks an OCSP responder by way of the service that the page came from. A
// page cannot go there by itself: responders speak plain http, and let no page
// read their answers. A site of plain files has no such service; whether this
// one has, it is asked once, when somebody opens the panel.
function relay(root) {
  const here = root.host, quiet = { credentials: "omit", cache: "no-store", redirect: "manual", referrerPolicy: "no-referrer" };
  let nonce = "", about, asked, lacks, looking, busy; // asked: the request and where it goes; lacks: why there is no relay

  const cause = (err, seconds) => !navigator.onLine ? "This device is offline."
    : err.name === "TimeoutError" ? `${here} gave no answer within ${seconds} s.` : `${here} could not be reached.`;

  // look says why there is no relay; "" if there is one. What was not heard may
  // be looked for again.
  const look = async () => {
    try {
      const r = await fetch(new URL("api/health", root), { ...quiet, signal: AbortSignal.timeout(3000) });
      const health = r.ok && r.headers.get("Content-Type")?.startsWith("application/json") && await r.json().catch(() => false);
      if (!health) return `${here} serves plain files and no relay.`;
      return health.relay ? "" : `The service at ${here} relays nothing: it was started so.`;
    } catch (err) {
      looking = undefined;
      return cause(err, 3);
    }
  };
  const find = async () => {
    lacks = undefined;
    way();
    lacks = await (looking ??= look());
    if (!asked) return;
    way();
    // Who has just opened the panel sees what the button sends, and the button.
    if (document.activeElement.dataset.do === "builder") field("way").scrollIntoView({ block: "nearest" });
  };

  const hostOf = (url) => { try { return new URL(url).host; } catch { return ""; } };
  const field = (id) => document.getElementById("relay-" + id);
  const form = (title, text) => text && el("div", { className: "form" }, el("h3", { textContent: title }), el("div", { className: "cmd" },
    el("code", { tabIndex: 0, textContent: text }), button("Copy", "copy", "", "small", { label: "Copy: " + title })));
  const told = (text) => { field("told").textContent = text; };

  // drawOnce makes what stays while requests change.
  const drawOnce = (place) => place.append(
    el("div", { className: "row flat" },
      el("label", { className: "field" }, el("span", { textContent: "Hash by which the certificate is named" }),
        el("select", { id: "relay-hash", data: { change: "ask" } }, ...["SHA-1", "SHA-256"].map((h) =>
          el("option", { value: h, textContent: h === "SHA-1" ? "SHA-1 (RFC 5019), which all responders know" : h })))),
      el("label", { className: "check" }, el("input", { type: "checkbox", id: "relay-nonce", data: { change: "ask" } }),
        el("span", { textContent: "with a nonce of 32 octets (RFC 9654)" }))),
    el("label", { className: "field" }, el("span", { textContent: "Responder" }),
      el("input", { type: "text", id: "relay-url", className: "mono", autocomplete: "off", spellcheck: false, data: { change: "ask" } })),
    el("div", { id: "relay-way" }),
    el("p", { id: "relay-told", role: "status" }),
    el("details", { id: "relay-request" }),
    el("div", { id: "relay-forms" }));

  // way says whether the page can have it sent, and what leaves it then.
  const way = () => {
    const place = field("way"), say = (className, ...kids) => place.replaceChildren(el("p", { className }, ...kids));
    const what = button("What is a relay?", "word", "relay", "link", { haspopup: "dialog" });
    field("request").open = lacks === "";
    if (lacks === undefined) return say("hint", `Looking whether ${here} has a relay …`);
    if (lacks) {
      const again = !looking && el("button", { type: "button", className: "link", textContent: "Look again", onclick: find });
      return say("notice", lacks + " A page cannot ask a responder by itself, so there is no button here. " +
        "Run one of the commands below, and drop response.der into this page. ", what, ...again ? [" ", again] : []);
    }
    if (!asked.host) return say("notice", "The certificate names no responder. Type the address of one above. ", what);
    say("", `The button sends the request below to ${here}, which passes it on to ${asked.host}. It holds the serial number of the certificate ` +
      `and the hashes of its issuer’s name and key${asked.nonce && ", and a nonce"}. Nothing else leaves this page: no certificate, no cookie. ` +
      `${asked.host} sees the address of ${here} and not yours.`);
    place.append(el("div", { className: "row flat" }, button("Ask " + asked.host, "send", "", "primary"), what));
  };

  const hex = (octets) => Array.from(octets, (n) => n.toString(16).padStart(2, "0")).join("");

  return {
    // asks says how a request about a pair of certificates is to be made: hash,
    // nonce, URL. What was typed for another pair is forgotten.
    asks(pair) {
      asked = undefined; // nothing is sent that is out of date
      if (pair !== about && field("url")) field("url").value = "";
      about = pair;
      if (field("told")) told("");
      nonce = field("nonce")?.checked ? hex(crypto.getRandomValues(new Uint8Array(32))) : "";
      return [field("hash")?.value ?? "SHA-1", nonce, field("url")?.value.trim() ?? ""].join(" ");
    },
    // later says that what makes requests is fetched, or why it does not come.
    later(why) {
      this.asking("", "The program that makes requests " + (why
        ? `has not come: ${why} Hide this and show it again to try once more.`
        : "is being fetched."));
    },
    // asking shows a request, or why there is none.
    asking(text, why) {
      const place = document.getElementById("relay");
      if (!place) return;
      if (!place.firstChild) drawOnce(place);
      if (why) {
        asked = undefined;
        field("way").replaceChildren(el("p", { className: "notice", textContent: why }));
        field("request").replaceChildren();
        return field("forms").replaceChildren();
      }
      const [base64, url, openssl, get, post, link, fields] = JSON.parse(text);
      const octets = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      asked = { octets, url, host: hostOf(url), nonce };
      field("url").value = url;
      field("request").replaceChildren(
        el("summary", { textContent: `The request: ${octets.length} octets` }),
        el("dl", {}, ...fields.map((text, i) => el(i % 2 ? "dd" : "dt", { textContent: text }))),
        form("In hexadecimal", hex(octets)));
      field("forms").replaceChildren(...[
        form("openssl", openssl),
        el("p", { className: "hint", textContent: "It reads the certificates from files of these names" + (nonce && ", and makes a nonce of its own") + "." }),
        form("curl, by GET", get), form("curl, by POST", post), form("URL, to ask by GET", link),
        form("The nonce: enter it under Profiles when you have the answer", nonce),
      ].filter(Boolean));
      find();
    },
    // send sends it, and gives the answer to done, with whom it was sent to: none
    // of either if it was not sent.
    async send(done) {
      if (busy || !asked) return done(null, "");
      const { octets, url, host, nonce: sent } = asked;
      busy = true;
      told(`Asking ${host} …`);
      let why, again = "Press the button again later, or use";
      try {
        const r = await fetch(new URL("api/ocsp?url=" + encodeURIComponent(url), root), {
          ...quiet, method: "POST", body: octets, signal: AbortSignal.timeout(15000),
          headers: { "Content-Type": "application/ocsp-request", Accept: "application/ocsp-response, application/problem+json" },
        });
        if (r.ok && r.headers.get("Content-Type") === "application/ocsp-response") {
          const answer = new Uint8Array(await r.arrayBuffer());
          told(`${host} answered with ${answer.length} octets.`);
          busy = false;
          return done({ answer, request: sent && octets }, host);
        }
        const problem = await r.json().catch(() => ({}));
        if (r.status < 500 && r.status !== 429) again = "Use"; // it is refused, today and tomorrow
        why = problem.detail ?? `${here} answers with status ${r.status}, and with no OCSP response.`;
      } catch (err) {
        why = cause(err, 15);
      }
      busy = false;
      told(`No response from ${host} came. ${why} Nothing was added to the evidence. ${again} a command below, which asks from your machine.`);
      done(null, navigator.onLine ? host : "");
    },
  };
}
