package handshake

import (
	"strconv"

	"derscope/decode/field"
	"derscope/decode/suite"
)

// RetryRandom is the random of a HelloRetryRequest: RFC 9846, section 4.2.3.
var RetryRandom = [32]byte{
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
}

// retryRandom says whether the body of a ServerHello is that of a HelloRetryRequest.
func retryRandom(b []byte) bool { return len(b) >= 34 && [32]byte(b[2:34]) == RetryRandom }

func (m *machine) versionField(r *field.Reader, label string) field.Field[uint64] {
	v := r.Uint(label, 2, nil)
	if v.OK {
		r.Show(v.Ref, versionName(uint16(v.Value)))
	}
	return v
}

func versionName(v uint16) string { return suite.Numbered(suite.Version(v), v) }
func suiteName(v uint16) string   { return suite.Numbered(suite.Name(v), v) }

// modeName names a mode of PSKs, the one list of single octets that GREASE is
// sent in (RFC 8701, section 2).
func modeName(v uint16) string {
	if suite.GREASE8(uint8(v)) {
		return "GREASE " + strconv.Itoa(int(v))
	}
	return name(suite.PSKModes, v, 8)
}

// naming makes a function of a map of names.
func naming(names map[int]string, bits int) func(uint16) string {
	return func(v uint16) string { return name(names, v, bits) }
}

// numbers reads a list of numbers of some octets behind a length of width octets.
func (m *machine) numbers(r *field.Reader, label string, width, octets int, name func(uint16) string) Numbers {
	n := Numbers{}
	n.Ref = r.Vector(label, width, func(r *field.Reader) {
		n.OK = true
		n.List = field.List(r, label, func(r *field.Reader, label string) field.Field[uint64] {
			f := r.Uint(label, octets, nil)
			if f.OK {
				r.Show(f.Ref, name(uint16(f.Value)))
			}
			return f
		})
	})
	if n.OK && len(n.List) == 0 {
		m.fault(r, n.Ref, "the list is empty: one element is the least")
	}
	return n
}

// clientHello reads a ClientHello.
//
//	struct {
//	    ProtocolVersion legacy_version;
//	    Random random;
//	    opaque legacy_session_id<0..32>;
//	    CipherSuite cipher_suites<2..2^16-2>;
//	    opaque legacy_compression_methods<1..2^8-1>;
//	    Extension extensions<8..2^16-1>;
//	} ClientHello;
//
// RFC 9846, section 4.2.2
func (m *machine) clientHello(r *field.Reader, datagram bool) *ClientHello {
	defer r.Cite(r.Cite(rfc9846("4.2.2")))
	c := &ClientHello{Ref: r.At()}
	c.Version = m.versionField(r, "legacy_version")
	c.Random = r.Fixed("random", 32)
	c.SessionID = m.sessionID(r, "legacy_session_id")
	if datagram {
		c.Cookie = r.Opaque("cookie", 1)
	}
	c.Suites = m.numbers(r, "cipher_suites", 2, 2, suiteName)
	c.Compression = m.numbers(r, "legacy_compression_methods", 1, 1, naming(suite.CompressionMethods, 8))
	if !r.Empty() && !r.Quiet() {
		c.Extensions = m.extensions(r, inClientHello)
	}
	return c
}

func (m *machine) sessionID(r *field.Reader, label string) field.Field[[]byte] {
	id := r.Opaque(label, 1)
	if id.OK && len(id.Value) > 32 {
		m.fault(r, id.Ref, "a session id of %d octets: 32 is the most", len(id.Value))
	}
	return id
}

