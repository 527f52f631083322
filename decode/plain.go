package decode

import (
	"bytes"
	"slices"
	"strings"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
)

// reads says what to paste, where nothing of it was found.
const reads = "derscope reads OCSP responses and requests, certificates, CRLs, certification requests, public keys, names and CMS, TLS tickets, sessions, handshakes, captures, key logs and CMP messages: as DER, PEM, base64 or hex, in HTTP messages, URLs, JSON and the output of OpenSSL."

// plain reads what is of no known kind: as a tree of ASN.1 where it is one, as
// octets or text elsewhere.
func plain(it *item, r *field.Reader, f found) {
	it.Kind = "unknown"
	it.Summary = []report.Member{{Key: "readable", Value: report.Fail.String()}}
	say := func(title, headline, detail string) {
		it.Title = title
		it.Verdict = report.Verdict{Status: report.Open, Headline: headline, Detail: detail}
	}
	switch {
	case len(bytes.TrimSpace(f.Bytes)) == 0:
		what := "Empty input"
		if f.http != nil {
			what = "HTTP message without a body"
		}
		if len(f.Bytes) > 0 {
			what = "Nothing but white space"
		}
		say(what, what+": there is nothing to read", "")
		r.Fixed("octets", len(f.Bytes))
		return
	case f.Text:
		text(it, say, f)
		r.Show(r.Fixed("text", len(f.Bytes)).Ref, excerpt(f.Bytes))
		return
	case strings.HasPrefix(f.Label, "tls-"):
		it.Beside = report.BesideTLS
		say("TLS message", "A TLS message, which is not read", "")
		r.Fixed("octets", len(f.Bytes))
		return
	}
	e, err := der.Next(f.Bytes, 0, len(f.Bytes))
	// Almost any octets begin like an element. One that fits, or a SEQUENCE
	// inside armour with something behind it, is more than chance.
	switch {
	case err == nil && e.End() == len(f.Bytes):
	case err == nil && f.known && e.Tag == der.Sequence && e.Constructed && wellFormed(f.Bytes[e.Content():e.Close()], 0):
	default:
		say("Octets that were not recognised", "Not recognised", otherwise(f, reads))
		if f.around {
			it.Beside = report.BesideOctets
			say("Octets beside what was recognised", "Not part of what was recognised", "")
		}
		r.Fixed("octets", len(f.Bytes))
		return
	}
	it.Kind = "asn1"
	it.Why = "it reads as " + e.Tag.String()
	before, _ := r.Breaks()
	r.Any(e.Tag.String())
	finish(r)
	if after, words := r.Breaks(); after > before {
		say("ASN.1", "ASN.1 of no known kind, with a part that cannot be read", "The first such part: "+words+".")
		return
	}
	say("ASN.1", "ASN.1 of no known kind", "It can be read to its end. No rules are known for it, so nothing is checked: its elements and octets are shown. "+reads)
	it.Summary[0].Value = report.Pass.String()
}

// text says what text is that no kind reads.
func text(it *item, say func(title, headline, detail string), f found) {
	start := strings.ToLower(string(bytes.TrimSpace(f.Bytes[:min(len(f.Bytes), 200)])))
	switch {
	case slices.Contains(f.item.Armor, "openssl-text"):
		say("Printed by OpenSSL: "+f.Label, "Printed text, which is not read", "Add the PEM block that OpenSSL prints with it, or the file.")
		if f.around {
			it.Beside, it.Verdict.Detail = report.BesidePrinted, ""
		}
	case f.source.Secret:
		say("Text with a secret", "Not read and not shown", "")
	case strings.HasPrefix(start, "<!doctype html"), strings.HasPrefix(start, "<html"):
		say("Web page", "A web page", "It is HTML: a login page or an error page of a server or proxy, in place of what was asked for.")
	case f.around:
		it.Beside = report.BesideText
		say("Text beside what was recognised", "Not part of what was recognised", otherwise(f, ""))
	default:
		say("Text that was not recognised", "Not recognised", otherwise(f, reads))
	}
}

// otherwise says what to give instead, where that is known, or what is said to all.
func otherwise(f found, all string) string {
	if s := instead(f.Bytes, f.Text); s != "" {
		return s
	}
	return all
}

// wellFormed says that b is a run of elements, and so is the inside of each
// constructed one.
func wellFormed(b []byte, depth int) bool {
	for off := 0; off < len(b); {
		e, err := der.Next(b, off, len(b))
		if err != nil || depth > der.MaxDepth || e.Constructed && !wellFormed(b[e.Content():e.Close()], depth+1) {
			return false
		}
		off = e.End()
	}
	return true
}

// excerpt is the beginning of a text, for its node.
func excerpt(b []byte) string {
	const most = 80
	s := strings.ToValidUTF8(string(b[:min(len(b), 4*most)]), "\ufffd")
	if line, _, more := strings.Cut(strings.TrimSpace(s), "\n"); more || len(b) > 4*most {
		s = line + " …"
	}
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + " …"
	}
	return strings.TrimSpace(s)
}
