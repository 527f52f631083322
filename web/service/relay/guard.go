package relay

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// Refusal says in one sentence why nothing is sent to where a URL points.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, a ...any) error { return &Refusal{fmt.Sprintf(format, a...)} }

// Bounds of what is looked at.
const (
	maxURL  = 2048 // octets of a URL
	maxName = 253  // of a host name, RFC 1035, section 2.3.4
)

// Guard says whether a request may be sent to a URL that a stranger named, and
// writes the URL in the one form that every program reads alike: a scheme in
// lower case, a name or a numeric address, no port, and the path as it was.
//
// Programs differ in what they make of a URL that is out of the ordinary, and a
// guard that reads it otherwise than the program that fetches guards nothing.
// So whatever two of them could take for two things is refused, and the host is
// cut out here and not by a library.
//
// A name may still lead to an address that is refused: [Public] is asked again
// where the connection is made.
func Guard(raw string) (string, error) {
	if len(raw) > maxURL {
		return "", refuse("The URL has %d octets, and at most %d are taken.", len(raw), maxURL)
	}
	for i := range len(raw) {
		if c := raw[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return "", refuse("The URL has the octet %02x at offset %d, which RFC 3986 allows in no URL; programs drop such octets or read them as others.", c, i)
		}
	}
	scheme, rest, ok := strings.Cut(raw, "://")
	scheme = strings.ToLower(scheme)
	switch {
	case !ok:
		return "", refuse("The URL does not begin with http:// or https://.")
	case scheme != "http" && scheme != "https":
		return "", refuse("The scheme is «%s»: OCSP goes over http or https.", brief(scheme))
	case strings.Contains(rest, "#"):
		return "", refuse("The URL has a fragment: what follows # is never sent, and may only mislead.")
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, rest := rest[:end], rest[end:]
	host, err := authority(scheme, host)
	if err != nil {
		return "", err
	}
	if err := path(rest); err != nil {
		return "", err
	}
	out := scheme + "://" + host + rest
	if u, err := url.Parse(out); err != nil || u.Host != host || u.User != nil {
		return "", refuse("The URL is read in another way by the program that would fetch it.")
	}
	return out, nil
}

// authority reads what stands between // and the path.
func authority(scheme, s string) (string, error) {
	switch {
	case s == "":
		return "", refuse("The URL names no host.")
	case strings.Contains(s, "@"):
		return "", refuse("The URL has a user name before @, which hides where it points.")
	case strings.Contains(s, "%"):
		return "", refuse("The host «%s» is written with percent signs: some programs read them as other characters, or as the zone of an address.", brief(s))
	}
	host, port, given := s, "", false
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		if end < 0 || s[end+1:] != "" && s[end+1] != ':' {
			return "", refuse("The brackets of the host «%s» do not hold an address and nothing else.", brief(s))
		}
		host = s[:end+1]
		port, given = strings.CutPrefix(s[end+1:], ":")
	} else {
		host, port, given = strings.Cut(s, ":")
	}
	if own := map[string]string{"http": "80", "https": "443"}[scheme]; given && port != own {
		return "", refuse("The port is «%s»: the relay goes to responders by %s at port %s only.", brief(port), scheme, own)
	}
	if host == "" {
		return "", refuse("The URL names no host.")
	}
	if host[0] == '[' {
		a, err := netip.ParseAddr(host[1 : len(host)-1])
		if err != nil || !a.Is6() {
			return "", refuse("«%s» is no IPv6 address.", brief(host))
		}
		return "[" + a.String() + "]", Public(a)
	}
	host = strings.ToLower(host)
	if numeric(host) {
		a, err := netip.ParseAddr(host)
		if err != nil || !a.Is4() {
			return "", refuse("The host «%s» ends in a number and is no address in the form 192.0.2.1: programs read such hosts as addresses in octal, hexadecimal or with parts left out.", brief(host))
		}
		return host, Public(a)
	}
	return host, name(host)
}

// numeric says whether programs may read a host as an IPv4 address: by the URL
// standard of browsers, where its last label is a number, 0x1f among them.
func numeric(host string) bool {
	host = strings.TrimRight(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if digits, hex := strings.CutPrefix(last, "0x"); hex {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// path refuses what one program sends otherwise than another.
func path(s string) error {
	p, _, _ := strings.Cut(s, "?")
	for i := range len(s) {
		if s[i] != '%' {
			continue
		}
		if i+2 >= len(s) || nibble(s[i+1]) < 0 || nibble(s[i+2]) < 0 {
			return refuse("The %% at the end of «%s» escapes nothing.", brief(s[:i+1]))
		}
		if c := nibble(s[i+1])<<4 | nibble(s[i+2]); c < ' ' || c == 0x7f {
			return refuse("The path escapes the control character %02x, which belongs in no URL of a responder.", c)
		}
	}
	for part := range strings.SplitSeq(p, "/") {
		switch strings.ReplaceAll(strings.ToLower(part), "%2e", ".") {
		case ".", "..":
			return refuse("The path has the segment «%s», which some programs resolve and others send.", part)
		}
	}
	return nil
}

// nibble is the value of a hexadecimal digit, or -1.
func nibble(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// brief cuts what is quoted.
func brief(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}
