package main

import "time"

// clock is the reference time of all vectors; day and the like count from it.
var clock = time.Date(2026, 11, 20, 9, 12, 0, 0, time.UTC)

const day = 24 * time.Hour

// at is the clock plus d.
func at(d time.Duration) time.Time { return clock.Add(d) }

// pki is the cast. Root signs the issuing CA, the issuing CA signs the leaf
// and the responder. Twin has the issuing CA's name and another key, alias
// its key and another name, other nothing in common with it.
type pki struct {
	root, issuing, twin, alias, other, sub, ecCA, edCA, noSign *authorityCert
	leaf, responder                                            *certificate
	keys                                                       map[string]*key
}

// authorityCert is a CA: its certificate is signed by another, its key signs.
type authorityCert struct {
	*certificate
}

func (a *authorityCert) issue(c *certificate) *certificate {
	c.issuer = a.subject
	return c.sign(a.key)
}

func newPKI() *pki {
	p := &pki{keys: map[string]*key{}}
	p.root = p.ca("Example Root R1", "root", nil)
	p.issuing = p.ca("Example Issuing CA R3", "issuing", p.root)
	p.twin = p.ca("Example Issuing CA R3", "twin", p.root)
	p.alias = p.ca("Example Alias CA R3", "issuing", p.root)
	p.other = p.ca("Example Other Root", "other", nil)
	p.sub = p.ca("Example Sub CA S1", "sub", p.issuing)
	p.ecCA = p.ca("Example EC CA E1", "ec-ca", p.root)
	p.edCA = p.ca("Example Ed25519 CA E2", "ed-ca", p.root)
	p.noSign = p.ca("Example CA without digitalSignature", "nosign", p.root)
	p.noSign = &authorityCert{p.noSign.again(p.root.key, func(c *certificate) { c.with(keyUsage(keyCertSign | cRLSign)) })}
	p.leaf = p.host("www.example.org", p.issuing, nil)
	p.responder = p.delegate("Example OCSP Responder 7", p.issuing, nil)
	return p
}

// key reads a key once.
func (p *pki) key(name string) *key {
	if p.keys[name] == nil {
		p.keys[name] = readKey(name)
	}
	return p.keys[name]
}

// ca makes a CA under another, or under itself.
func (p *pki) ca(cn, keyName string, by *authorityCert) *authorityCert {
	k := p.key(keyName)
	c := &certificate{
		version: 2, serial: serialFor(cn + keyName), subject: dn(cn), key: k,
		begin: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
		end:   time.Date(2034, 3, 1, 0, 0, 0, 0, time.UTC),
		extensions: []extension{
			authority(), keyUsage(digitalSignature | keyCertSign | cRLSign), subjectKey(k.hash()),
		},
	}
	if by == nil {
		c.begin, c.end = c.begin.AddDate(-4, 0, 0), c.end.AddDate(6, 0, 0)
		by = &authorityCert{c}
	} else {
		c.with(authorityKey(by.key.hash()))
	}
	return &authorityCert{by.issue(c)}
}

// host makes a server's certificate, with changes.
func (p *pki) host(name string, by *authorityCert, change func(c *certificate)) *certificate {
	k := p.key("leaf")
	c := &certificate{
		version: 2, serial: serialFor(name), subject: seq(set(seq(oid("2.5.4.3"), utf8(name)))), key: k,
		begin: time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
		end:   time.Date(2027, 1, 14, 23, 59, 59, 0, time.UTC),
		extensions: []extension{
			endEntity(), keyUsage(digitalSignature), purposes(idServerAuth), hosts(name),
			access(idAccessOCSP, "http://ocsp.example.org/r3", idAccessIssuer, "http://ca.example.org/r3.cer"),
			authorityKey(by.key.hash()),
		},
	}
	if change != nil {
		change(c)
	}
	return by.issue(c)
}

// delegate makes a responder's certificate as TLS BR §7.1.2.8 has it, with
// changes.
func (p *pki) delegate(cn string, by *authorityCert, change func(c *certificate)) *certificate {
	k := p.key("responder")
	c := &certificate{
		version: 2, serial: serialFor(cn), subject: dn(cn), key: k,
		begin: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC),
		end:   time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC),
		extensions: []extension{
			keyUsage(digitalSignature), purposes(idOCSPSigning), nocheck(),
			authorityKey(by.key.hash()), subjectKey(k.hash()),
		},
	}
	if change != nil {
		change(c)
	}
	return by.issue(c)
}
