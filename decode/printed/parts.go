package printed

import (
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"derscope/decode/cert"
	"derscope/decode/ocsp"
	"derscope/decode/oid"
)

// idOf gives the identifier of a name that OpenSSL prints; one without a name
// is printed in its dotted form.
func idOf(names map[string]oid.ID, name string) oid.ID {
	if id, ok := names[name]; ok {
		return id
	}
	if strings.Trim(name, ".0123456789") == "" && strings.Contains(name, ".") {
		return oid.ID(name)
	}
	return ""
}

const rsassaPSS oid.ID = "1.2.840.113549.1.1.10"

// signatureNames are the algorithms by OpenSSL's names.
var signatureNames = map[string]oid.ID{
	"md5WithRSAEncryption": "1.2.840.113549.1.1.4", "sha1WithRSAEncryption": "1.2.840.113549.1.1.5", "sha1WithRSA": "1.3.14.3.2.29",
	"sha224WithRSAEncryption": "1.2.840.113549.1.1.14", "sha256WithRSAEncryption": "1.2.840.113549.1.1.11",
	"sha384WithRSAEncryption": "1.2.840.113549.1.1.12", "sha512WithRSAEncryption": "1.2.840.113549.1.1.13",
	"rsassaPss": rsassaPSS, "ecdsa-with-SHA1": "1.2.840.10045.4.1", "ecdsa-with-SHA224": "1.2.840.10045.4.3.1",
	"ecdsa-with-SHA256": "1.2.840.10045.4.3.2", "ecdsa-with-SHA384": "1.2.840.10045.4.3.3", "ecdsa-with-SHA512": "1.2.840.10045.4.3.4",
	"dsaWithSHA1": "1.2.840.10040.4.3", "dsa_with_SHA224": "2.16.840.1.101.3.4.3.1", "dsa_with_SHA256": "2.16.840.1.101.3.4.3.2",
	"ED25519": "1.3.101.112", "ED448": "1.3.101.113",
	"ML-DSA-44": "2.16.840.1.101.3.4.3.17", "ML-DSA-65": "2.16.840.1.101.3.4.3.18", "ML-DSA-87": "2.16.840.1.101.3.4.3.19",
}

// algorithm encodes signatureAlgorithm: with NULL for RSA, as RFC 4055,
// section 5 wants it, and without parameters for the others.
func (t *Text) algorithm() ([]byte, bool) {
	id := idOf(signatureNames, t.Algorithm.Value)
	known := id != ""
	var b cryptobyte.Builder
	b.AddASN1(sequence, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(id.Bytes()) })
		switch {
		case id == rsassaPSS:
			known = t.pss(b) && known
		case strings.Contains(t.Algorithm.Value, "WithRSA"):
			b.AddASN1NULL()
		}
	})
	out, err := b.Bytes()
	return out, err == nil && known
}

// pss encodes RSASSA-PSS-params (RFC 4055, section 3.1). Defaults are printed
// as such, and left out.
func (t *Text) pss(b *cryptobyte.Builder) bool {
	sent := func(name string) (string, bool) {
		v := t.PSS[name]
		return v, v != "" && !strings.HasSuffix(v, " (default)")
	}
	ok := t.PSS != nil
	hash := func(b *cryptobyte.Builder, name string) {
		id := idOf(hashes, name)
		ok = ok && id != ""
		b.AddASN1(sequence, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(id.Bytes()) })
			b.AddASN1NULL()
		})
	}
	number := func(b *cryptobyte.Builder, tag uint8, name string) {
		if v, is := sent(name); is {
			n, err := strconv.ParseInt(strings.TrimPrefix(v, "0x"), 16, 32)
			ok = ok && err == nil
			b.AddASN1(explicit(tag), func(b *cryptobyte.Builder) { b.AddASN1Int64(n) })
		}
	}
	b.AddASN1(sequence, func(b *cryptobyte.Builder) {
		if v, is := sent("hashAlgorithm"); is {
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { hash(b, v) })
		}
		if v, is := sent("maskGenAlgorithm"); is {
			name, found := strings.CutPrefix(v, "mgf1 with ")
			ok = ok && found
			b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
				b.AddASN1(sequence, func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(oid.ID("1.2.840.113549.1.1.8").Bytes()) })
					hash(b, name)
				})
			})
		}
		number(b, 2, "saltLength")
		number(b, 3, "trailerField")
	})
	return ok
}

// extensionNames are the extensions by OpenSSL's names. It prints «valid» for
// the extended revoke of RFC 6960, section 4.4.8.
var extensionNames = map[string]oid.ID{
	"OCSP Nonce": ocsp.NonceID, "OCSP CRL ID": ocsp.CRLReferenceID, "OCSP Archive Cutoff": ocsp.ArchiveCutoffID, "valid": ocsp.ExtendedRevokeID,
	"X509v3 CRL Reason Code": cert.IDReasonCode, "Hold Instruction Code": cert.IDHoldInstruction, "Invalidity Date": cert.IDInvalidityDate,
	"CT Certificate SCTs": cert.IDSCTListOCSP,
}

