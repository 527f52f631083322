package connection

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// extensionValueRules judge what single extensions say.
var extensionValueRules = []rule{{
	ID: "tls.ext.server-name", Group: groupNegotiation, Level: check.Must, Refs: "RFC 6066 §3",
	Title:    "server_name holds one DNS name",
	Headline: "server_name does not hold one name: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.serverName() },
}, {
	ID: "tls.ext.alpn", Group: groupNegotiation, Level: check.Must, Refs: "RFC 7301 §3.1; RFC 7301 §3.2; RFC 9325 §3.8",
	Title:    "The server picks one of the protocols that the client names",
	Headline: "The application protocol is not agreed: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.protocols() },
}, {
	ID: "tls.ext.status-request", Group: groupNegotiation, Level: check.Must, Refs: "RFC 6066 §8",
	Title:    "A staple is asked for in the usual way",
	Headline: "status_request is odd: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.statusRequest() },
}, {
	ID: "tls.ext.signature-algorithms", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.3.3; RFC 9155 §2; RFC 9155 §3",
	Title:    "The client names signature algorithms, and no broken ones",
	Headline: "The signature algorithms do not do: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.signatureAlgorithms() },
}, {
	ID: "tls.ext.key-share", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.3.8",
	Title:    "Key shares are of the groups named, and fresh",
	Headline: "The key shares do not do: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.keyShares() },
}}

func (v *View) serverName() check.Outcome {
	if v.CH == nil || !v.CH.Extensions.Has(handshake.ExtServerName) {
		return check.Skip()
	}
	x := v.CH.Extensions.Get(handshake.ExtServerName)
	list, ok := x.Value.(*handshake.ServerNames)
	switch {
	case x.Faults && (!ok || len(list.List) == 0):
		return v.unread(x.Ref, "server_name")
	case !ok, len(list.List) == 0:
		return check.Broken(x.Ref, "server_name of the ClientHello holds no name.")
	}
	types := map[uint64]bool{}
	for _, n := range list.List {
		if types[n.Type.Value] {
			return check.Broken(n.Ref, "Two names of type %d: one of each type may stand there.", n.Type.Value)
		}
		types[n.Type.Value] = true
	}
	f := list.List[0].Name
	if !f.OK {
		return v.unread(f.Ref, "The name")
	}
	name := string(f.Value)
	switch {
	case name == "":
		return check.Broken(f.Ref, "The name is empty.")
	case address(name):
		return check.Doubtful(f.Ref, "The name is the address %s: server_name holds DNS names only.", report.Clean(name))
	case strings.HasSuffix(name, "."):
		return check.Doubtful(f.Ref, "The name %s ends in a dot, which is left out here.", report.Clean(name))
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' {
			return check.Doubtful(f.Ref, "The name %q has the octet %#02x: names of other scripts are sent in their ASCII form (xn--…).", name, c)
		}
	}
	return check.Holds(f.Ref, "%s.", name)
}

// address says that a name is an IP address.
func address(s string) bool {
	if strings.Contains(s, ":") {
		return true
	}
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return len(parts) == 4
}

func (v *View) protocols() check.Outcome {
	var asked *handshake.Names
	w := check.Skip()
	if v.CH != nil {
		if x := v.CH.Extensions.Get(handshake.ExtALPN); x != nil {
			if asked = v.CH.Extensions.Protocols(); asked == nil {
				return v.unread(x.Ref, "The list of protocols")
			}
			for _, n := range asked.List {
				if n.OK && len(n.Value) == 0 {
					return check.Broken(n.Ref, "The list of protocols has an empty name.")
				}
			}
			w = check.Holds(x.Ref, "The client names %s.", protocolNames(asked))
		}
	}
	for _, b := range v.blocks() {
		if b.In != InSH && b.In != InEE {
			continue
		}
		x := b.Get(handshake.ExtALPN)
		if x == nil {
			continue
		}
		answer := b.Protocols()
		switch {
		case answer == nil:
			return v.unread(x.Ref, "The answer of the server")
		case len(answer.List) != 1:
			return check.Broken(x.Ref, "The server answers with %s; it picks exactly one.", report.Plural(len(answer.List), "protocol", "protocols"))
		case len(answer.List[0].Value) == 0:
			return check.Broken(answer.List[0].Ref, "The server answers with an empty name.")
		case asked == nil:
			continue // tls.ext.unasked says so
		}
		picked, found := answer.List[0].Value, false
		for _, n := range asked.List {
			found = found || bytes.Equal(n.Value, picked)
		}
		if !found {
			return check.Broken(answer.List[0].Ref, "The server picks %q; the client names %s.", picked, protocolNames(asked)).And(asked.Ref)
		}
		w = check.Holds(answer.List[0].Ref, "%s.", string(picked)).And(asked.Ref)
	}
	return w
}

