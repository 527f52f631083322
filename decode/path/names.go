package path

import (
	"bytes"
	"strings"

	"derscope/decode/cert"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// idEmail is the attribute of a name that stands for an address where
// subjectAltName has none.
const idEmail oid.ID = "1.2.840.113549.1.9.1"

// comparisons bounds the names of a path times the constraints of its CAs.
const comparisons = 10_000

// names asks whether the name constraints of k allow the names of the
// certificates below it. Self-issued ones count where they end the path alone.
//
// RFC 5280, sections 4.2.1.10 and 6.1.3 (b) and (c)
func (l *answers) names(k *cert.Certificate, below []Step) {
	e := k.Extension(cert.IDNameConstraints)
	if e == nil {
		return
	}
	c, _ := e.Content.(*cert.NameConstraints)
	if c == nil {
		l.open(Names, "The name constraints of %s cannot be read", title(k))
		return
	}
	left, unread := comparisons, ""
	for i := range below {
		o := below[i].Certificate
		if i > 0 && o.SelfIssued() {
			continue
		}
		list := subjects(o)
		if left -= len(list) * (len(c.Permitted) + len(c.Excluded)); left < 0 {
			l.open(Names, "Name constraints and names are too many to be compared here")
			return
		}
		for _, n := range list {
			ok, known := allowed(c, n)
			switch {
			case !known:
				unread = n.String()
			case !ok:
				l.fail(Names, "The name constraints of %s do not allow %s of %s", title(k), report.Clean(n.String()), title(o))
				return
			}
		}
	}
	if unread != "" {
		l.open(Names, "The name constraints of %s are not compared with %s here", title(k), report.Clean(unread))
		return
	}
	l.pass(Names)
}

// subjects are the names that constraints are about.
func subjects(k *cert.Certificate) []cert.GeneralName {
	var list []cert.GeneralName
	if len(k.Subject.RDNs) > 0 {
		list = append(list, cert.GeneralName{Choice: cert.DirectoryName, Name: k.Subject, Text: k.Subject.String()})
	}
	email := false
	if e := k.Extension(cert.IDSubjectAltName); e != nil {
		alt, _ := e.Content.(cert.GeneralNames)
		for _, n := range alt {
			email = email || n.Choice == cert.RFC822Name
			list = append(list, n)
		}
	}
	for _, rdn := range k.Subject.RDNs {
		for _, a := range rdn {
			if a.Type == idEmail && !email {
				list = append(list, cert.GeneralName{Choice: cert.RFC822Name, Text: a.Value})
			}
		}
	}
	return list
}

// allowed says whether a name is in no excluded subtree, and, where subtrees of
// its form are permitted, in one of those. known is false where the form has
// constraints and is not compared.
func allowed(c *cert.NameConstraints, n cert.GeneralName) (ok, known bool) {
	for _, base := range c.Excluded {
		if base.Choice != n.Choice {
			continue
		}
		in, known := within(n, base)
		if !known || in {
			return false, known
		}
	}
	limited := false
	for _, base := range c.Permitted {
		if base.Choice != n.Choice {
			continue
		}
		limited = true
		in, known := within(n, base)
		if !known {
			return false, false
		}
		if in {
			return true, true
		}
	}
	return !limited, true
}

// within says whether a name lies in a subtree of its form.
func within(n, base cert.GeneralName) (in, known bool) {
	switch n.Choice {
	case cert.DirectoryName:
		if len(base.Name.RDNs) > len(n.Name.RDNs) {
			return false, true
		}
		head := cert.Name{Raw: n.Name.Raw, RDNs: n.Name.RDNs[:len(base.Name.RDNs)]}
		octets, same := head.Equal(base.Name)
		return octets || same, true
	case cert.DNSName:
		return belowHost(n.Text, base.Text, true), true
	case cert.RFC822Name:
		_, host, ok := cutLast(n.Text, "@")
		if !ok {
			return false, false
		}
		if strings.Contains(base.Text, "@") {
			// The part in front of the @ is compared with its case.
			local, at, _ := cutLast(base.Text, "@")
			mine, _, _ := cutLast(n.Text, "@")
			return mine == local && strings.EqualFold(host, at), true
		}
		return belowHost(host, base.Text, false), true
	case cert.URI:
		host, ok := hostOf(n.Text)
		return ok && belowHost(host, base.Text, false), ok
	case cert.IPAddress:
		size := len(n.Octets)
		if size != 4 && size != 16 || len(base.Octets) != 8 && len(base.Octets) != 32 {
			return false, false
		}
		if len(base.Octets) != 2*size {
			return false, true
		}
		masked := make([]byte, size)
		for i := range masked {
			masked[i] = n.Octets[i] & base.Octets[size+i]
		}
		return bytes.Equal(masked, base.Octets[:size]), true
	}
	return false, false
}

// belowHost says that a host is base or below it. One that begins with a dot
// means hosts below it alone; without a dot, those of a DNS name as well, and of
// an address or a URI the host itself alone.
func belowHost(host, base string, dns bool) bool {
	host, base = strings.ToLower(strings.TrimSuffix(host, ".")), strings.ToLower(base)
	switch {
	case base == "":
		return true
	case base[0] == '.':
		return strings.HasSuffix(host, base)
	case host == base:
		return true
	}
	return dns && strings.HasSuffix(host, "."+base)
}

// hostOf is the host of a URI; false where it has none, or an address.
func hostOf(uri string) (string, bool) {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return "", false
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if _, host, user := cutLast(rest, "@"); user {
		rest = host
	}
	host, _, _ := strings.Cut(rest, ":")
	return host, host != "" && host[0] != '['
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
