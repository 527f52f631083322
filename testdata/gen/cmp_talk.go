package main

import (
	"crypto"
	"fmt"
	"time"
)

// cmpTalk is a transaction of CMP under construction: messages in the order in
// which they are sent, and what the reader has beside them.
type cmpTalk struct {
	*scene
	seed           string // of the numbers that are random elsewhere
	client, server cmpParty
	ca             *authorityCert // issues certificates, under root
	root           *authorityCert
	key            *key         // that the client wants certified
	old            *certificate // that the client has
	messages       []*cmpMessage
	secret         string // beside the messages; "": none
	anchor         bool   // the root is beside the messages, trusted
	beside         []file // more that lies beside the messages
}

// cmpParty is one side: how it names itself, and what it protects with.
type cmpParty struct {
	name  der // Name
	kid   []byte
	by    cmpProtector
	extra []der // extraCerts of its first message
}

// cmpSecret is what both sides share in vectors with a MAC.
const cmpSecret = "fixture-secret"

// cmpStart is when the first message is sent. The others follow by the second.
var cmpStart = at(-time.Minute)

// cmpTalk is a transaction without messages, between the device device-7 and
// the CA «Example Device CA». Both protect by PasswordBasedMac: see signed.
func (s *scene) cmpTalk() *cmpTalk {
	t := &cmpTalk{scene: s, seed: "cmp", key: s.key("leaf"), secret: cmpSecret}
	t.root = s.ca("Example Device Root", "p256", nil)
	t.ca = s.ca("Example Device CA", "ec-ca", t.root)
	t.old = t.device("device-7", s.key("client"), nil)
	t.mac(t.pbm())
	return t
}

// pbm is PasswordBasedMac as RFC 9045, section 4.3 wants it.
func (t *cmpTalk) pbm() passwordMAC {
	return passwordMAC{secret: []byte(cmpSecret), salt: random(t.seed+" salt", 16), owf: crypto.SHA256, mac: crypto.SHA256, rounds: 10_000}
}

// mac has both sides protect by a MAC. The names are the references.
func (t *cmpTalk) mac(by cmpProtector) {
	t.client = cmpParty{name: dn("device-7"), kid: []byte("device-7"), by: by}
	t.server = cmpParty{name: t.ca.subject, kid: []byte("Example Device CA"), by: by, extra: []der{t.ca.der}}
	t.secret, t.anchor = cmpSecret, false
}

// signed has both sides sign, the device with the certificate that it has. The
// root is beside the messages, trusted.
func (t *cmpTalk) signed() {
	t.client = t.signer(t.old)
	t.server = t.signer(t.device("Example CMP Server", t.scene.key("responder-2"), func(c *certificate) { c.with(purposes("1.3.6.1.5.5.7.3.27")) }))
	t.secret, t.anchor = "", true
}

// signer is the side that signs with the key of a certificate of the CA.
func (t *cmpTalk) signer(c *certificate) cmpParty {
	return cmpParty{name: c.subject, kid: c.key.hash(), by: signing{c.key, c.key.usual}, extra: []der{c.der, t.ca.der}}
}

// device is a certificate of the CA for a key, changed before it is signed.
func (t *cmpTalk) device(cn string, k *key, change func(c *certificate)) *certificate {
	c := &certificate{
		version: 2, serial: serialFor(cn + string(k.public)), subject: dn(cn), key: k,
		begin: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), end: time.Date(2027, 11, 20, 0, 0, 0, 0, time.UTC),
		extensions: []extension{keyUsage(digitalSignature), authorityKey(t.ca.key.hash()), subjectKey(k.hash())},
	}
	if change != nil {
		change(c)
	}
	return t.ca.issue(c)
}

// say adds a message of one side, with a good header; content may be nil where
// the members for the kind are filled in. It answers the message before it.
func (t *cmpTalk) say(fromClient bool, kind byte, content der) *cmpMessage {
	i := len(t.messages)
	from, to := t.client, t.server
	if !fromClient {
		from, to = to, from
	}
	m := &cmpMessage{
		version: 2, sender: directory(from.name), recipient: directory(to.name), kind: kind, content: content,
		time: generalized(cmpStart.Add(time.Duration(i) * time.Second)), senderKID: from.kid, by: from.by,
		transactionID: random(t.seed+" transactionID", 16), senderNonce: random(fmt.Sprintf("%s nonce %d", t.seed, i), 16),
	}
	if i > 0 {
		m.answers = t.messages[i-1]
	}
	if i < 2 {
		m.extra = from.extra
	}
	t.messages = append(t.messages, m)
	return m
}