// protocolNames writes the names of ALPN.
func protocolNames(n *handshake.Names) string {
	var words []string
	for i, f := range n.List {
		if i == 6 {
			words = append(words, "others")
			break
		}
		if v := string(f.Value); len(v) > 1 && suite.GREASE(uint16(v[0])<<8|uint16(v[1])) && len(v) == 2 {
			words = append(words, "GREASE")
		} else {
			words = append(words, report.Clean(v))
		}
	}
	if words == nil {
		return "none"
	}
	return report.Enumerate(words)
}

func (v *View) statusRequest() check.Outcome {
	if v.CH == nil {
		return check.Skip()
	}
	x := v.CH.Extensions.Get(handshake.ExtStatusRequest)
	if x == nil {
		return check.Skip()
	}
	s, ok := x.Value.(*handshake.StatusRequest)
	switch {
	case x.Faults:
		why := "its inner lists do not add up"
		for _, f := range v.Faults {
			if f.Extension == x {
				why = strings.TrimSuffix(f.Message, ".")
				break
			}
		}
		if ok && s.Type.OK && s.Type.Value != 1 {
			return check.Doubtful(x.Ref, "The type of status is %d; 1, OCSP, is the only one in use.", s.Type.Value)
		}
		return check.Broken(x.Ref, "status_request of the ClientHello cannot be read: %s (decode_error 50).", lowerFirst(why))
	case !ok:
		return check.Broken(x.Ref, "status_request of the ClientHello is empty: it has five octets at the least (decode_error 50).")
	case s.Type.OK && s.Type.Value != 1:
		return check.Doubtful(s.Type.Ref, "The type of status is %d; 1, OCSP, is the only one in use.", s.Type.Value)
	case len(s.Responders.List) > 0:
		return check.Doubtful(s.Responders.Ref, "The client names %s that it trusts; servers pay no attention to that.", report.Plural(len(s.Responders.List), "responder", "responders"))
	case len(s.Extensions.Value) > 0:
		return check.Doubtful(s.Extensions.Ref, "The client sends extensions for the OCSP request (%s): a staple was fetched before, so a nonce cannot come back in it.",
			report.Plural(len(s.Extensions.Value), "octet", "octets"))
	}
	return check.Holds(x.Ref, "The client asks for an OCSP response, without further wishes.")
}

// weakScheme says why a signature scheme should not be offered. In a hello that
// offers no TLS 1.3, gone means nothing yet: RFC 5246 allows it.
func weakScheme(n uint16) (why string, gone bool) {
	name := suite.Schemes[int(n)]
	switch {
	case strings.Contains(name, "md5"):
		return "MD5 is broken", false
	case strings.HasPrefix(name, "dsa"):
		return "DSA was taken out of TLS 1.3", true
	case strings.Contains(name, "sha224"):
		return "SHA-224 was taken out of TLS 1.3", true
	}
	return "", false
}

func sha1Scheme(n uint16) bool { return strings.HasSuffix(suite.Schemes[int(n)], "sha1") }

func (v *View) signatureAlgorithms() check.Outcome {
	ch := v.CH
	if ch == nil {
		return check.Skip()
	}
	new := offersVersion(ch, TLS13)
	x := ch.Extensions.Get(handshake.ExtSignatureAlgorithms)
	if x == nil {
		switch {
		case new && !ch.Extensions.Has(handshake.ExtPreSharedKey):
			return check.Broken(ch.Extensions.Ref, "A hello for TLS 1.3 without PSK has no signature_algorithms (missing_extension 109).")
		case new || !offersVersion(ch, TLS12):
			return check.Skip()
		}
		return check.Doubtful(ch.Ref, "The hello has no signature_algorithms: a server of TLS 1.2 then signs with SHA-1, which must not be used since 2021.")
	}
	list, ok := x.Value.(*handshake.Numbers)
	if !ok || !list.OK {
		return v.unread(x.Ref, "signature_algorithms")
	}
	old := -1             // the first of SHA-1
	later := check.Skip() // what does no harm where it stands
	good := false
	for i, f := range list.List {
		n := uint16(f.Value)
		why, gone := weakScheme(n)
		switch {
		case f.OK && why != "" && gone && !new:
			if !later.Applies() {
				later = check.Note(f.Ref, "The client offers %s (%s): %s, which this hello does not offer.", suite.Label(suite.Schemes, n), suite.Hex16(n), why)
			}
		case f.OK && why != "" && good:
			if !later.Applies() {
				later = check.Note(f.Ref, "The client offers %s (%s), too: %s. It stands behind better ones, so that servers which have one of those do not take it; OpenSSL offers some such by default.", suite.Label(suite.Schemes, n), suite.Hex16(n), why)
			}
			continue
		case f.OK && why != "":
			return check.Doubtful(f.Ref, "The client offers %s (%s) before better ones: %s.", suite.Label(suite.Schemes, n), suite.Hex16(n), why)
		case f.OK && !sha1Scheme(n) && !suite.GREASE(n):
			good = true
		}
		switch {
		case f.OK && sha1Scheme(n):
			if old < 0 {
				old = i
			}
		case old >= 0 && !suite.GREASE(n):
			return check.Doubtful(list.List[old].Ref, "The client offers %s before %s: SHA-1 comes last, if it is offered at all.",
				suite.Label(suite.Schemes, uint16(list.List[old].Value)), suite.Label(suite.Schemes, n)).And(f.Ref)
		}
	}
	if old >= 0 && !new {
		return check.Doubtful(list.List[old].Ref, "A hello for TLS 1.2 offers %s: SHA-1 must not be used for it since 2021.", suite.Label(suite.Schemes, uint16(list.List[old].Value)))
	}
	if later.Applies() {
		return later
	}
	return check.Holds(x.Ref, "%s.", report.Plural(len(list.List), "algorithm", "algorithms"))
}

