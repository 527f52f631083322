package cmpclient

import (
	"bytes"
	"strconv"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/field"
	"derscope/decode/mac"
	"derscope/decode/path"
	"derscope/decode/report"
)

// facts gathers what the client sees of the messages of a transaction.
type facts struct {
	c        *check.Context
	t        *enrol.Transaction
	at       *enrol.View // the request that it begins with, as far as it is at hand
	expected string      // the sender, as the user wrote it; "": none
	around   around
	pool     *path.Pool // of these anchors
	pooled   []*cert.Certificate
	pubs     []*cert.Certificate // of caPubs under a MAC that holds
	signer   *cert.Certificate   // that was found in an earlier message, and is remembered
}

// record gives the messages from the first request on, and what was asked. It is
// nil where the transaction is none of this client's.
func record(c *check.Context, t *enrol.Transaction) (script []Message, request cmp.Type) {
	f := &facts{c: c, t: t, around: look(c), expected: c.Set["expectedSender"]}
	request = -1
	for i, v := range t.Messages {
		v := inner(v)
		if request < 0 {
			if request = begins(v); request < 0 {
				continue
			}
			if v.Body.Type == request {
				f.at = v
			}
		}
		if v.Again != nil && v.From == cmp.Server && i > 0 && t.Messages[i-1].From == cmp.Server {
			continue // it is here twice
		}
		script = append(script, f.message(v))
	}
	return script, request
}

// inner is the client's own message where a registration authority put it into another.
func inner(v *enrol.View) *enrol.View {
	if k := v.Core(); k.Body.Type.From() == cmp.Client {
		return k
	}
	return v
}

// begins says which request a message is, or that it answers: -1 if it is nothing
// that this client begins with.
func begins(v *enrol.View) cmp.Type {
	switch t := v.Body.Type; t {
	case cmp.IR, cmp.CR, cmp.P10CR, cmp.KUR, cmp.RR, cmp.GenM:
		return t
	case cmp.IP, cmp.KUP, cmp.RP, cmp.GenP:
		return t - 1
	case cmp.CP:
		if r := v.Body.Reply; len(r.Responses) > 0 && number(r.Responses[0].ID) == -1 {
			return cmp.P10CR
		}
		return cmp.CR
	}
	return -1
}

func (f *facts) message(v *enrol.View) Message {
	h, b := &v.Header, &v.Body
	m := Message{Sent: v.From == cmp.Client, Body: b.Type, Version: number(h.Version), Directory: h.Sender.Choice == cert.DirectoryName,
		Sender: line(h.Sender.Name), Algorithm: h.Algorithm != nil,
		TransactionID: present(h.TransactionID), SenderNonce: present(h.SenderNonce), RecipNonce: present(h.RecipNonce),
		Implicit: h.ImplicitConfirm() != nil}
	if h.MessageTime.OK {
		m.At = h.MessageTime.Value.Unix()
	}
	if !b.Type.Known() {
		m.Body = -1
	}
	if m.Sent {
		if b.Type == cmp.GenM {
			m.Asked = types(b.Infos)
		}
		return m
	}
	if !v.OK {
		m.Cut = "It cannot be read to its end."
		return m
	}
	if f.expected != "" && m.Directory {
		m.Other = !enrol.Spelt(h.Sender.Name, f.expected)
	} else if p := f.around.pinned; p != nil && m.Directory {
		m.Other = enrol.Compare(h.Sender.Name, p.Subject) < enrol.Folded
	}
	f.protection(v, &m)
	f.content(v, &m)
	return m
}

// content gathers the facts of a body that answers.
func (f *facts) content(v *enrol.View, m *Message) {
	b := &v.Body
	switch {
	case b.Reply != nil:
		for _, r := range b.Reply.Responses {
			if p := r.Pair; p != nil && (p.EncryptedCert != nil && p.EncryptedCert.Enveloped || p.PrivateKey != nil && p.PrivateKey.Enveloped) {
				m.Readable = V35
			}
			m.Responses = append(m.Responses, Response{ID: number(r.ID), Status: status(r.Status), Certificate: f.certificate(v, r)})
		}
		if h := v.Header.Algorithm; h != nil && h.Method == mac.PBM && len(m.Protection) == 0 && b.Type != cmp.CCP {
			f.pubs = append(f.pubs, b.Reply.CAPubs.List...)
		}
	case b.Error != nil:
		m.Status = status(b.Error.Status)
		if n, ok := b.Error.Code.Value.Int64(); b.Error.Code.OK && ok {
			m.Code = strings.ToUpper(strconv.FormatUint(uint64(n), 16))
			m.Code = strings.Repeat("0", max(0, 8-len(m.Code))) + m.Code
		}
		m.Details = texts(b.Error.Details)
	case b.Revoked != nil:
		m.Revoked = f.revoked(b.Revoked)
	case b.Type == cmp.PollRep:
		for _, w := range b.Waits {
			n, ok := w.CheckAfter.Value.Int64()
			m.Waits = append(m.Waits, Wait{ID: number(w.ID), CheckAfter: n, Wide: !ok})
		}
	case b.Type == cmp.GenP:
		for _, i := range b.Infos.List {
			m.Infos = append(m.Infos, f.info(i, m))
		}
	}
}

