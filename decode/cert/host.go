package cert

import (
	"bytes"
	"net/netip"
	"strings"
)

// Hosts are the names of servers in the certificate, as they are written: DNS
// names and addresses of subjectAltName. Its subject does not count.
//
// RFC 9525, section 6.3
func (c *Certificate) Hosts() (all []string) {
	names, _ := content[GeneralNames](c.Extensions, IDSubjectAltName)
	for _, n := range names {
		if n.Choice == DNSName || n.Choice == IPAddress {
			all = append(all, n.Text)
		}
	}
	return all
}

// For says that the certificate is for a host: a name without regard to case
// and a dot at its end, or an address. A star stands for one whole label, the
// first one.
//
// RFC 9525, section 6
func (c *Certificate) For(host string) bool {
	names, _ := content[GeneralNames](c.Extensions, IDSubjectAltName)
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		octets := ip.Unmap().AsSlice()
		for _, n := range names {
			if n.Choice == IPAddress && bytes.Equal(n.Octets, octets) {
				return true
			}
		}
		return false
	}
	host = strings.TrimSuffix(host, ".")
	for _, n := range names {
		if n.Choice == DNSName && host != "" && sameHost(strings.TrimSuffix(n.Text, "."), host) {
			return true
		}
	}
	return false
}

func sameHost(name, host string) bool {
	if strings.EqualFold(name, host) {
		return true
	}
	rest, star := strings.CutPrefix(name, "*.")
	label, parent, _ := strings.Cut(host, ".")
	return star && label != "" && strings.Contains(rest, ".") && strings.EqualFold(rest, parent)
}
