package transaction

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/enrol"
)

// grant is one element of an answer that holds a new certificate, or a status in
// its place, with the request that it answers.
type grant struct {
	in   *enrol.View
	resp *cmp.CertResponse
	cert *cert.Certificate // nil: there is none, or it is encrypted
	ask  *enrol.View       // nil: the request is not at hand
	req  *crmf.CertReqMsg  // of a CRMF request; nil: none has this certReqId
	p10  *cert.Request
}

// asked are the parts of a request that a certificate is compared with.
type asked struct {
	subject    *cert.Name
	key        *cert.PublicKey // nil: the CA is to make it
	extensions []cert.Extension
}

// want is what was asked for; nil: it is not at hand.
func (g *grant) want() *asked {
	switch {
	case g.req != nil && g.req.Request != nil && g.req.Request.Template != nil:
		t := g.req.Request.Template
		a := &asked{subject: t.Subject, extensions: t.Extensions}
		if !t.Central() {
			a.key = t.PublicKey
		}
		return a
	case g.p10 != nil:
		return &asked{&g.p10.Subject, &g.p10.PublicKey, g.p10.Extensions}
	}
	return nil
}

// grant lists what the answers of the transaction hold.
func (v *View) grant() {
	for _, m := range v.Messages {
		core := m.Core()
		if m.Again != nil || core.Body.Reply == nil {
			continue
		}
		ask := m.Request()
		requests := map[string]*crmf.CertReqMsg{}
		if ask != nil {
			for _, q := range ask.Core().Body.Requests {
				if q.Request != nil {
					requests[key(q.Request.ID)] = q
				}
			}
		}
		for _, r := range core.Body.Reply.Responses {
			g := &grant{in: m, resp: r, ask: ask}
			if r.Pair != nil {
				g.cert = r.Pair.Certificate
			}
			if ask != nil {
				g.p10, g.req = ask.Core().Body.PKCS10, requests[key(r.ID)]
			}
			v.grants = append(v.grants, g)
		}
	}
}

// opened is a certificate that came encrypted; nil: it did not, or nothing at
// hand opens it.
func (g *grant) opened(c *check.Context) *cert.Certificate {
	if g.resp.Pair == nil || g.resp.Pair.EncryptedCert == nil {
		return nil
	}
	for _, s := range g.in.Core().Sealed(c) {
		if s.EncryptedKey == g.resp.Pair.EncryptedCert {
			return s.Certificate()
		}
	}
	return nil
}

// granted are those with a certificate that can be read.
func (v *View) granted() (list []*grant) {
	for _, g := range v.grants {
		if g.cert != nil && g.cert.OK && g.resp.Status.Value() != cmp.Rejection {
			list = append(list, g)
		}
	}
	return list
}

// confirm is one element of a certConf with the certificate that it is about.
type confirm struct {
	in *enrol.View
	s  *cmp.CertStatus
	of *grant // nil: no answer before it has this certReqId
}

// accepts says that the client takes the certificate.
func (k *confirm) accepts() bool { return k.s.Status == nil || k.s.Status.Granted() }

// confirms are the elements of all certConf.
func (v *View) confirms() (list []confirm) {
	grants := map[string]*grant{}
	next := 0
	for _, m := range v.Messages {
		for ; next < len(v.grants) && v.grants[next].in.Place < m.Place; next++ {
			grants[key(v.grants[next].resp.ID)] = v.grants[next]
		}
		if m.Again != nil {
			continue
		}
		b := &m.Core().Body
		for i := range b.Confirmed {
			s := &b.Confirmed[i]
			list = append(list, confirm{m, s, grants[key(s.ID)]})
		}
	}
	return list
}