// reasonTexts are the reasons as that extension prints them, by their number.
var reasonTexts = map[string]uint8{
	"Unspecified": 0, "Key Compromise": 1, "CA Compromise": 2, "Affiliation Changed": 3, "Superseded": 4,
	"Cessation Of Operation": 5, "Certificate Hold": 6, "Remove From CRL": 8, "Privilege Withdrawn": 9, "AA Compromise": 10,
}

var holdTexts = map[string]oid.ID{
	"Hold Instruction None": "1.2.840.10040.2.1", "Hold Instruction Call Issuer": "1.2.840.10040.2.2", "Hold Instruction Reject": "1.2.840.10040.2.3",
}

// value encodes extnValue, where the text tells it.
func (e *Extension) value() (id oid.ID, value []byte, ok bool) {
	id = idOf(extensionNames, e.Name)
	text := strings.Join(e.Lines, "")
	var b cryptobyte.Builder
	switch id {
	case "":
		return "", nil, false
	case ocsp.NonceID: // printed with the header of the OCTET STRING inside
		value, ok = unhex(strings.ReplaceAll(text, `\`, ""))
		return id, value, ok
	case ocsp.ArchiveCutoffID, cert.IDInvalidityDate:
		ok = addTime(&b, text)
	case cert.IDReasonCode:
		var n uint8
		n, ok = reasonTexts[text]
		b.AddASN1(asn1.ENUM, func(b *cryptobyte.Builder) { b.AddUint8(n) })
	case cert.IDHoldInstruction:
		hold := idOf(holdTexts, text)
		ok = hold != ""
		b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(hold.Bytes()) })
	case ocsp.CRLReferenceID:
		ok = e.crlReference(&b)
	case cert.IDSCTListOCSP:
		value, ok = e.sctList()
		return id, value, ok
	default: // unknown values are printed with a dot for each octet that is no character: two of them may be NULL
		ok = text == ".."
		b.AddASN1NULL()
	}
	value, err := b.Bytes()
	return id, value, ok && err == nil
}

func addTime(b *cryptobyte.Builder, text string) bool {
	m, ok := moment(text)
	b.AddASN1(asn1.GeneralizedTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(m.Text)) })
	return ok
}

// crlReference encodes CrlID (RFC 6960, section 4.4.2).
func (e *Extension) crlReference(b *cryptobyte.Builder) bool {
	ok := true
	b.AddASN1(sequence, func(b *cryptobyte.Builder) {
		for _, l := range e.Lines {
			name, value, _ := strings.Cut(l, ": ")
			switch name {
			case "crlUrl":
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.IA5String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(value)) })
				})
			case "crlNum":
				n, good := number(value)
				ok = ok && good
				b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(n) })
				})
			case "crlTime":
				b.AddASN1(explicit(2), func(b *cryptobyte.Builder) { ok = addTime(b, value) && ok })
			default:
				ok = false
			}
		}
	})
	return ok
}

// printsAs says whether OpenSSL prints the name so. Versions differ in the
// spaces around the equals sign and in how they show what is not ASCII.
func printsAs(n cert.Name, text string) bool {
	if len(n.RDNs) == 0 {
		return text == "" && len(n.Raw) == 2
	}
	text = strings.ReplaceAll(text, " = ", "=")
	return strings.EqualFold(text, oneLine(n, true)) || strings.EqualFold(text, oneLine(n, false))
}

// oneLine writes a name in OpenSSL's style, without spaces around the equals
// sign. bytes: what is not ASCII is written octet by octet, \C3\BC.
func oneLine(n cert.Name, octets bool) string {
	var b strings.Builder
	for i, rdn := range n.RDNs {
		if i > 0 {
			b.WriteString(", ")
		}
		for j, a := range rdn {
			if j > 0 {
				b.WriteString(" + ")
			}
			name, _, _ := strings.Cut(a.String(), "=")
			if strings.Contains(name, " ") {
				name = string(a.Type)
			}
			b.WriteString(name + "=" + oneLineValue(strings.ReplaceAll(a.Value, " = ", "="), octets))
		}
	}
	return b.String()
}

// oneLineValue escapes by backslash, and quotes values that hold separators.
func oneLineValue(s string, octets bool) string {
	var b strings.Builder
	quoted := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case strings.IndexByte("+,;<>", c) >= 0, c == '#' && i == 0, c == ' ' && (i == 0 || i == len(s)-1):
			quoted = true
			b.WriteByte(c)
		case c < 0x20, c == 0x7f, c >= 0x80 && octets:
			const digits = "0123456789ABCDEF"
			b.Write([]byte{'\\', digits[c>>4], digits[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	if quoted {
		return `"` + b.String() + `"`
	}
	return b.String()
}
