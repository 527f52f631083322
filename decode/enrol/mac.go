package enrol

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"slices"
	"strconv"

	"derscope/decode/check"
	"derscope/decode/cmp"
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
	// Slip says which mistake of writing turns a secret that was given into the one
	// that made the value; "" if none does.
	Slip string
	// Apart: a secret makes the MACs of the other side of the transaction, and this
	// one's none.
	Apart bool

	key   []byte // that fits
	unfit string // why none of the keys can be one of this MAC
	cut   int    // octets of the whole value, of which the message has the beginning
}

// MAC computes the protection with the secrets at hand. It depends on the
// switch «work» alone, and is remembered.
func (v *View) MAC(c *check.Context) *MAC {
	if !v.ByMAC() || !v.Protected() {
		return &MAC{Secret: -1}
	}
	return v.x.prover(c).found[v]
}

// workOf is how many rounds the MAC of one message may cost.
func workOf(c *check.Context) int64 {
	n, err := strconv.ParseInt(c.Set["work"], 10, 64)
	if err != nil {
		return mac.AtOnce
	}
	return min(max(n, mac.AtOnce), mac.Ever)
}

// prover is who computes MACs of this set of exhibits. It has computed those of
// all messages, in their order: what one costs, and which secret made it, counts
// for those behind it.
func (x *Index) prover(c *check.Context) *prover {
	type key struct{ work int64 }
	work := workOf(c)
	p, _ := c.Once(key{work}, func() any {
		p := &prover{x: x, most: work, left: inAll * work, keys: map[string][]mac.Key{}, shared: map[string][]byte{}, passwords: map[int]bool{}, found: map[*View]*MAC{}}
		p.candidates()
		for _, agreed := range []bool{false, true} { // what is a password is no secret of a KEM
			for _, v := range x.Messages {
				if v.ByMAC() && v.Protected() && agrees(v.Header.Algorithm) == agreed {
					p.found[v] = p.prove(v)
				}
			}
		}
		p.compare()
		return p
	}).(*prover)
	return p
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
	private    []privateKey         // see privateKeys
	shared     map[string][]byte    // secrets of private keys and their peers, see once
	passwords  map[int]bool         // the exhibits that made a MAC
	slips      int64                // rounds that slips have cost
	found      map[*View]*MAC
}

// candidate is a secret, and how it is taken.
type candidate struct {
	octets []byte
	item   int
	as     string // "" as it was given
	what   string // for people
}

const theSecret = "The shared secret"

// candidates lists what the secrets at hand may stand for: all of them as they
// were given before any is taken otherwise.
func (p *prover) candidates() {
	var otherwise []candidate
	for _, s := range p.x.Secrets[:min(len(p.x.Secrets), secrets)] {
		for _, r := range s.Is.Readings() {
			if r.As == "" {
				p.tries = append(p.tries, candidate{r.Bytes, s.Item, "", theSecret})
			} else {
				otherwise = append(otherwise, candidate{r.Bytes, s.Item, r.As, theSecret + ", taken " + r.As + ","})
			}
		}
	}
	p.tries = append(p.tries, otherwise...)
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
	tries := p.tries
	if agrees(a) {
		tries = p.agreed(v)
		for _, t := range p.tries {
			if !p.passwords[t.item] {
				tries = append(tries, t)
			}
		}
	}
	cost := a.Cost()
	switch {
	case cost < 0:
		m.Limit = "its iterationCount is no number that can be counted to"
		m.Why = "It is not computed: " + m.Limit + "."
		return m
	case cost > mac.Ever:
		m.Limit = fmt.Sprintf("it costs %s, and more than %s are never computed", rounds(a), report.Plural(mac.Ever, "round", "rounds"))
		m.Why = "It is not computed: " + m.Limit + "."
		return m
	case len(tries) == 0:
		m.Needs, m.Why = needOf(a), asks[a.Method]
		if m.Needs == "key" {
			m.Why = p.keyWords(v) + m.Why
		}
		return m
	case cost > p.most:
		m.Limit = fmt.Sprintf("it costs %s, and no more than %s are computed unasked", rounds(a), report.Plural(int(p.most), "round", "rounds"))
		m.Needs = "work"
		m.Why = "It is not computed yet: " + m.Limit + ". A million takes a browser some two seconds, in which the page waits."
		return m
	}
	over := v.forms()
	for _, others := range []bool{false, true} {
		if others && a.Method != mac.PBMAC1 {
			break
		}
		for _, t := range tries {
			if p.left < cost {
				m.Limit = fmt.Sprintf("the secrets and messages together cost more than %s", report.Plural(int(inAll*p.most), "round", "rounds"))
				m.Why = "It is not computed to the end: " + m.Limit + ". Give fewer secrets or messages at a time."
				return m
			}
			if p.try(v, m, t, over, others) {
				if !agrees(a) {
					p.passwords[t.item] = true
					p.prefer(t)
				}
				return m
			}
		}
	}
	if m.cut > 0 {
		m.Status = report.Fail
		m.Why = fmt.Sprintf("The value has %d octets, and is the beginning of the one that the shared secret gives, which has %d: the MAC must not be cut.", len(v.Protection.Value.Bytes), m.cut)
		return m
	}
	m.Status, m.Tried = report.Fail, min(len(p.x.Secrets), secrets)
	if p.slip(v, m, cost, over) {
		return m
	}
	if m.unfit != "" {
		m.Why = "The secret that was given cannot be its key: " + m.unfit + "."
		return m
	}
	m.Why = wrong(m.Tried, agrees(a))
	return m
}