// revoked compares what was revoked with what was asked.
func (f *facts) revoked(r *cmp.RevRepContent) Revoked {
	out := Revoked{Certs: len(r.Certs), CRLs: -1, Issuer: true, Serial: true}
	for _, s := range r.Statuses {
		out.Statuses = append(out.Statuses, status(s))
	}
	if r.CRLsRef != report.None {
		out.CRLs = len(r.CRLs)
	}
	if len(r.Certs) == 0 || f.at == nil || len(f.at.Body.Revocations) == 0 {
		return out
	}
	t, id := f.at.Body.Revocations[0].Template, r.Certs[0]
	out.Issuer = t.Issuer != nil && id.Issuer.Choice == cert.DirectoryName && enrol.Compare(*t.Issuer, id.Issuer.Name) >= enrol.Folded
	out.Serial = t.Serial.OK && t.Serial.Value.Text() == id.Serial.Value.Text()
	return out
}

// certificate gathers the facts of what a response delivers.
func (f *facts) certificate(v *enrol.View, r *cmp.CertResponse) (k Certificate) {
	p := r.Pair
	switch {
	case p == nil:
		return k
	case p.EncryptedCert != nil:
		for _, s := range v.Sealed(f.c) {
			if c := s.Certificate(); s.Pair == p && c != nil {
				f.issued(&k, p, c)
				return k
			}
		}
		k.Form = Closed
		return k
	case p.Certificate == nil || !p.Certificate.OK:
		k.Form = Unknown
		return k
	}
	f.issued(&k, p, p.Certificate)
	if k.KeyClosed = k.PrivateKey; k.PrivateKey {
		for _, s := range v.Sealed(f.c) {
			if s.Pair == p && len(s.Keys) > 0 {
				k.KeyClosed = false
			}
		}
	}
	return k
}

// issued gathers what is to be said of a certificate that can be read.
func (f *facts) issued(k *Certificate, p *cmp.CertifiedKeyPair, c *cert.Certificate) {
	k.Form, k.Subject, k.PrivateKey = Plain, line(c.Subject), p.PrivateKey != nil
	var asked *cert.PublicKey
	if f.at != nil {
		switch b := &f.at.Body; {
		case b.PKCS10 != nil:
			asked = &b.PKCS10.PublicKey
		case len(b.Requests) > 0 && b.Requests[0].Request != nil && b.Requests[0].Request.Template != nil:
			t := b.Requests[0].Request.Template
			if k.Central = t.Central(); !k.Central {
				asked = t.PublicKey
			}
		}
	}
	if asked != nil && !bytes.Equal(asked.Raw, c.PublicKey.Raw) && !bytes.Equal(asked.Bits, c.PublicKey.Bits) {
		k.Other = true
		k.Keys = []Reason{{Name: "X509_R_KEY_VALUES_MISMATCH"}}
		if asked.Key.Algorithm.ID != c.PublicKey.Key.Algorithm.ID {
			k.Keys = []Reason{{Name: "EVP_R_DIFFERENT_KEY_TYPES"}, {Name: "X509_R_KEY_TYPE_MISMATCH"}}
		}
	}
	k.Path = f.path(c)
}

// number is a small integer; what has no room is as far off as can be.
func number(f field.Field[field.Int]) int64 {
	if n, ok := f.Value.Int64(); f.OK && ok {
		return n
	}
	return -1 << 62
}

// present is the value of a field, nil if it is absent.
func present(f field.Field[[]byte]) []byte {
	if !f.OK {
		return nil
	}
	if f.Value == nil {
		return []byte{}
	}
	return f.Value
}

func status(s *cmp.PKIStatusInfo) Status {
	if s == nil {
		return Status{Value: -1000}
	}
	return Status{Value: s.Value(), Bits: s.Bits(), Texts: texts(s.Text)}
}

func texts(f cmp.FreeText) (all []string) {
	for _, t := range f.Texts {
		all = append(all, t.Value)
	}
	return all
}

func types(l cmp.Infos) (all []string) {
	for _, i := range l.List {
		all = append(all, i.ID.String())
	}
	return all
}

// line writes a name as OpenSSL's X509_NAME_oneline does: /O=Example/CN=CMP Server.
func line(n cert.Name) string {
	var s strings.Builder
	for _, rdn := range n.RDNs {
		for _, a := range rdn {
			name := a.Type.Short()
			if name == "" {
				name = a.Type.String()
			}
			s.WriteString("/" + name + "=" + a.Value)
		}
	}
	return s.String()
}
