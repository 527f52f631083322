package mac

import (
	"crypto/pbkdf2"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
)

// PBKDF2Params are the parameters of PBKDF2.
//
//	PBKDF2-params ::= SEQUENCE {
//		salt            CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
//		iterationCount  INTEGER,
//		keyLength       INTEGER OPTIONAL,
//		prf             AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
//
// RFC 8018, section A.2
type PBKDF2Params struct {
	Ref        report.Ref
	Salt       field.Field[[]byte] // not OK: it comes from another source
	Iterations field.Field[field.Int]
	KeyLength  field.Field[field.Int] // not OK: absent, where the rest could be read
	PRF        *Code                  // nil: absent, which stands for HMAC with SHA-1
}

// ParsePBKDF2 reads PBKDF2-params that are nowhere shown by their parts; nil: they
// are none.
func ParsePBKDF2(b []byte) *PBKDF2Params {
	r := field.Trial(b)
	p := readPBKDF2(r)
	if broken, _ := r.Breaks(); broken > 0 || !r.Empty() {
		return nil
	}
	return p
}

func readPBKDF2(r *field.Reader) *PBKDF2Params {
	defer r.Cite(r.Cite(spec.RFC(8018, "A.2")))
	p := &PBKDF2Params{KeyLength: field.Field[field.Int]{Ref: report.None}}
	if b := r.Element(); b != nil && isPBES2(b) {
		r.Any("parameters")
		return nil
	}
	p.Ref = r.Seq("parameters", func(r *field.Reader) {
		if r.Peek(der.Sequence) {
			p.Salt.Ref = cert.ReadAlgorithm(r, "otherSource").Ref
		} else {
			p.Salt = r.Octets("salt")
		}
		p.Iterations = r.Integer("iterationCount")
		if r.Peek(der.Integer) {
			p.KeyLength = r.Integer("keyLength")
		}
		if !r.Empty() && !r.Quiet() {
			p.PRF = ReadCode(r, "prf")
		}
	})
	return p
}

// isPBES2 says that parameters are those of PBES2 indeed, two AlgorithmIdentifiers,
// and not PBKDF2-params under its name.
func isPBES2(b []byte) bool {
	in, _, _ := der.First(b, der.Sequence)
	_, rest, ok := der.First(in, der.Sequence)
	_, _, two := der.First(rest, der.Sequence)
	return ok && two
}

// prf is the PRF of PBKDF2.
func (p *PBKDF2Params) prf() *Code {
	if p.PRF == nil {
		return bare(rsadsi + "7")
	}
	return p.PRF
}

// length is how many octets the key has; -1 where what is said is no length.
func (p *PBKDF2Params) length(mac *Code) int {
	if !p.KeyLength.OK {
		return mac.KeyLength()
	}
	n, ok := p.KeyLength.Value.Int64()
	if !ok || n < 0 || n > maxKey {
		return -1
	}
	return int(n)
}

// Key derives a key of n octets. Where it cannot, why tells.
//
// RFC 8018, section 5.2
func (p *PBKDF2Params) Key(password []byte, rounds, n int) (key []byte, why string) {
	h := p.prf().hash()
	if h == nil {
		return nil, "the PRF " + p.prf().Name() + " is not known here"
	}
	key, err := pbkdf2.Key(h, string(password), p.Salt.Value, rounds, n)
	if err != nil {
		return nil, err.Error()
	}
	return key, ""
}

// keys derives the key as RFC 8018, section 7.1, has it, and then as programs
// are known to: the blocks of PBKDF2 do not depend on the length that is asked for,
// so that one derivation serves all lengths.
func (p *PBMAC1Params) keys(secret []byte, rounds int, others bool) []Key {
	type derived struct {
		n   int
		prf *Code
		how string // it deviates
	}
	k := p.PBKDF2
	want := k.length(p.MAC)
	lengths := []derived{{n: want}}
	if others {
		if k.KeyLength.OK && want%8 == 0 {
			lengths = append(lengths, derived{n: want / 8, how: fmt.Sprintf("the keyLength of %d counts bits, not octets", want)})
		}
		if n := p.MAC.KeyLength(); n != want && n != want/8 {
			lengths = append(lengths, derived{n: n, how: fmt.Sprintf("the key has %d octets, as the MAC has, and not the %d of keyLength", n, want)})
		}
	}
	prfs := []derived{{prf: k.prf()}}
	if others && k.prf().ID != rsadsi+"9" {
		prfs = append(prfs, derived{prf: bare(rsadsi + "9"), how: "the PRF is HMAC-SHA256, and not " + k.prf().Name() + ", which is written"})
	}
	var all []Key
	for _, f := range prfs {
		most := 0
		for _, l := range lengths {
			most = max(most, l.n)
		}
		dk, err := pbkdf2.Key(f.prf.hash(), string(secret), k.Salt.Value, rounds, most)
		if err != nil {
			continue
		}
		for _, l := range lengths {
			if l.n == 0 {
				continue
			}
			how := l.how
			if f.how != "" && how != "" {
				how += ", and "
			}
			all = append(all, Key{dk[:l.n], how + f.how, p.MAC})
		}
	}
	return all
}