// slips are what people's hands and files do to a secret: each is tried where the
// secret itself fails, and the key costs little.
var slips = []struct {
	as   string
	turn func([]byte) []byte
}{
	{"with a line feed behind it", func(b []byte) []byte { return append(b[:len(b):len(b)], '\n') }},
	{"with a carriage return and a line feed behind it", func(b []byte) []byte { return append(b[:len(b):len(b)], '\r', '\n') }},
	{"with a blank behind it", func(b []byte) []byte { return append(b[:len(b):len(b)], ' ') }},
	{"with a blank before it", func(b []byte) []byte { return append([]byte{' '}, b...) }},
	{"with a zero octet behind it", func(b []byte) []byte { return append(b[:len(b):len(b)], 0) }},
	{"without the blanks around it", bytes.TrimSpace},
	{"in small letters", bytes.ToLower},
	{"in capital letters", bytes.ToUpper},
}

// atSlips is how many rounds all slips of all messages may cost together.
const atSlips = 200_000

// slip tries the given secrets with the commonest mistakes of writing. That one
// fits makes the message no better: it says where the two sides differ.
func (p *prover) slip(v *View, m *MAC, cost int64, over [][]byte) bool {
	if agrees(v.Header.Algorithm) {
		return false
	}
	for _, s := range p.x.Secrets[:min(len(p.x.Secrets), secrets)] {
		for _, w := range slips {
			b := w.turn(s.Is.Bytes)
			if len(b) == 0 || bytes.Equal(b, s.Is.Bytes) {
				continue
			}
			if p.slips += cost; p.slips > atSlips {
				return false
			}
			trial := *m
			if p.try(v, &trial, candidate{b, s.Item, w.as, theSecret}, over, false) {
				m.Slip = w.as
				m.Why = "The value is that of the shared secret " + w.as + ", and not of the secret as you gave it: who made the message has it so. Both sides need the same octets; a line end or blank comes easily out of a file or a form."
				return true
			}
		}
	}
	return false
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
	a, value := v.Header.Algorithm, v.Protection.Value.Bytes
	for _, k := range p.keysFor(v, t, others) {
		for form, data := range over {
			p.left -= int64(len(data) / 64)
			sum, why := k.Code.Sum(k.Bytes, data)
			if m.Tried++; why != "" && (m.Tried == 1 || m.unfit != "") {
				m.unfit = why
			} else {
				m.unfit = ""
			}
			if n := len(value); why == "" && n >= shortest && n < len(sum) && k.Deviation == "" && bytes.Equal(sum[:n], value) {
				m.Secret, m.As, m.cut = t.item, t.as, len(sum)
			}
			if why != "" || subtle.ConstantTimeCompare(sum, value) != 1 {
				continue
			}
			m.Status, m.Secret, m.As, m.Form, m.Deviation = report.Pass, t.item, t.as, Form(form), k.Deviation
			m.key = k.Bytes
			m.Why = fmt.Sprintf("%s gives this very value for header and body, with %s.", t.what, a.Describe())
			if k.Deviation != "" {
				m.Why += " But only if " + k.Deviation + "."
			}
			return true
		}
	}
	return false
}

// shortest is how many octets of a value must fit before it is said to be cut.
const shortest = 8

