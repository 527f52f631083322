package ticket

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/report"
)

// readers say who reads a key of so many octets.
var readers = map[int]string{
	16: "Mbed TLS (AES-128)", 24: "Mbed TLS (AES-192)", 32: "Go, Mbed TLS (AES-256), rustls or Java",
	48: "nginx, Apache, HAProxy, Traffic Server, OpenSSL up to 1.0.2 and its forks: AES-128",
	56: "wolfSSL with AES-128", 64: "GnuTLS", 80: "nginx, HAProxy, OpenSSL from 1.1.0 on: AES-256", 88: "wolfSSL with AES-256",
}

var keyFormRules = []check.Rule[*KeyView]{{
	ID: "stek.size", Group: keyReadable, Level: check.Must, Refs: "OpenSSL SSL_CTX_set_tlsext_ticket_keys(3); nginx ssl_session_ticket_key; Apache SSLSessionTicketKeyFile",
	Title:    "The file is as long as a key of some program",
	Headline: "No key file: no program reads one of this size",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		if len(v.Blocks) == 0 {
			return check.Broken(v.Ref, "There is no key in it. A key file holds 48 or 80 random octets, or text in the form of HAProxy or h2o.")
		}
		if k := v.fits(); k != nil && k.scheme != block {
			return check.Holds(v.Ref, "It opens a ticket as a key of %s.", k.Program)
		}
		if v.Form == FormH2O || v.Form == FormS2N {
			return check.Holds(v.Ref, "The form says it all: %s, %s.", v.Form, report.Plural(len(v.Blocks), "key", "keys"))
		}
		n := len(v.Blocks[0].Bytes)
		for i := range v.Blocks {
			if n = len(v.Blocks[i].Bytes); readers[n] == "" {
				return check.Broken(v.at(i), "The key has %s. Files have 48 or 80 (nginx, Apache, HAProxy, OpenSSL), 64 (GnuTLS), 32 (Go), or 16, 24, 56, 88 for some others. Copy it again, whole and without anything else.", report.Plural(n, "octet", "octets"))
			}
		}
		if n == 48 {
			return check.Note(v.Ref, "48 octets: %s. OpenSSL from 1.1.0 on refuses 48 octets in its own call; programs that read such a file set AES-128 themselves.", readers[n])
		}
		return check.Holds(v.Ref, "%s: %s.", report.Plural(n, "octet", "octets"), readers[n])
	},
}, {
	ID: "stek.as-text", Group: keyReadable, Level: check.Should, Refs: "nginx ssl_session_ticket_key",
	Title:    "The file is not text where octets belong",
	Headline: "Not a key file: the text was used as key",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		n := len(v.Bytes) - v.Line
		switch k := v.fits(); {
		case k != nil && k.Letters:
			return check.Doubtful(v.Ref, "A ticket opens with the letters of the file as the key: the server uses %s text instead of the octets that it stands for, with half the strength or less. Write octets into the file, as openssl rand 80 gives them.", v.Form)
		case v.Line > 0:
			return check.Doubtful(v.Ref, "A line end of %s stands behind the %s of the key: nginx refuses such a file. Write it without, as openssl rand %d does.", report.Plural(v.Line, "octet", "octets"), report.Plural(n, "octet", "octets"), n)
		case v.Letters() && k == nil:
			letters := len(bytes.TrimRight(v.Bytes, "\r\n"))
			return check.Doubtful(v.Ref, "The file is %s text of %s, which stands for a key of %d octets. A program that takes octets reads the letters as the key. Give the server the octets, or make sure that it decodes the text.",
				v.Form, report.Plural(letters, "letter", "letters"), len(v.Blocks[0].Bytes))
		}
		return check.Holds(v.Ref, "It is read as %s.", v.Form)
	},
}, {
	ID: "stek.list", Group: keyReadable, Level: check.Must, Refs: "HAProxy src/ssl_sock.c; RFC 5077 §5.5",
	Title:    "The list of keys is whole",
	Headline: "The server refuses this list of keys",
	Judge: func(_ *check.Context, v *KeyView) check.Outcome {
		if len(v.Blocks) < 2 {
			return check.Skip()
		}
		if sizes := v.sizes(); len(sizes) > 1 && v.Form != FormH2O && v.Form != FormS2N {
			at := 0
			for i := range v.Blocks {
				if len(v.Blocks[i].Bytes) != sizes[0] {
					at = i
					break
				}
			}
			return check.Broken(v.at(at), "Key 1 has %s and key %d has %s: one file holds keys of one size.", report.Plural(sizes[0], "octet", "octets"), at+1, report.Plural(len(v.Blocks[at].Bytes), "octet", "octets"))
		}
		if n := len(v.Blocks); v.Form == FormHAProxy && n < 3 {
			return check.Broken(v.Ref, "There are %d keys; HAProxy takes no fewer than three: an old one, the current one and the next.", n)
		}
		for i := range v.Blocks {
			for j := range i {
				if bytes.Equal(v.Blocks[i].Bytes, v.Blocks[j].Bytes) {
					return check.Doubtful(v.at(i), "Key %d is the same as key %d: the rotation that made the file did not make a new key.", i+1, j+1).And(v.at(j))
				}
			}
		}
		return check.Holds(v.Ref, "%s, each another one.", report.Plural(len(v.Blocks), "key", "keys"))
	},
}}
