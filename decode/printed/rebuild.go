package printed

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"derscope/decode/cert"
	"derscope/decode/field"
	"derscope/decode/ocsp"
	"derscope/decode/sig"
)

// attempts bounds the signatures that are computed for one text.
const attempts = 64

// Rebuild encodes the response that was printed, and answers with its octets
// if the printed signature holds over them under the key of a certificate at
// hand. What the text does not tell is tried: whether the version was sent,
// whether the hashes of CertIDs have parameters, and how the responder's name
// is encoded. A wrong guess does not verify.
//
// Outside the signed octets lie certs, for which the certificates printed in
// the block stand, and the form of signatureAlgorithm, for which the usual one
// stands. An error has no signature: it is one ENUMERATED, and nothing to guess.
//
// Where nothing verifies, Unproved says why.
func (t *Text) Rebuild(embedded, hand []*cert.Certificate) []byte {
	if t.Sort != Whole {
		return nil
	}
	if t.Status.OK && t.Status.Value > 0 && t.Status.Value < 128 && t.Type.Ref < 0 {
		return []byte{0x30, 3, 0x0a, 1, byte(t.Status.Value)}
	}
	if t.Unproved = t.gap(); t.Unproved != "" {
		return nil
	}
	hand = distinct(append(embedded[:len(embedded):len(embedded)], hand...))
	ids := t.responders(hand)
	if len(ids) == 0 {
		t.Unproved = t.unproved(nil)
		return nil
	}
	algorithm, _ := t.algorithm()
	identifier, ok := sig.ParseAlgorithm(algorithm)
	if !ok {
		t.Unproved = "The signature algorithm " + excerpt(t.Algorithm.Value) + " is not one that can be encoded here."
		return nil
	}
	left, unknown := attempts, ""
	for _, signer := range t.signers(hand) {
		for _, id := range ids {
			for _, form := range t.forms() {
				if left == 0 {
					continue
				}
				left--
				tbs, err := t.data(id, form)
				if err != nil {
					t.Unproved = "What is printed cannot be encoded: " + err.Error() + "."
					return nil
				}
				switch r := sig.Verify(identifier, signer.PublicKey.Key, tbs, t.Signature.Value); {
				case r.Outcome == sig.Valid:
					return t.response(tbs, algorithm, embedded)
				case r.Outcome == sig.Unknown && t.fits(signer):
					unknown = r.Why
				}
			}
		}
	}
	if t.Unproved = t.unproved(hand); unknown != "" {
		t.Unproved = fmt.Sprintf("Signatures of %s cannot be verified here: %s.", excerpt(t.Algorithm.Value), unknown)
	}
	return nil
}

// unproved says why no encoding is the one that was signed.
func (t *Text) unproved(hand []*cert.Certificate) string {
	for _, c := range hand {
		if t.fits(c) {
			t.Named = true
			return fmt.Sprintf("The signature does not hold under the key of %s, whom the text names as the responder: the text was changed, or the response is encoded in a way that text does not show.", c.Title())
		}
	}
	return "No certificate at hand is that of the responder " + excerpt(t.Responder.Value) + ": without its key nothing proves what the octets were."
}

// fits says that the text names the certificate as the responder's.
func (t *Text) fits(c *cert.Certificate) bool {
	if t.Key != nil {
		return bytes.Equal(c.KeyHash(), t.Key)
	}
	return printsAs(c.Subject, t.Responder.Value)
}

// gap says what of the text is missing for its octets, or "".
func (t *Text) gap() string {
	if missing := t.missing(); missing != "" {
		return "The text lacks " + missing + "."
	}
	for _, e := range t.Entries {
		if idOf(hashes, e.Hash.Value) == "" {
			return fmt.Sprintf("The hash algorithm %s is none that is known here.", excerpt(e.Hash.Value))
		}
	}
	for _, list := range t.allExtensions() {
		for _, e := range list {
			if _, _, ok := e.value(); !ok {
				return fmt.Sprintf("The extension %s is printed in a form that does not tell its octets.", excerpt(e.Name))
			}
		}
	}
	if _, ok := t.algorithm(); !ok {
		return fmt.Sprintf("The signature algorithm %s is none that is known here.", excerpt(t.Algorithm.Value))
	}
	return ""
}

