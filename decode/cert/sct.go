package cert

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// SCT is a signed certificate timestamp: the promise of a log.
//
// RFC 6962, section 3.2
type SCT struct {
	Ref       report.Ref
	Version   int
	LogID     []byte
	Timestamp uint64 // milliseconds since 1970
	Signature []byte
}

// SignedCertificateTimestampList ::= OCTET STRING
//
// RFC 6962, section 3.3
func sctList(r *field.Reader) (any, string) {
	var list []SCT
	r.Wrapped("SignedCertificateTimestampList", func(r *field.Reader) {
		r.Vector("sct_list", 2, func(r *field.Reader) {
			list = field.List(r, "sct_list", readSCT)
		})
	})
	return list, count(len(list), "timestamp", "timestamps")
}

var (
	hashNames      = map[int]string{0: "none", 1: "md5", 2: "sha1", 3: "sha224", 4: "sha256", 5: "sha384", 6: "sha512"}
	signatureNames = map[int]string{0: "anonymous", 1: "rsa", 2: "dsa", 3: "ecdsa"}
)

//	struct {
//		Version sct_version;
//		LogID id;
//		uint64 timestamp;
//		CtExtensions extensions;
//		digitally-signed struct { … };
//	} SignedCertificateTimestamp;
func readSCT(r *field.Reader, label string) (s SCT) {
	s.Ref = r.Vector(label, 2, func(r *field.Reader) {
		r.Cite(spec.RFC(6962, "3.2"))
		version := r.Uint("sct_version", 1, map[int]string{0: "v1"})
		s.Version = int(version.Value)
		if version.OK && s.Version != 0 {
			if n := len(r.Left()); n > 0 {
				r.Fixed("opaque", n)
			}
			return
		}
		s.LogID = r.Fixed("id", 32).Value
		at := r.Uint("timestamp", 8, nil)
		s.Timestamp = at.Value
		if at.OK && !r.Muted() {
			r.Show(at.Ref, s.when())
		}
		r.Opaque("extensions", 2)
		r.Uint("hash", 1, hashNames)
		r.Uint("signature_algorithm", 1, signatureNames)
		s.Signature = r.Opaque("signature", 2).Value
	})
	if !r.Muted() && s.Version == 0 && len(s.LogID) > 0 {
		r.Show(s.Ref, "log "+field.Colons(s.LogID[:4])+"…, "+s.when())
	}
	return s
}

func (s SCT) when() string {
	t, ok := millis(s.Timestamp)
	if !ok {
		return "beyond the year 9999"
	}
	return t.Format("2006-01-02 15:04:05.000 UTC")
}

// millis is a moment by its milliseconds since 1970.
func millis(n uint64) (time.Time, bool) {
	if n > 253402300799999 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(n)).UTC(), true
}

// count writes a number of things, and none in words.
func count(n int, one, many string) string {
	if n == 0 {
		return "no " + many
	}
	return report.Plural(n, one, many)
}
