package relay

import (
	"net/netip"
)

// reserved are the blocks of addresses that are no host of the public
// Internet, with what they are. The first that holds an address speaks for it.
//
// IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6890
var reserved = []struct {
	block netip.Prefix
	what  string
}{
	{netip.MustParsePrefix("0.0.0.0/32"), "the unspecified address, which many systems take for themselves"},
	{netip.MustParsePrefix("0.0.0.0/8"), "of «this network» (RFC 791)"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private (RFC 1918)"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared by a provider's customers (RFC 6598)"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback (RFC 1122)"},
	{netip.MustParsePrefix("168.63.129.16/32"), "the host agent of a cloud, which answers to its guests"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local (RFC 3927), where clouds keep the secrets of their guests"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private (RFC 1918)"},
	{netip.MustParsePrefix("192.0.0.0/24"), "set aside for protocols (RFC 6890)"},
	{netip.MustParsePrefix("192.0.2.0/24"), "for documentation (RFC 5737)"},
	{netip.MustParsePrefix("192.31.196.0/24"), "a sink for stray queries (RFC 7535)"},
	{netip.MustParsePrefix("192.52.193.0/24"), "a relay of multicast (RFC 7450)"},
	{netip.MustParsePrefix("192.88.99.0/24"), "a relay of 6to4 (RFC 7526)"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private (RFC 1918)"},
	{netip.MustParsePrefix("192.175.48.0/24"), "a sink for stray queries (RFC 7534)"},
	{netip.MustParsePrefix("198.18.0.0/15"), "for benchmarks (RFC 2544)"},
	{netip.MustParsePrefix("198.51.100.0/24"), "for documentation (RFC 5737)"},
	{netip.MustParsePrefix("203.0.113.0/24"), "for documentation (RFC 5737)"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast (RFC 5771)"},
	{netip.MustParsePrefix("255.255.255.255/32"), "broadcast (RFC 919)"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved (RFC 1112)"},

	{netip.MustParsePrefix("::/128"), "the unspecified address, which many systems take for themselves"},
	{netip.MustParsePrefix("::1/128"), "loopback (RFC 4291)"},
	{netip.MustParsePrefix("::ffff:0:0/96"), "an IPv4 address in the clothes of an IPv6 address (RFC 4291)"},
	{netip.MustParsePrefix("::/96"), "an IPv4 address in the clothes of an IPv6 address, of a form given up (RFC 4291)"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "of a translation to IPv4 within one network (RFC 8215)"},
	{netip.MustParsePrefix("100::/64"), "discarded (RFC 6666)"},
	{netip.MustParsePrefix("2001::/32"), "of a Teredo tunnel (RFC 4380)"},
	{netip.MustParsePrefix("2001:2::/48"), "for benchmarks (RFC 5180)"},
	{netip.MustParsePrefix("2001::/23"), "set aside for protocols (RFC 2928)"},
	{netip.MustParsePrefix("2001:db8::/32"), "for documentation (RFC 3849)"},
	{netip.MustParsePrefix("2002::/16"), "of a 6to4 tunnel to an IPv4 address (RFC 3056)"},
	{netip.MustParsePrefix("2620:4f:8000::/48"), "a sink for stray queries (RFC 7534)"},
	{netip.MustParsePrefix("3fff::/20"), "for documentation (RFC 9637)"},
	{netip.MustParsePrefix("5f00::/16"), "of segment routing (RFC 9602)"},
	{netip.MustParsePrefix("fc00::/7"), "unique-local (RFC 4193)"},
	{netip.MustParsePrefix("fe80::/10"), "link-local (RFC 4291)"},
	{netip.MustParsePrefix("fec0::/10"), "site-local (RFC 3879)"},
	{netip.MustParsePrefix("ff00::/8"), "multicast (RFC 4291)"},
}

// Blocks with a meaning of their own.
var (
	global     = netip.MustParsePrefix("2000::/3")     // RFC 4291, section 2.4: all that is given out
	translated = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: an IPv4 address follows
)

// Public says whether an address is one that anybody on the Internet reaches.
// The error is a [Refusal].
//
// Networks that have IPv6 alone reach every IPv4 address through the prefix
// 64:ff9b::/96, so one with a public address in it is public.
func Public(a netip.Addr) error {
	if !a.IsValid() {
		return refuse("There is no address.")
	}
	if a.Zone() != "" {
		return refuse("The address %s has a zone, and so belongs to one link of a machine.", a)
	}
	for _, r := range reserved {
		if r.block.Contains(a) {
			return refuse("The address %s is %s.", a, r.what)
		}
	}
	if a.Is4() {
		return nil
	}
	b := a.As16()
	last := netip.AddrFrom4([4]byte(b[12:]))
	switch {
	case translated.Contains(a):
		if err := Public(last); err != nil {
			return refuse("The address %s stands for an IPv4 address (RFC 6052): %v", a, err)
		}
		return nil
	case !global.Contains(a):
		return refuse("The address %s is of no block that is given out (RFC 4291).", a)
	case b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe:
		return refuse("The address %s is of a tunnel to the IPv4 address %s (RFC 5214).", a, last)
	}
	return nil
}
