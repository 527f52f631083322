package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// wolfSSL seals a struct of fixed size, whose members depend on how it was
// built: the sizes that come of plausible builds are tried.
//
// Source: InternalTicket in wolfssl/internal.h of wolfSSL 5.7.

// wolfForm says which members a build has.
type wolfForm struct {
	long  bool // a time of 8 octets
	tls13 bool // age_add, group and nonce
	early bool // max_early_data
	id    bool
	ctx   bool
}

func (f wolfForm) size() int {
	n := 2 + 2 + 48 + 4 + 1
	for _, part := range [...]struct {
		there bool
		size  int
	}{{f.long, 4}, {f.tls13, 4 + 2 + 1 + 8}, {f.early, 4}, {f.id, 32}, {f.ctx, 33}} {
		if part.there {
			n += part.size
		}
	}
	return n
}

// wolfForms are the plausible builds.
var wolfForms = func() (all []wolfForm) {
	for i := range 32 {
		f := wolfForm{i&1 != 0, i&2 != 0, i&4 != 0, i&8 != 0, i&16 != 0}
		if f.tls13 || !f.long && !f.early { // those come with TLS 1.3 alone
			all = append(all, f)
		}
	}
	return all
}()

func isWolfSSL(b []byte) bool { return startsVersion(b) && wolfFit(b) >= 0 }

// wolfFit gives the first build whose struct the octets fit, or -1.
func wolfFit(b []byte) int {
	for i, f := range wolfForms {
		if f.size() == len(b) && f.fits(b) {
			return i
		}
	}
	return -1
}

// fits looks at the members that have few possible values.
func (f wolfForm) fits(b []byte) bool {
	at, tls13 := 52, b[0] == 3 && b[1] == 4
	if f.long {
		if t, ok := moment(uint64(be32(b[at:]))<<32|uint64(be32(b[at+4:])), time.Millisecond); !ok || t.Year() < 1990 {
			return false
		}
		at += 4
	}
	at += 4
	if b[at] > 1 || tls13 && !f.tls13 {
		return false
	}
	at++
	if f.tls13 {
		group, n := int(b[at+4])<<8|int(b[at+5]), b[at+6]
		if n > 8 || suite.Groups[group] == "" && (tls13 || group != 0) {
			return false
		}
		at += 15
	}
	if f.early {
		at += 4
	}
	if f.id {
		at += 32
	}
	return !f.ctx || b[at] <= 32
}

func readWolfSSL(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("wolfssl/internal.h", "")))
	i := wolfFit(r.Left())
	if i < 0 {
		d.refuse("no build of wolfSSL has a struct of this size")
		return
	}
	f := wolfForms[i]
	d.ClientSide = No
	d.protocol(r)
	d.cipher(r)
	label, kind := d.secretLabel()
	secret := r.Fixed(label, 48)
	if s, ok := suite.Lookup(d.Cipher.Value); ok && d.TLS13() && secret.OK && s.Hash.Size() < 48 {
		r.Note(secret.Ref, "48 octets are kept; the secret is the first ones, as long as the suite's hash")
		secret.Value = secret.Value[:s.Hash.Size()]
	}
	d.secret(r, secret, kind)
	switch {
	case f.long:
		d.Created = d.clock(r, "timestamp", 8, time.Millisecond)
	case d.TLS13():
		r.Note(r.Uint("timestamp", 4, nil).Ref, "milliseconds, of which the high part is lost")
	default:
		d.Created = d.clock(r, "timestamp", 4, time.Second)
	}
	d.ems(r)
	if f.tls13 {
		d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
		group := narrow(r.Uint("group", 2, suite.Groups))
		n := r.Uint("ticket_nonce_length", 1, nil)
		nonce := r.Fixed("ticket_nonce", 8)
		if d.TLS13() {
			d.Group = group
			d.Nonce = field.Field[[]byte]{Value: nonce.Value[:min(int(n.Value), len(nonce.Value))], Ref: nonce.Ref, OK: nonce.OK}
		} else {
			d.AgeAdd = field.Field[uint32]{Ref: report.None}
		}
	}
	if f.early {
		d.MaxEarlyData = narrow32(r.Uint("max_early_data_size", 4, nil))
	}
	if f.id {
		d.ID = r.Fixed("session_id", 32)
	}
	if f.ctx {
		n := r.Uint("session_id_context_length", 1, nil)
		c := r.Fixed("session_id_context", 32)
		d.Context = field.Field[[]byte]{Value: c.Value[:min(int(n.Value), len(c.Value))], Ref: c.Ref, OK: c.OK && n.Value > 0}
	}
}
