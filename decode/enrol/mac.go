package enrol

import (
	"bytes"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/der"
	"derscope/decode/mac"
	"derscope/decode/report"
	"derscope/decode/secret"
)

// Form says over which octets a protection was verified.
type Form int

const (
	AsReceived Form = iota
	Reencoded       // header and body in DER, where they came in BER
)

// MAC is what was found of the protection of a message by a MAC.
type MAC struct {
	Status report.Status // NoStatus: it is protected otherwise, or not at all
	Why    string        // with both values
	Needs  string        // where it is open: what to add, in the words of the catalogue
	Secret int           // the exhibit that makes it, or -1
	As     string        // how the secret was taken, where not as it was given
	Form   Form
	// Deviation names the mistake that the sender made where only a computation
	// other than the document's gives the value; "" if none.
	Deviation string
	// Limit says which bound of work kept it from being computed; "" if none did.
	Limit string
	Tried int // secrets that were tried
}

// MAC computes the protection with the secrets at hand. It depends on the
// switch «work» alone, and is remembered.
func (v *View) MAC(c *check.Context) *MAC {
	if v.Header.Algorithm == nil || v.Header.Algorithm.Method == mac.None || !v.Protected() {
		return &MAC{Secret: -1}
	}
	if m := v.x.macs(c)[v]; m != nil {
		return m
	}
	return &MAC{Secret: -1, Status: report.Open, Why: "It is not computed."}
}

// workOf is how many rounds the MAC of one message may cost.
func workOf(c *check.Context) int64 {
	n, err := strconv.ParseInt(c.Set["work"], 10, 64)
	if err != nil {
		return mac.AtOnce
	}
	return min(max(n, mac.AtOnce), mac.Ever)
}

// macs computes the MACs of all messages, in the order of the exhibits: what one
// costs, and which secret made it, counts for those behind it.
func (x *Index) macs(c *check.Context) map[*View]*MAC {
	type key struct{ work int64 }
	work := workOf(c)
	all, _ := c.Once(key{work}, func() any {
		p := &prover{x: x, most: work, left: inAll * work, keys: map[string][]mac.Key{}}
		p.candidates()
		found := map[*View]*MAC{}
		for _, v := range x.Messages {
			if a := v.Header.Algorithm; a != nil && a.Method != mac.None && v.Protected() {
				found[v] = p.prove(v)
			}
		}
		return found
	}).(map[*View]*MAC)
	return all
}

// Bounds of what is tried.
const (
	inAll   = 4  // all messages together may cost so many times what one may
	secrets = 16 // shared secrets
)

// prover computes MACs within bounds.
type prover struct {
	x          *Index
	most, left int64 // rounds: for a message, and for all that come
	tries      []candidate
	keys       map[string][]mac.Key // that were made, by parameters and secret
}

// candidate is a secret, and how it is taken.
type candidate struct {
	octets []byte
	item   int
	as     string // "" as it was given
}

// candidates lists what the secrets at hand may stand for: first as they were
// given, then without the end of their line, then what their digits spell.
func (p *prover) candidates() {
	given := p.x.Secrets[:min(len(p.x.Secrets), secrets)]
	var trimmed, digits []candidate
	for _, s := range given {
		b := s.Is.Bytes
		p.tries = append(p.tries, candidate{b, s.Item, ""})
		cut := bytes.TrimRight(b, "\r\n")
		if len(cut) < len(b) && len(cut) > 0 {
			trimmed = append(trimmed, candidate{cut, s.Item, "without the end of its line"})
		}
		if d, err := hex.DecodeString(string(bytes.TrimSpace(b))); err == nil && len(d) > 0 {
			digits = append(digits, candidate{d, s.Item, "as the octets that its hexadecimal digits spell"})
		}
	}
	p.tries = append(append(p.tries, trimmed...), digits...)
}

// prefer puts a candidate first: who knows one secret of a transaction mostly
// knows the one of all.
func (p *prover) prefer(t candidate) {
	for i := range p.tries {
		if q := &p.tries[i]; q.item == t.item && q.as == t.as {
			copy(p.tries[1:i+1], p.tries[:i])
			p.tries[0] = t
			return
		}
	}
}

// prove looks for the secret that makes the MAC of a message.
func (p *prover) prove(v *View) *MAC {
	a := v.Header.Algorithm
	m := &MAC{Secret: -1, Status: report.Open}
	if why := a.Unusable(); why != "" {
		m.Why = "It cannot be computed: " + why + "."
		return m
	}
	if !v.Protection.OK || v.Header.Raw == nil || v.Body.Raw == nil {
		m.Why = "It cannot be computed: header, body or protection cannot be read."
		return m
	}
	cost := a.Cost()
	switch {
	case cost < 0 || cost > mac.Ever:
		m.Limit = fmt.Sprintf("it costs %s, and more than %d are never computed", rounds(a), mac.Ever)
		m.Why = "It is not computed: " + m.Limit + "."
		return m
	case len(p.tries) == 0:
		m.Needs, m.Why = needOf(a.Method), asks[a.Method]
		return m
	case cost > p.most:
		m.Limit = fmt.Sprintf("it costs %s, and no more than %d are computed unasked", rounds(a), p.most)
		m.Needs = "work"
		m.Why = "It is not computed yet: " + m.Limit + ". Allow the work to have it computed: the page then waits until it is done."
		return m
	}
	over := v.forms()
	for _, others := range []bool{false, true} {
		if others && a.Method != mac.PBMAC1 {
			break
		}
		for _, t := range p.tries {
			if p.left < cost {
				m.Limit = fmt.Sprintf("the secrets and messages together cost more than %d rounds", inAll*p.most)
				m.Why = "It is not computed to the end: " + m.Limit + ". Give fewer secrets or messages at a time."
				return m
			}
			if p.try(v, m, t, over, others) {
				p.prefer(t)
				return m
			}
		}
	}
	m.Status, m.Tried = report.Fail, min(len(p.x.Secrets), secrets)
	m.Why = p.wrong(v, m.Tried)
	return m
}

