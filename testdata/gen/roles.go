package main

// said gives an input a role of the user's.
func said(name, role string, more ...func(s *scene)) func(s *scene) {
	return func(s *scene) {
		for _, change := range more {
			change(s)
		}
		s.option("role %s %s", name, role)
	}
}

// twoRequests puts two requests beside a response with a nonce: the first one
// sent that nonce, the second another.
func twoRequests(s *scene) {
	nonced(sent)(s)
	for _, r := range []struct {
		name  string
		nonce []byte
	}{{"first.pem", sent}, {"second.pem", random("another nonce", 32)}} {
		q := request{ids: []certID{s.first().id}, extensions: []extension{nonceOf(r.nonce)}}
		s.with = append(s.with, armored(r.name, "OCSP REQUEST", q.der()))
	}
}

// spoken is about roles that the user says, in place of those found.
var spoken = []vector{
	{name: "role-issuer-left-out", about: "The issuer is at hand, and the user wants nothing to be judged by it.", pair: "good-ca-byname",
		make: said("issuer.pem", "none")},
	{name: "role-leaf-left-out", about: "The leaf is at hand, and the user wants nothing to be judged by it.", pair: "good-ca-byname",
		make: said("leaf.pem", "none")},
	{name: "role-request-left-out", about: "The request with another nonce is at hand, and the user wants nothing to be judged by it.",
		pair: "nonce-request-match", make: said("first.pem", "none", func(s *scene) {
			twoRequests(s)
			s.with = s.with[:1]
		})},
	{name: "role-request", about: "Of two requests the user says that the second one was sent.", pair: "role-request-found",
		make: said("second.pem", "request", twoRequests)},
	{name: "role-request-found", about: "Of two requests the first one is taken for the one that was sent.", pair: "role-request",
		make: twoRequests},
}

// spokenLists is the same of CRLs.
var spokenLists = []vector{
	{name: "crl-two", about: "Of two CRLs the newer one lists the leaf.", make: twoLists},
	{name: "crl-two-said", about: "Of two CRLs the user says that the older one counts, which does not list the leaf.", pair: "crl-two",
		make: said("older.pem", "revocation", twoLists)},
	{name: "crl-two-left-out", about: "Of two CRLs the newer one lists the leaf, and the user wants nothing to be judged by it.", pair: "crl-two",
		make: said("newer.pem", "none", twoLists)},
}

// twoLists puts a leaf beside a CRL of yesterday and one of today.
func twoLists(s *scene) {
	var lists []file
	for _, name := range []string{"older.pem", "newer.pem"} {
		listed(func(s *scene, l *crl) {
			if name == "newer.pem" {
				l.this = utcTime(at(-day / 2))
				l.entries = append(l.entries, struck(s.leaf.serial, at(-day)))
			}
		})(s)
		lists = append(lists, file{name, s.instead[0].text})
	}
	s.instead = append([]file{certFile("leaf.pem", s.leaf), s.instead[1]}, lists...)
}
