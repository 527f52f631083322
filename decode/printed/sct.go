package printed

import (
	"strings"

	"golang.org/x/crypto/cryptobyte"
)

// sctSignatures are the algorithms of a log by OpenSSL's names: hash and
// signature, an octet each, as TLS 1.2 writes them (RFC 6962, section 3.2).
var sctSignatures = map[string]uint16{"ecdsa-with-SHA256": 0x0403, "sha256WithRSAEncryption": 0x0401}

// sctList encodes a SignedCertificateTimestampList in an OCTET STRING
// (RFC 6962, section 3.3).
func (e *Extension) sctList() ([]byte, bool) {
	var list [][]string
	for _, l := range e.Lines {
		switch {
		case l == "Signed Certificate Timestamp:":
			list = append(list, nil)
		case len(list) == 0:
			return nil, false
		default:
			list[len(list)-1] = append(list[len(list)-1], l)
		}
	}
	ok := len(list) > 0
	var all cryptobyte.Builder
	all.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, lines := range list {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { ok = addSCT(b, lines) && ok })
		}
	})
	contents, err := all.Bytes()
	var b cryptobyte.Builder
	b.AddASN1OctetString(contents)
	out, wrapped := b.Bytes()
	return out, ok && err == nil && wrapped == nil
}

// addSCT encodes a SignedCertificateTimestamp of version 1 (RFC 6962,
// section 3.2). A line without a name goes on with the hex of the one before.
func addSCT(b *cryptobyte.Builder, lines []string) bool {
	values, name := map[string]string{}, ""
	for _, l := range lines {
		if key, value, named := strings.Cut(l, " : "); named {
			name = strings.TrimSpace(key)
			values[name] = value
			if name == "Signature" {
				name = "signature"
			}
			continue
		}
		if value, extensions := strings.CutPrefix(l, "Extensions: "); extensions {
			name, l = "Extensions", value
		}
		values[name] += l
	}
	log, logOK := unhex(values["Log ID"])
	at, timeOK := moment(values["Timestamp"])
	signature, signatureOK := unhex(values["signature"])
	algorithm, known := sctSignatures[values["Signature"]]
	var extensions []byte
	extensionsOK := values["Extensions"] == "none"
	if !extensionsOK {
		extensions, extensionsOK = unhex(values["Extensions"])
	}
	b.AddUint8(0)
	b.AddBytes(log)
	b.AddUint64(uint64(at.UnixMilli()))
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
	b.AddUint16(algorithm)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(signature) })
	return logOK && len(log) == 32 && timeOK && signatureOK && known && extensionsOK && values["Version"] == "v1 (0x0)"
}