// missing names the first part that was not printed or cannot be read, or "".
func (t *Text) missing() string {
	part := func(ok bool, name string) string {
		if ok {
			return ""
		}
		return name
	}
	all := []string{part(t.Status.OK, "responseStatus")}
	if t.Basic {
		all = append(all, part(t.Version.OK, "version"), part(t.Responder.OK, "responderID"), part(t.ProducedAt.OK, "producedAt"), part(t.Responses >= 0, "responses"))
		for i, e := range t.Entries {
			at := fmt.Sprintf(" of responses[%d]", i)
			all = append(all, part(e.Hash.OK, "hashAlgorithm"+at), part(e.NameHash.OK, "issuerNameHash"+at), part(e.KeyHash.OK, "issuerKeyHash"+at),
				part(e.Serial.OK, "serialNumber"+at), part(e.Standing != ocsp.Unreadable, "certStatus"+at),
				part(e.Standing != ocsp.Revoked || e.RevokedAt.OK, "revocationTime"+at), part(e.ThisUpdate.OK, "thisUpdate"+at),
				part(e.NextUpdate.OK || e.NextUpdate.Ref < 0, "nextUpdate"+at), part(e.Reason.OK || e.Reason.Ref < 0, "revocationReason"+at))
		}
		all = append(all, part(t.Algorithm.OK, "signatureAlgorithm"), part(t.Signature.OK, "signature"))
	} else if t.Status.OK && t.Status.Value == 0 {
		all = append(all, "responseBytes")
	}
	return strings.TrimSpace(strings.Join(first(all), ""))
}

// first is the first of the words that are not empty.
func first(words []string) []string {
	for i, w := range words {
		if w != "" {
			return words[i : i+1]
		}
	}
	return nil
}

func (t *Text) allExtensions() [][]Extension {
	all := [][]Extension{t.Extensions}
	for _, e := range t.Entries {
		all = append(all, e.Extensions)
	}
	return all
}

func distinct(list []*cert.Certificate) (out []*cert.Certificate) {
	seen := map[string]bool{}
	for _, c := range list {
		if !seen[string(c.Raw)] && c.PublicKey.Err == "" {
			seen[string(c.Raw)] = true
			out = append(out, c)
		}
	}
	return out
}

// responders are the encodings that ResponderID may have.
func (t *Text) responders(hand []*cert.Certificate) (ids [][]byte) {
	add := func(tag asn1.Tag, contents []byte) {
		var b cryptobyte.Builder
		b.AddASN1(tag.ContextSpecific().Constructed(), func(b *cryptobyte.Builder) { b.AddBytes(contents) })
		if id, err := b.Bytes(); err == nil {
			for _, other := range ids {
				if bytes.Equal(id, other) {
					return
				}
			}
			ids = append(ids, id)
		}
	}
	if t.Key != nil {
		var b cryptobyte.Builder
		b.AddASN1OctetString(t.Key)
		if key, err := b.Bytes(); err == nil {
			add(2, key)
		}
		return ids
	}
	for _, c := range hand {
		for _, n := range []cert.Name{c.Subject, c.Issuer} {
			if printsAs(n, t.Responder.Value) {
				add(1, n.Raw)
			}
		}
	}
	return ids
}

// signers orders the certificates: those that the responder's name or key
// fits come first.
func (t *Text) signers(hand []*cert.Certificate) []*cert.Certificate {
	var fit, other []*cert.Certificate
	for _, c := range hand {
		if t.fits(c) {
			fit = append(fit, c)
		} else {
			other = append(other, c)
		}
	}
	return append(fit, other...)
}

// form is what the text does not tell of the encoding.
type form struct{ version, null bool }

func (t *Text) forms() []form {
	if t.Version.Value != 0 {
		return []form{{true, true}, {true, false}}
	}
	return []form{{false, true}, {false, false}, {true, true}, {true, false}}
}

