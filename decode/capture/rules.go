package capture

import (
	"fmt"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// The headings of the status tree, in rank order.
var (
	groupFile       = &check.Group{ID: "capture.file", Title: "File"}
	groupStreams    = &check.Group{ID: "capture.streams", Title: "Streams"}
	groupDecryption = &check.Group{ID: "capture.decrypted", Title: "Decryption"}

	groups = []*check.Group{groupFile, groupStreams, groupDecryption}
)

var fileRules = []check.Rule[*View]{{
	ID: "capture.file", Group: groupFile, Level: check.Must, Refs: "draft-ietf-opsawg-pcap §4; draft-ietf-opsawg-pcapng §3",
	Title: "The file is whole, and its lengths agree",
	Judge: func(c *check.Context, v *View) check.Outcome {
		switch f := v.file.flaw; {
		case f.why != "":
			at := v.at(f.packet)
			if f.fatal {
				at = v.Ref
			}
			return check.Broken(at, "At octet %d: %s. %s could be read.", f.off, f.why, report.Plural(v.Packets, "whole packet", "whole packets"))
		case len(v.links) > 0:
			var names []string
			for _, l := range v.links {
				names = append(names, linkName(l))
			}
			return check.Needs("capture", v.Ref, "%s of link type %s: that is not read here. Record on an interface of another type, or convert the file.",
				report.Plural(v.unread, "packet is", "packets are"), strings.Join(names, ", "))
		}
		return check.Holds(v.Ref, "%s in %s.", report.Plural(v.Packets, "packet", "packets"), v.Format)
	},
}, {
	ID: "capture.cut", Group: groupFile, Level: check.Must, Refs: "draft-ietf-opsawg-pcap §5",
	Title: "Packets were recorded whole",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Packets == 0 {
			return check.Skip()
		}
		hurt, inside := 0, ""
		for _, k := range v.Connections {
			was := hurt
			for i := range k.Streams {
				for _, g := range k.Streams[i].Gaps {
					if !g.Cut {
						continue
					}
					if hurt == was {
						hurt++
					}
					if k.tls != nil && k.early(g) && inside == "" {
						inside = k.String()
					}
				}
			}
		}
		switch {
		case inside != "":
			return check.Broken(v.Ref, "%s shorter than sent, some of them in the handshake of %s. Record again with tcpdump -s 0.",
				report.Plural(v.file.cut, "packet is", "packets are"), inside)
		case v.file.cut > 0 && hurt > 0:
			return check.Doubtful(v.Ref, "%s shorter than sent, which leaves holes in %s. Record again with tcpdump -s 0.",
				report.Plural(v.file.cut, "packet is", "packets are"), report.Plural(hurt, "connection", "connections"))
		case v.file.cut > 0:
			return check.Doubtful(v.Ref, "%s shorter than sent; no stream that is read here lost octets by that.", report.Plural(v.file.cut, "packet is", "packets are"))
		}
		return check.Holds(v.Ref, "")
	},
}}

// early says that a gap lies before both sides have finished their handshake.
func (c *Connection) early(g Gap) bool {
	return c.tls != nil && c.tls.lost != "" && c.tls.done < 2 || c.tls != nil && !c.tls.has[0]
}

// gap finds the worst gap: one in a handshake, else any.
func (v *View) gap() (c *Connection, worst Gap, early, any bool) {
	for _, k := range v.Connections {
		for i := range k.Streams {
			for _, g := range k.Streams[i].Gaps {
				if g.Cut {
					continue
				}
				if e := k.early(g) && g.At >= k.Streams[i].beginning; !any || e && !early {
					c, worst, early, any = k, g, e, true
				}
			}
		}
	}
	return c, worst, early, any
}