// ask adds a message of the client, answer one of the server.
func (t *cmpTalk) ask(kind byte, content der) *cmpMessage    { return t.say(true, kind, content) }
func (t *cmpTalk) answer(kind byte, content der) *cmpMessage { return t.say(false, kind, content) }

// request is a request for a certificate for the key, in the client's name.
func (t *cmpTalk) request() *certReqMsg {
	return &certReqMsg{template: certTemplate{subject: t.client.name, publicKey: t.key.spki}, pop: possession(t.key)}
}

// grant answers a request with a new certificate of the CA.
func (t *cmpTalk) grant() *certResponse {
	return &certResponse{cert: t.device("device-7", t.key, nil)}
}

// enrol makes a whole good transaction of a request (cmpIR, cmpCR, cmpKUR,
// cmpP10CR): request, answer, certConf and pkiconf.
func (t *cmpTalk) enrol(kind byte) {
	q := t.ask(kind, nil)
	answer := kind + 1
	switch kind {
	case cmpP10CR:
		r := &csr{subject: t.client.name, key: t.key, attributes: explicit(0)}
		q.content, answer = r.der(), cmpCP
	case cmpKUR:
		r := t.request()
		r.controls = []der{attributeValue(idOldCertID, certIDOf(t.old))}
		q.requests = []*certReqMsg{r}
	default:
		q.requests = []*certReqMsg{t.request()}
	}
	a, granted := t.answer(answer, nil), t.grant()
	if kind == cmpP10CR {
		granted.id = -1
	}
	a.responses = []*certResponse{granted}
	if kind == cmpIR && t.secret != "" {
		a.caPubs = []der{t.root.der}
	}
	c := t.ask(cmpCertConf, nil)
	c.confirms = []*certStatus{{of: granted, id: granted.id}}
	t.answer(cmpPKIConf, null())
}

// files are the messages in order, and what lies beside them.
func (t *cmpTalk) files() []file {
	var all []file
	for i, m := range t.messages {
		all = append(all, armored(fmt.Sprintf("%02d-%s.pem", i+1, cmpNames[m.kind]), "PKIXCMP", m.der()))
	}
	if t.anchor {
		t.scene.option("role root.pem anchor")
		all = append(all, certFile("root.pem", t.root.certificate))
	}
	if t.secret != "" {
		t.scene.option("kind secret.txt shared-secret")
		all = append(all, file{"secret.txt", t.secret + "\n"})
	}
	return append(all, t.beside...)
}

// talking makes a vector of a transaction that a function tells.
func talking(tell func(t *cmpTalk)) func(s *scene) {
	return func(s *scene) {
		t := s.cmpTalk()
		tell(t)
		s.instead = t.files()
	}
}

// enrolling makes a vector of a whole transaction with a MAC, changed; nil
// changes nothing. enrollingSigned has both sides sign.
func enrolling(kind byte, change func(t *cmpTalk)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.enrol(kind)
		if change != nil {
			change(t)
		}
	})
}

func enrollingSigned(kind byte, change func(t *cmpTalk)) func(s *scene) {
	return talking(func(t *cmpTalk) {
		t.signed()
		t.enrol(kind)
		if change != nil {
			change(t)
		}
	})
}

// oneMessage makes a vector of the message i of a transaction with a MAC, as
// if only that had been pasted.
func oneMessage(kind byte, i int, change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return enrolling(kind, only(i, change))
}

func oneSigned(kind byte, i int, change func(t *cmpTalk, m *cmpMessage)) func(s *scene) {
	return enrollingSigned(kind, only(i, change))
}

func only(i int, change func(t *cmpTalk, m *cmpMessage)) func(t *cmpTalk) {
	return func(t *cmpTalk) {
		m := t.messages[i]
		if change != nil {
			change(t, m)
		}
		t.messages = []*cmpMessage{m}
	}
}