// serverHello reads a ServerHello, or the HelloRetryRequest that has its form.
//
//	struct {
//	    ProtocolVersion legacy_version;
//	    Random random;
//	    opaque legacy_session_id_echo<0..32>;
//	    CipherSuite cipher_suite;
//	    uint8 legacy_compression_method;
//	    Extension extensions<6..2^16-1>;
//	} ServerHello;
//
// RFC 9846, section 4.2.3
func (m *machine) serverHello(r *field.Reader, retry bool) *ServerHello {
	section, in := "4.2.3", inServerHello
	if retry {
		section, in = "4.2.4", inRetry
	}
	defer r.Cite(r.Cite(rfc9846(section)))
	s := &ServerHello{Ref: r.At(), Retry: retry}
	s.Version = m.versionField(r, "legacy_version")
	s.Random = r.Fixed("random", 32)
	if retry {
		r.Show(s.Random.Ref, "the value that marks a HelloRetryRequest")
	}
	s.SessionID = m.sessionID(r, "legacy_session_id_echo")
	s.Suite = r.Uint("cipher_suite", 2, nil)
	if s.Suite.OK {
		r.Show(s.Suite.Ref, suiteName(uint16(s.Suite.Value)))
	}
	s.Compression = r.Uint("legacy_compression_method", 1, suite.CompressionMethods)
	if !r.Empty() && !r.Quiet() {
		s.Extensions = m.extensions(r, in)
	}
	s.Negotiated = uint16(s.Version.Value)
	if x := s.Extensions.Get(ExtSupportedVersions); x != nil {
		if v, ok := x.Value.(*Number); ok && v.OK {
			s.Negotiated = uint16(v.Value)
		}
	}
	return s
}

// serverKeyExchange reads the form with a named curve: RFC 8422, section 5.4.
//
//	struct {
//	    ECCurveType curve_type; NamedCurve namedcurve; opaque point<1..2^8-1>;
//	    SignatureAndHashAlgorithm algorithm; opaque signature<0..2^16-1>;
//	}
func (m *machine) serverKeyExchange(r *field.Reader) *ServerKeyExchange {
	defer r.Cite(r.Cite(rfc8422("5.4")))
	k := &ServerKeyExchange{Ref: r.At()}
	b := r.Left()
	if len(b) < 5 || b[0] != 3 || 4+int(b[3]) > len(b) {
		if len(b) > 0 {
			r.Cite(rfc5246("7.4.3"))
			k.Data = r.Fixed("params", len(b))
		}
		return k
	}
	r.Uint("curve_type", 1, map[int]string{3: "named_curve"})
	k.Group = m.number(r, "namedcurve", 2, naming(suite.Groups, 16))
	k.Key = r.Opaque("point", 1)
	if rest := r.Left(); len(rest) >= 4 && !(len(rest) == 2+u16(rest)) { // TLS 1.1 and older name no algorithm
		k.Algorithm = m.number(r, "algorithm", 2, naming(suite.Schemes, 16))
	}
	if !r.Empty() {
		k.Signature = r.Opaque("signature", 2)
	}
	return k
}

// number reads one number and names it.
func (m *machine) number(r *field.Reader, label string, octets int, name func(uint16) string) field.Field[uint64] {
	f := r.Uint(label, octets, nil)
	if f.OK && name != nil {
		r.Show(f.Ref, name(uint16(f.Value)))
	}
	return f
}

// clientKeyExchange reads a point of a curve, or a secret encrypted to the
// server's key: RFC 5246, section 7.4.7; RFC 8422, section 5.7.
func (m *machine) clientKeyExchange(r *field.Reader) *ClientKeyExchange {
	defer r.Cite(r.Cite(rfc5246("7.4.7")))
	k := &ClientKeyExchange{Ref: r.At()}
	b := r.Left()
	switch {
	case len(b) > 1 && 1+int(b[0]) == len(b):
		r.Cite(rfc8422("5.7"))
		k.Key = r.Opaque("ecdh_Yc", 1)
	case len(b) > 2 && 2+u16(b) == len(b):
		k.Key = r.Opaque("exchange_keys", 2)
	case len(b) > 0:
		k.Data = r.Fixed("exchange_keys", len(b))
	}
	return k
}