var streamRules = []check.Rule[*View]{{
	ID: "capture.start", Group: groupStreams, Level: check.Should, Refs: "RFC 9293 §3.5",
	Title: "TLS connections were recorded from their beginning",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.TLS) == 0 {
			return check.Skip()
		}
		for _, k := range v.TLS {
			switch {
			case !k.tls.has[0] && len(k.Streams[k.client].Bytes) > 0:
				return check.Doubtful(v.at(k.first), "%s begins without a ClientHello: the recording started later than the connection.", k)
			case !k.Streams[0].SYN && len(k.Streams[0].Bytes) > 0 || !k.Streams[1].SYN && len(k.Streams[1].Bytes) > 0:
				return check.Doubtful(v.at(k.first), "%s begins without a SYN: the first octets may be missing.", k)
			}
		}
		return check.Holds(v.at(v.TLS[0].first), "")
	},
}, {
	ID: "capture.gap", Group: groupStreams, Level: check.Must, Refs: "RFC 9293 §3.4",
	Title: "No octets are missing from the streams",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.Connections) == 0 {
			return check.Skip()
		}
		k, g, early, any := v.gap()
		switch {
		case !any:
			return check.Holds(v.Ref, "")
		case early:
			return check.Broken(v.at(g.packet), "%s of %s missing behind packet %d, in the handshake. What follows in that direction cannot be opened.",
				report.Plural(int(g.Len), "octet", "octets"), k.sentence(g.Len), g.packet)
		}
		return check.Doubtful(v.at(g.packet), "%s of %s missing behind packet %d. What follows in that direction cannot be opened.",
			report.Plural(int(g.Len), "octet", "octets"), k.sentence(g.Len), g.packet)
	},
}, {
	ID: "capture.overlap", Group: groupStreams, Level: check.Should, Refs: "RFC 9293 §3.10.7.4",
	Title: "Octets that came more than once are the same each time",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.Connections) == 0 {
			return check.Skip()
		}
		again, late := 0, 0
		for _, k := range v.Connections {
			for i := range k.Streams {
				s := &k.Streams[i]
				again, late = again+s.Again, late+s.Late
				if len(s.Differ) > 0 {
					d := s.Differ[0]
					return check.Doubtful(v.at(d.Packet), "Octet %d of a stream of %s is %02x in packet %d and %02x in packet %d. The first is used here; a receiver may have used the other.",
						d.At, k, d.Was, d.Packet, d.Is, d.Other).And(v.at(d.Other))
				}
			}
		}
		if again > 0 || late > 0 {
			return check.Note(v.Ref, "%s came again, and %s out of order. They are put in order here.",
				report.Plural(again, "octet", "octets"), report.Plural(late, "segment", "segments"))
		}
		return check.Holds(v.Ref, "")
	},
}, {
	ID: "capture.one-sided", Group: groupStreams, Level: check.Should, Refs: "RFC 9293 §3.4",
	Title: "Both directions were recorded",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if len(v.TLS) == 0 {
			return check.Skip()
		}
		for _, k := range v.TLS {
			for i := range k.Streams {
				if len(k.Streams[i].Bytes) > 0 && k.Streams[1-i].packets == 0 {
					who := "client"
					if i != k.client {
						who = "server"
					}
					return check.Doubtful(v.at(k.first), "Of %s only what the %s sent was recorded.", k, who)
				}
			}
		}
		return check.Holds(v.Ref, "")
	},
}}

// sentence names the connection behind a number of octets.
func (c *Connection) sentence(n int64) string {
	if n == 1 {
		return c.String() + " is"
	}
	return c.String() + " are"
}

// seen says what else is in the capture, for people; "" if nothing is.
func (v *View) seen() string {
	var list []string
	say := func(n int, one, many, rest string) {
		if n > 0 {
			list = append(list, report.Plural(n, one, many)+rest)
		}
	}
	say(v.quic, "datagram", "datagrams", " on UDP port 443, which is QUIC and not read here")
	say(v.dtls, "datagram", "datagrams", " of DTLS, which is not read here")
	say(v.fragments, "fragment", "fragments", " of IP packets, which are not put together")
	say(v.udp, "other UDP datagram", "other UDP datagrams", "")
	say(v.unread, "packet", "packets", " of a link type that is not read")
	say(v.noIP, "packet", "packets", " that are not IP")
	say(v.more, "packet", "packets", " of connections beyond the first "+strconv.Itoa(most))
	plain := 0
	for _, k := range v.Connections {
		if k.tls == nil && len(k.Streams[0].Bytes)+len(k.Streams[1].Bytes) > 0 {
			plain++
		}
	}
	say(plain, "TCP connection", "TCP connections", " without TLS")
	return strings.Join(list, "; ")
}

