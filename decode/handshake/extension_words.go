package handshake

import (
	"strings"

	"derscope/decode/report"
	"derscope/decode/suite"
)

// words are what an extension says, for people.
func (x *Extension) words(in place) string {
	switch v := x.Value.(type) {
	case nil:
		if suite.GREASE(x.Type) {
			return "GREASE " + suite.Hex16(x.Type) + ": sent to see that it is ignored"
		}
		if suite.Extensions[int(x.Type)] == "" {
			return "type " + suite.Hex16(x.Type) + ", " + report.Plural(len(x.Body), "octet", "octets")
		}
		if len(x.Body) == 0 {
			return "empty"
		}
		return report.Plural(len(x.Body), "octet", "octets")
	case *ServerNames:
		return few(len(v.List), func(i int) string { return shown(v.List[i].Name.Value) })
	case *Names:
		return few(len(v.List), func(i int) string { return shown(v.List[i].Value) })
	case *Numbers:
		names := map[uint16]map[int]string{ExtSupportedGroups: suite.Groups, ExtSignatureAlgorithms: suite.Schemes, ExtSignatureAlgorithmsC: suite.Schemes,
			ExtSupportedVersions: suite.Versions, ExtPSKModes: suite.PSKModes, ExtPointFormats: suite.PointFormats, ExtCompressCertificate: suite.CertificateCompression}[x.Type]
		return few(len(v.List), func(i int) string { return suite.Label(names, uint16(v.List[i].Value)) })
	case *KeyShares:
		return few(len(v.List), func(i int) string { return suite.Label(suite.Groups, uint16(v.List[i].Group.Value)) })
	case *Offer:
		return report.Plural(len(v.Identities), "identity", "identities")
	case *Octets:
		return report.Plural(len(v.Value), "octet", "octets")
	case *Staple:
		return "OCSP response of " + report.Plural(len(v.Response.Value), "octet", "octets")
	case *Authorities:
		return report.Plural(len(v.List), "name", "names")
	}
	return ""
}

// shown is octets as text where they are printable.
func shown(b []byte) string {
	if printable(b) {
		return string(b)
	}
	return report.Plural(len(b), "octet", "octets")
}

// few writes the first of n things.
func few(n int, word func(int) string) string {
	const most = 6
	var s strings.Builder
	for i := range min(n, most) {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(word(i))
	}
	if n > most {
		s.WriteString(", …")
	}
	return s.String()
}