func (v *View) keyShares() check.Outcome {
	w := check.Skip()
	for _, ch := range []*handshake.ClientHello{v.CH1, v.CH} {
		if ch == nil || !ch.Extensions.Has(handshake.ExtKeyShare) {
			continue
		}
		x := ch.Extensions.Get(handshake.ExtKeyShare)
		list, ok := shares(&ch.Extensions)
		if !ok || x.Faults {
			return v.unread(x.Ref, "key_share")
		}
		var groups *handshake.Numbers
		if g := ch.Extensions.Get(handshake.ExtSupportedGroups); g != nil {
			groups, _ = g.Value.(*handshake.Numbers)
		}
		seen := map[uint64]report.Ref{}
		for _, s := range list {
			n := uint16(s.Group.Value)
			name := suite.Label(suite.Groups, n)
			if before, twice := seen[s.Group.Value]; twice {
				return check.Broken(s.Ref, "Two shares of %s: one of each group may stand there (illegal_parameter 47).", name).And(before)
			}
			seen[s.Group.Value] = s.Ref
			if groups != nil && !groups.Has(n) {
				return check.Broken(s.Ref, "A share of %s, which supported_groups does not name (illegal_parameter 47).", name).And(groups.Ref)
			}
		}
		w = check.Worst(w, check.Holds(x.Ref, "%s.", shareNames(list)))
		w = check.Worst(w, v.shareTwice(list))
	}
	if v.SH == nil || v.SH.Negotiated != TLS13 || !v.SH.Extensions.Has(handshake.ExtKeyShare) {
		return w
	}
	x := v.SH.Extensions.Get(handshake.ExtKeyShare)
	answer, ok := shares(&v.SH.Extensions)
	if !ok || len(answer) != 1 || x.Faults {
		return check.Worst(w, v.unread(x.Ref, "key_share of the ServerHello"))
	}
	if v.CH != nil {
		list, _ := shares(&v.CH.Extensions)
		for _, s := range list {
			if s.Group.Value == answer[0].Group.Value {
				w = check.Worst(w, check.Holds(answer[0].Ref, "The server answers with a share of %s.", shareNames(answer)).And(s.Ref))
				return check.Worst(w, v.shareTwice(answer))
			}
		}
		return check.Broken(answer[0].Ref, "The server answers with a share of %s; the client sent %s (illegal_parameter 47).", shareNames(answer), shareNames(list))
	}
	return check.Worst(w, v.shareTwice(answer))
}

// shareTwice looks for a share that another connection has as well.
func (v *View) shareTwice(list []handshake.KeyShare) check.Outcome {
	for _, s := range list {
		if !s.Key.OK || len(s.Key.Value) < 16 { // GREASE shares have one octet
			continue
		}
		for _, item := range v.Repeated("key share", s.Key.Value) {
			if v.elsewhere(item) {
				return check.Doubtful(s.Key.Ref, "The same share of %s stands in another connection: whoever learns its secret reads both.", suite.Label(suite.Groups, uint16(s.Group.Value)))
			}
		}
	}
	return check.Skip()
}

func shareNames(list []handshake.KeyShare) string {
	var words []string
	for i, s := range list {
		if i == 6 {
			words = append(words, "others")
			break
		}
		words = append(words, suite.Label(suite.Groups, uint16(s.Group.Value)))
	}
	if words == nil {
		return "none"
	}
	return report.Enumerate(words)
}