var tlsRules = []check.Rule[*View]{{
	ID: "capture.tls", Group: groupDecryption, Level: check.Should, Refs: "RFC 9846 §5.1; RFC 3207 §4; RFC 9001 §4",
	Title: "There are TLS connections in it",
	Judge: func(c *check.Context, v *View) check.Outcome {
		seen := v.seen()
		if len(v.TLS) == 0 && v.Bare > 0 {
			return check.Skip() // what was wanted is read without
		}
		if len(v.TLS) == 0 {
			if seen == "" {
				seen = "nothing"
			}
			return check.Doubtful(v.Ref, "No TCP stream begins with a TLS record (16 03). What was seen: %s.", seen)
		}
		why := report.Plural(len(v.TLS), "TLS connection", "TLS connections")
		for _, k := range v.TLS {
			if k.before != "" {
				why += "; " + k.String() + " begins with " + k.before + ", and TLS is read behind it"
				break
			}
		}
		if seen != "" {
			why += ". Besides: " + seen
		}
		return check.Holds(v.at(v.TLS[0].first), "%s.", why)
	},
}, {
	ID: "capture.decrypted", Group: groupDecryption, Level: check.Must, Refs: "RFC 9846 §5.2; RFC 9846 §5.3; RFC 9850 §2",
	Title: "The protected records of every connection open",
	Judge: func(c *check.Context, v *View) check.Outcome {
		var list []check.Outcome
		for _, k := range v.TLS {
			if k.tls.protected > 0 {
				list = append(list, k.decrypted(v))
			}
		}
		return check.Worst(list...)
	},
}}

// decrypted judges how far a connection could be opened.
func (c *Connection) decrypted(v *View) check.Outcome {
	t, at := c.tls, v.at(c.first)
	all := fmt.Sprintf("%d of %s", t.opened, report.Plural(t.protected, "protected record", "protected records"))
	why := ""
	for i := range t.sides {
		if t.sides[i].why != "" {
			why = t.sides[i].why
		}
	}
	switch {
	case t.opened == t.protected && t.borrowed:
		return check.Holds(at, "%s of %s open, with the main secret of the session that it resumes.", all, c)
	case t.opened == t.protected:
		return check.Holds(at, "%s of %s open.", all, c)
	case t.failed != "" && t.fits:
		return check.Broken(at, "A line of the key log has the client random of %s, but %s. The secret is of another run, or octets are missing or altered. %s open.", c, t.failed, all)
	case !t.has[0]:
		return check.Needs("client-hello", at, "%s has no ClientHello here, so no line of a key log can be found for it.", c)
	case why != "":
		return check.Needs("key-log", at, "%s of %s open: %s.", all, c, why)
	case t.lost != "":
		return check.Needs("capture", at, "%s of %s open. The first that does not is %s.", all, c, t.lost)
	case t.opened > 0 && len(t.missing) > 0:
		return check.Doubtful(at, "%s of %s open. For the others the key log has no line with the label %s.", all, c, strings.Join(t.missing, ", "))
	case !t.has[1]:
		return check.Needs("server-hello", at, "%s has no ServerHello here, so the cipher suite is not known.", c)
	case v.Logs == 0:
		return check.Needs("key-log", at, "%s of %s (%s) open: there is no key log here. Its client random begins with %x.", all, c, suite.Version(t.version), t.hellos[0].random[:6])
	case !t.fits:
		return check.Needs("key-log", at, "%s of %s (%s) open. No key log here has the client random %x….", all, c, suite.Version(t.version), t.hellos[0].random[:6])
	}
	return check.Needs("key-log", at, "%s of %s open. Labels that are missing: %s.", all, c, strings.Join(t.missing, ", "))
}
