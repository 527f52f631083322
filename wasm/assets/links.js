
// through sends octets through a stream and takes no more than most of them.
async function through(octets, stream, most) {
  const reader = new Blob([octets]).stream().pipeThrough(stream).getReader();
  const parts = [];
  for (let n = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    parts.push(value);
    if ((n += value.length) > most) {
      reader.cancel();
      throw null;
    }
  }
}

// toLink makes an address of octets: base64url (RFC 4648) in the fragment, of
// what deflate (RFC 1951) makes of them where the browser has that; no text
// if it would have more than most characters.
async function toLink(octets, most) {
  let head = location.href.split("#")[0], text = "", stream;
  try { stream = new CompressionStream("deflate-raw"); } catch { /* the browser is older */ }
  if (stream) octets = await through(octets, stream, Infinity);
  head += stream ? "#v1=" : "#r1=";
  const size = head.length + Math.ceil(octets.length * 4 / 3);
  if (size > most) return { text, size };
  for (const b of octets) text += String.fromCharCode(b);
  text = head + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return { text, size };
}

// fromLink reads the value of a fragment, or says why it cannot be read.
// Where a link stood in a sentence, its full stop or bracket often comes along.
async function fromLink(text, raw, most) {
  text = text.replace(/[=.,;:!?)>\]}"'*]+$/, "");
  const odd = text.match(/[^A-Za-z0-9_-]/);
  if (odd) throw `The link is damaged: «${odd}» cannot stand in it.`;
  const cut = "The link is damaged: it was cut short or changed on its way, and cannot be unpacked.";
  let octets;
  try {
    octets = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  } catch { throw cut; }
  if (raw) return octets;
  let stream;
  try { stream = new DecompressionStream("deflate-raw"); }
  catch { throw "This browser cannot unpack the link. Open it in a current version of Firefox, Chrome, Edge or Safari."; }
  try {
    return await through(octets, stream, most);
  } catch (err) {
    throw err ? cut : "The link unpacks to more than 64 MiB, which no link of derscope does.";
  }
}