// forms are the octets that the MAC may have been made over: as received, and in
// DER if they are not.
func (v *View) forms() [][]byte {
	b := v.ProtectedPart()
	over := [][]byte{b}
	if d, ok := der.Canonical(b); ok && !bytes.Equal(b, d) {
		over = append(over, d)
	}
	return over
}

// try computes the MAC with one candidate, and says whether it is the message's.
func (p *prover) try(v *View, m *MAC, t candidate, over [][]byte, others bool) bool {
	for _, k := range p.keysOf(v.Header.Algorithm, t, others) {
		for form, data := range over {
			p.left -= int64(len(data) / 64)
			sum, why := k.Code.Sum(k.Bytes, data)
			if why != "" || subtle.ConstantTimeCompare(sum, v.Protection.Value.Bytes) != 1 {
				continue
			}
			m.Status, m.Secret, m.As, m.Form, m.Deviation = report.Pass, t.item, t.as, Form(form), k.Deviation
			m.Why = fmt.Sprintf("The shared secret, applied to header and body with %s, gives this very value.", v.Header.Algorithm.Describe())
			if t.as != "" {
				m.Why = fmt.Sprintf("The shared secret, taken %s, gives this very value with %s.", t.as, v.Header.Algorithm.Describe())
			}
			if k.Deviation != "" {
				m.Why += " But only if " + k.Deviation + "."
			}
			return true
		}
	}
	return false
}

// keysOf makes the keys of a candidate, once for equal parameters.
func (p *prover) keysOf(a *mac.Algorithm, t candidate, others bool) []mac.Key {
	id := fmt.Sprintf("%s %x %t %x", a.ID, a.Parameters, others, t.octets)
	if k, ok := p.keys[id]; ok {
		return k
	}
	p.left -= a.Cost()
	k := a.Keys(t.octets, others)
	p.keys[id] = k
	return k
}

// rounds says for people what a MAC costs.
func rounds(a *mac.Algorithm) string {
	switch n, cost := a.Rounds(), a.Cost(); {
	case n < 0:
		return "a number of rounds that is no count"
	case cost > n:
		return fmt.Sprintf("%d rounds for each of %d blocks", n, cost/n)
	default:
		return report.Plural(int(n), "round", "rounds")
	}
}

// needOf is the word for what a MAC is computed with.
func needOf(m mac.Method) string {
	if m == mac.DHBased || m == mac.KEMBased {
		return "key"
	}
	return "secret"
}

// asks say what to add.
var asks = map[mac.Method]string{
	mac.PBM:      "Add the shared secret that the two sides agreed on to have it computed.",
	mac.PBMAC1:   "Add the shared secret that the two sides agreed on to have it computed.",
	mac.Direct:   "Add the key that the two sides agreed on to have it computed.",
	mac.DHBased:  "Add the secret of the Diffie-Hellman agreement, in hexadecimal, or the receiver's private key with the sender's certificate.",
	mac.KEMBased: "Add the secret of the KEM, in hexadecimal, or the private key together with the message that carries the ciphertext.",
}

// wrong says what it means that no secret makes the MAC.
func (p *prover) wrong(v *View, tried int) string {
	what := "The shared secret that was given makes"
	if tried > 1 {
		what = fmt.Sprintf("The %d shared secrets that were given make", tried)
	}
	return what + " another value. Either it is not the secret of this message, or header or body were changed after the value was made."
}

// Authenticated says whether a secret makes the MAC of a message.
func Authenticated(c *check.Context, s *secret.Shared) secret.Tried {
	x := IndexOf(c)
	at := slices.IndexFunc(x.Secrets, func(f check.Found[*secret.Shared]) bool { return f.Is == s })
	if at < 0 {
		return secret.Tried{}
	}
	var made, protected int
	var as string
	for _, v := range x.Messages {
		m := v.MAC(c)
		if m.Status == report.NoStatus {
			continue
		}
		protected++
		if m.Secret == x.Secrets[at].Item {
			made++
			as = m.As
		}
	}
	switch {
	case made > 0:
		u := &secret.Use{Title: "Shared secret of an enrolment", Headline: "It makes the " + report.Plural(made, "MAC of a CMP message", "MACs of CMP messages"),
			Detail: "Who knows it can make such messages, and can tell whether they were changed."}
		if as != "" {
			u.Detail = "It does so taken " + as + ". " + u.Detail
		}
		return secret.Tried{Use: u}
	case protected > 0:
		return secret.Tried{Why: "None of " + strings.TrimPrefix(report.Plural(protected, "MAC", "MACs"), "1 ") + " of CMP messages here is made with it."}
	}
	return secret.Tried{}
}
