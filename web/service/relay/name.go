package relay

import "strings"

// special are the ends of names that are no names of the public DNS, with what
// they are.
//
// IANA Special-Use Domain Names registry; RFC 6761
var special = map[string]string{
	"localhost":   "this machine (RFC 6761)",
	"localdomain": "this machine, by custom",
	"local":       "of one link (RFC 6762)",
	"internal":    "for networks of their own (reserved by ICANN)",
	"intranet":    "for networks of their own, by custom",
	"private":     "for networks of their own, by custom",
	"corp":        "for networks of their own, by custom",
	"home":        "for networks of their own, by custom",
	"lan":         "for networks of their own, by custom",
	"arpa":        "for the machinery of the Internet, home.arpa among it (RFC 3172, RFC 8375)",
	"onion":       "a service of Tor (RFC 7686)",
	"alt":         "outside the DNS (RFC 9476)",
	"test":        "for tests (RFC 6761)",
	"example":     "for documentation (RFC 6761)",
	"invalid":     "never there (RFC 6761)",
}

// name refuses hosts that are no names of the public DNS. It wants lower case.
func name(host string) error {
	if len(host) > maxName {
		return refuse("The host name has %d octets, and the DNS takes %d.", len(host), maxName)
	}
	if strings.HasSuffix(host, ".") {
		return refuse("The host «%s» ends in a dot: lists of hosts know it without, and caches and certificates do too.", brief(host))
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if err := label(host, l); err != nil {
			return err
		}
	}
	if len(labels) == 1 {
		return refuse("The host «%s» is a single label: such names are of a network of its own.", host)
	}
	last := labels[len(labels)-1]
	if what, ok := special[last]; ok {
		return refuse("The host «%s» is below .%s, which is %s.", brief(host), last, what)
	}
	if strings.HasPrefix(last, "xn--") {
		return nil
	}
	for _, c := range last {
		if c < 'a' || c > 'z' {
			return refuse("The last label of «%s» is not of letters, and all of the public DNS are.", brief(host))
		}
	}
	return nil
}

// label reads one label: letters, digits and hyphens within (RFC 1123, section 2.1).
func label(host, l string) error {
	switch {
	case l == "":
		return refuse("The host «%s» has an empty label.", brief(host))
	case len(l) > 63:
		return refuse("A label of the host has %d octets, and the DNS takes 63.", len(l))
	case l[0] == '-' || l[len(l)-1] == '-':
		return refuse("The label «%s» of the host begins or ends with a hyphen.", l)
	}
	for _, c := range l {
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return refuse("The host «%s» has the character «%c»: names of hosts are of letters, digits and hyphens (RFC 1123).", brief(host), c)
		}
	}
	if rest, ok := strings.CutPrefix(l, "xn--"); ok {
		return international(l, rest)
	}
	return nil
}