// keysFor makes the keys of a candidate for a message.
func (p *prover) keysFor(v *View, t candidate, others bool) []mac.Key {
	a := v.Header.Algorithm
	switch a.Method {
	case mac.DHBased:
		return []mac.Key{a.DHKey(t.octets)}
	case mac.KEMBased:
		return p.kemKeys(v, t)
	}
	return p.keysOf(a, t, others)
}

// keysOf makes the keys of a password, once for equal parameters.
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

// compare says more of the messages whose MAC no secret makes, where one makes
// those of others.
func (p *prover) compare() {
	p.contrast()
	type side struct {
		in   *Transaction
		from cmp.Side
	}
	made := map[side]int{} // MACs that a secret makes
	for v, m := range p.found {
		if m.Status == report.Pass && !agrees(v.Header.Algorithm) {
			made[side{v.In, v.From}]++
		}
	}
	for _, v := range p.x.Messages {
		m := p.found[v]
		if m == nil || m.Status != report.Fail || m.cut > 0 || m.Slip != "" || v.In == nil || agrees(v.Header.Algorithm) {
			continue
		}
		n := 0
		for _, from := range []cmp.Side{cmp.Client, cmp.Server, cmp.Either} {
			n += made[side{v.In, from}]
		}
		if n == 0 {
			continue
		}
		which := "another MAC"
		if n > 1 {
			which = report.Count(n) + " other MACs"
		}
		m.Why = "The secret that makes " + which + " of this transaction gives another value here: header or body of this message were changed after the value was made, or it was made by somebody else."
		if m.Apart = made[side{v.In, v.From}] == 0; m.Apart {
			m.Why = "The secret that makes " + which + " of this transaction gives another value here: the other side has another secret (compare them letter by letter), or header or body were changed after the value was made."
		}
	}
}

// contrast finds the messages of a transaction that are made with another reading
// of a secret than the first: one side has, say, the end of its line in it.
func (p *prover) contrast() {
	taken := func(as string) string {
		if as == "" {
			return "as it was given"
		}
		return as
	}
	for _, t := range p.x.Transactions {
		first := map[int]string{} // how each secret is taken in it
		for _, v := range t.Messages {
			m := p.found[v]
			if m == nil || m.Status != report.Pass || agrees(v.Header.Algorithm) {
				continue
			}
			as, known := first[m.Secret]
			switch {
			case !known:
				first[m.Secret] = m.As
			case as != m.As:
				m.Status, m.Slip = report.Fail, taken(m.As)
				m.Why = "The value is that of the shared secret " + taken(m.As) + ", and an earlier message of this transaction is made with it " + taken(as) + ": the two sides do not have the same octets. A line end or blank comes easily out of a file or a form."
			}
		}
	}
}

// rounds says for people what a MAC costs.
func rounds(a *mac.Algorithm) string {
	n, cost := a.Rounds(), a.Cost()
	if n < 0 {
		return "more rounds than can be counted"
	}
	if n > 0 && cost > n {
		return fmt.Sprintf("%s for each of %d blocks", report.Plural(int(n), "round", "rounds"), cost/n)
	}
	return report.Plural(int(n), "round", "rounds")
}

// agrees says that the key comes of an agreement, and not of a secret that both
// sides know beforehand.
func agrees(a *mac.Algorithm) bool { return a.Method == mac.DHBased || a.Method == mac.KEMBased }

// needOf is the word for what a MAC is computed with.
func needOf(a *mac.Algorithm) string {
	if agrees(a) {
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
func wrong(tried int, keys bool) string {
	what := "The shared secret that was given gives"
	switch {
	case tried == 0 || keys:
		what = "What was given to compute it with gives"
	case tried > 1:
		what = fmt.Sprintf("Each of the %d shared secrets that were given gives", tried)
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
		u := &secret.Use{Title: "Shared secret of an enrolment", Headline: "It makes the MAC of " + report.Plural(made, "CMP message", "CMP messages"),
			Detail: "Who knows it can make such messages, and can tell whether they were changed."}
		if as != "" {
			u.Detail = "It does so taken " + as + ". " + u.Detail
		}
		return secret.Tried{Use: u}
	case protected > 0:
		why := "It was tried on " + report.Plural(protected, "CMP message", "CMP messages") + " with a MAC, as it is"
		for _, r := range s.Readings()[1:] {
			why += ", " + r.As
		}
		return secret.Tried{Why: why + ", and makes none of them."}
	}
	return secret.Tried{}
}