var (
	sequence = asn1.SEQUENCE
	explicit = func(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }
)

// data encodes ResponseData.
func (t *Text) data(responder []byte, f form) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(sequence, func(b *cryptobyte.Builder) {
		if f.version {
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1Int64(int64(t.Version.Value)) })
		}
		b.AddBytes(responder)
		addMoment(b, t.ProducedAt)
		b.AddASN1(sequence, func(b *cryptobyte.Builder) {
			for i := range t.Entries {
				t.Entries[i].single(b, f.null)
			}
		})
		encodeExtensions(b, t.Extensions)
	})
	return b.Bytes()
}

func addMoment(b *cryptobyte.Builder, m field.Field[field.Moment]) {
	b.AddASN1(asn1.GeneralizedTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(m.Value.Text)) })
}

// single encodes a SingleResponse.
func (e *Entry) single(b *cryptobyte.Builder, null bool) {
	b.AddASN1(sequence, func(b *cryptobyte.Builder) {
		b.AddASN1(sequence, func(b *cryptobyte.Builder) {
			b.AddASN1(sequence, func(b *cryptobyte.Builder) {
				b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(idOf(hashes, e.Hash.Value).Bytes()) })
				if null {
					b.AddASN1NULL()
				}
			})
			b.AddASN1OctetString(e.NameHash.Value)
			b.AddASN1OctetString(e.KeyHash.Value)
			b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(e.Serial.Value) })
		})
		switch e.Standing {
		case ocsp.Good:
			b.AddASN1(asn1.Tag(0).ContextSpecific(), func(*cryptobyte.Builder) {})
		case ocsp.Unknown:
			b.AddASN1(asn1.Tag(2).ContextSpecific(), func(*cryptobyte.Builder) {})
		default:
			b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
				addMoment(b, e.RevokedAt)
				if e.Reason.OK {
					b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
						b.AddASN1(asn1.ENUM, func(b *cryptobyte.Builder) { b.AddUint8(uint8(e.Reason.Value)) })
					})
				}
			})
		}
		addMoment(b, e.ThisUpdate)
		if e.NextUpdate.OK {
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { addMoment(b, e.NextUpdate) })
		}
		encodeExtensions(b, e.Extensions)
	})
}

func encodeExtensions(b *cryptobyte.Builder, list []Extension) {
	if len(list) == 0 {
		return
	}
	b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
		b.AddASN1(sequence, func(b *cryptobyte.Builder) {
			for _, e := range list {
				id, value, _ := e.value()
				b.AddASN1(sequence, func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(id.Bytes()) })
					if e.Critical {
						b.AddASN1Boolean(true)
					}
					b.AddASN1OctetString(value)
				})
			}
		})
	})
}

// response encodes OCSPResponse around the signed octets.
func (t *Text) response(tbs, algorithm []byte, certs []*cert.Certificate) []byte {
	var b cryptobyte.Builder
	b.AddASN1(sequence, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.ENUM, func(b *cryptobyte.Builder) { b.AddUint8(uint8(t.Status.Value)) })
		b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
			b.AddASN1(sequence, func(b *cryptobyte.Builder) {
				b.AddASN1(asn1.OBJECT_IDENTIFIER, func(b *cryptobyte.Builder) { b.AddBytes(ocsp.BasicType.Bytes()) })
				b.AddASN1(asn1.OCTET_STRING, func(b *cryptobyte.Builder) {
					b.AddASN1(sequence, func(b *cryptobyte.Builder) {
						b.AddBytes(tbs)
						b.AddBytes(algorithm)
						b.AddASN1BitString(t.Signature.Value)
						if len(certs) == 0 {
							return
						}
						b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
							b.AddASN1(sequence, func(b *cryptobyte.Builder) {
								for _, c := range certs {
									b.AddBytes(c.Raw)
								}
							})
						})
					})
				})
			})
		})
	})
	out, err := b.Bytes()
	if err != nil {
		t.Unproved = "What is printed cannot be encoded: " + err.Error() + "."
		return nil
	}
	return out
}
