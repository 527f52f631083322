package connection

import (
	"bytes"
	"strings"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// helloRules judge what the hellos agree on.
var helloRules = []rule{{
	ID: "tls.hello.version", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.3.1; RFC 9846 §E.5; RFC 8996 §4; RFC 8996 §5",
	Title:    "TLS 1.2 or newer is agreed, out of the versions offered",
	Headline: "The TLS version is not in order: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloVersion() },
}, {
	ID: "tls.hello.suite", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.2.3; RFC 9846 §E.5; RFC 9325 §4.1",
	Title:    "A strong cipher suite is agreed, out of those offered",
	Headline: "The cipher suite is not in order: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloSuite() },
}, {
	ID: "tls.hello.echo", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.2.3",
	Title:    "The server repeats the client's session id",
	Headline: "The session id comes back changed: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloEcho() },
}, {
	ID: "tls.hello.retry", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.2.2; RFC 9846 §4.2.4",
	Title:    "A HelloRetryRequest asks for one change, and the client makes it",
	Headline: "The retry does not follow the rules: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloRetry() },
}, {
	ID: "tls.hello.fields", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.2.2; RFC 9846 §4.2.3; RFC 9846 §4.3.1; RFC 9325 §3.3",
	Title:    "The fields that lost their meaning have their one value",
	Headline: "A frozen field has another value: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloFields() },
}, {
	ID: "tls.hello.downgrade", Group: groupNegotiation, Level: check.Must, Refs: "RFC 9846 §4.2.3; RFC 7507 §3",
	Title:    "The server random does not say that a newer version was possible",
	Headline: "Downgraded: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloDowngrade() },
}, {
	ID: "tls.hello.renegotiation", Group: groupNegotiation, Level: check.Must, Refs: "RFC 5746 §3.4; RFC 5746 §3.6; RFC 9325 §3.5",
	Title:    "Both sides tie later handshakes to this one",
	Headline: "Renegotiation is not secured: %s",
	Judge:    func(_ *check.Context, v *View) check.Outcome { return v.helloRenegotiation() },
}}

// offersVersion says whether a ClientHello offers a version.
func offersVersion(ch *handshake.ClientHello, n uint16) bool {
	if list := ch.Versions(); list != nil {
		return list.Has(n)
	}
	return ch.Version.OK && n <= uint16(ch.Version.Value) && n <= TLS12
}

// offered lists the versions that a ClientHello offers, for people.
func offered(ch *handshake.ClientHello) string {
	list := ch.Versions()
	if list == nil {
		return "at most " + versionName(uint16(ch.Version.Value))
	}
	var words []string
	for _, f := range list.List {
		if n := uint16(f.Value); f.OK && !suite.GREASE(n) {
			words = append(words, suite.Version(n))
		}
	}
	return report.Enumerate(words)
}

func (v *View) helloVersion() check.Outcome {
	w := check.Skip()
	for _, sh := range []*handshake.ServerHello{v.HRR, v.SH} {
		if sh == nil {
			continue
		}
		from, at := "selected_version", sh.Version.Ref
		switch x := sh.Extensions.Get(handshake.ExtSupportedVersions); {
		case x != nil && x.Faults:
			return v.unread(x.Ref, "selected_version")
		case x != nil:
			at = x.Ref
		case !sh.Version.OK:
			return v.unread(sh.Version.Ref, "The version of the ServerHello")
		default:
			from = "legacy_version"
		}
		n := sh.Negotiated
		switch {
		case n < TLS12:
			return check.Broken(at, "%s is %s, below TLS 1.2: nothing older may be agreed since 2021.", from, versionName(n))
		case v.CH != nil && v.CH.Version.OK && !offersVersion(v.CH, n):
			return check.Broken(at, "%s is %s; the ClientHello offers %s.", from, versionName(n), offered(v.CH)).And(v.CH.Version.Ref)
		case v.CH == nil:
			w = check.Needs("client-hello", at, "%s is %s. Whether the client offered it is in its ClientHello: add that.", from, versionName(n))
		default:
			w = check.Worst(w, check.Holds(at, "%s is %s.", from, versionName(n)))
		}
	}
	ch := v.CH
	switch {
	case ch == nil:
		return w
	case ch.Versions() == nil && !ch.Version.OK:
		return check.Worst(w, v.unread(ch.Version.Ref, "legacy_version of the ClientHello"))
	case ch.Versions() == nil && uint16(ch.Version.Value) < TLS12:
		return check.Worst(w, check.Doubtful(ch.Version.Ref, "The ClientHello offers %s at most: nothing older than TLS 1.2 may be agreed.", versionName(uint16(ch.Version.Value))))
	case ch.Versions() != nil:
		for _, f := range ch.Versions().List {
			n := uint16(f.Value)
			switch {
			case !f.OK || n >= TLS12 || suite.GREASE(n):
			case offersVersion(ch, TLS12) || offersVersion(ch, TLS13):
				w = check.Worst(w, check.Doubtful(f.Ref, "The ClientHello offers %s. Nothing older than TLS 1.2 may be agreed; while servers choose a newer one, the offer does no harm.", offered(ch)))
			default:
				w = check.Worst(w, check.Doubtful(f.Ref, "The ClientHello offers %s: nothing older than TLS 1.2 may be agreed.", versionName(n)))
			}
		}
	}
	if !w.Applies() {
		return check.Holds(ch.Version.Ref, "The ClientHello offers %s.", offered(ch))
	}
	return w
}

func (v *View) helloSuite() check.Outcome {
	w := check.Skip()
	if v.SH != nil {
		if w = v.chosenSuite(); w.Bad() {
			return w
		}
	}
	if v.CH == nil {
		return w
	}
	if !v.CH.Suites.OK {
		return check.Worst(w, v.unread(v.CH.Suites.Ref, "The list of cipher suites"))
	}
	var weak []string
	at := report.None
	for _, f := range v.CH.Suites.List {
		s, known := suite.Lookup(uint16(f.Value))
		if f.OK && known && s.Weak != "" {
			if at == report.None {
				at = f.Ref
			}
			if len(weak) < 3 {
				weak = append(weak, s.Name)
			} else {
				weak = append(weak, "")
			}
		}
	}
	if n := len(weak); n > 0 {
		list := strings.Join(weak[:min(n, 3)], ", ")
		if n > 3 {
			list += " and " + report.Plural(n-3, "other", "others")
		}
		return check.Worst(w, check.Doubtful(at, "The ClientHello offers suites that must not be used: %s.", list))
	}
	if !w.Applies() {
		return check.Holds(v.CH.Suites.Ref, "%s offered, none of them weak.", report.Plural(len(v.CH.Suites.List), "suite is", "suites are"))
	}
	return w
}

// chosenSuite judges the suite that the server selects.
func (v *View) chosenSuite() check.Outcome {
	f := v.SH.Suite
	if !f.OK {
		return v.unread(f.Ref, "The cipher suite of the ServerHello")
	}
	n := uint16(f.Value)
	name := suiteName(n)
	switch s := v.Suite; {
	case v.SuiteOK && s.Signalling:
		return check.Broken(f.Ref, "The server selects %s, which is a signal of clients and no suite.", name)
	case v.SuiteOK && s.Weak != "":
		return check.Broken(f.Ref, "The server selects %s: %s.", name, s.Weak)
	case v.SuiteOK && s.TLS13 != v.TLS13() && v.Version != 0:
		of := "TLS 1.2 and older"
		if s.TLS13 {
			of = "TLS 1.3"
		}
		return check.Broken(f.Ref, "The server selects %s, a suite of %s, in %s.", name, of, suite.Version(v.Version)).And(v.VersionRef)
	case v.CH != nil && v.CH.Suites.OK && !v.CH.Suites.Has(n):
		return check.Broken(f.Ref, "The server selects %s, which the ClientHello does not offer (illegal_parameter 47).", name).And(v.CH.Suites.Ref)
	case !v.SuiteOK:
		return check.Doubtful(f.Ref, "The server selects %s, which is not registered.", name)
	case !s.ForwardSecret && s.Exchange != "PSK":
		return check.Doubtful(f.Ref, "The server selects %s: with a static %s key exchange, whoever gets the server's key reads recorded connections.", name, s.Exchange)
	case v.CH == nil:
		return check.Needs("client-hello", f.Ref, "The server selects %s. Whether the client offered it is in its ClientHello: add that.", name)
	}
	return check.Holds(f.Ref, "The server selects %s.", name)
}

func (v *View) helloEcho() check.Outcome {
	w := check.Skip()
	for _, sh := range []*handshake.ServerHello{v.HRR, v.SH} {
		switch {
		case sh == nil || sh.Negotiated != TLS13:
		case !sh.SessionID.OK:
			return v.unread(sh.SessionID.Ref, "legacy_session_id_echo")
		case v.CH == nil:
			w = check.Needs("client-hello", sh.SessionID.Ref, "The echo is %s. What the client sent is in its ClientHello: add that.", octetWords(sh.SessionID.Value))
		case !v.CH.SessionID.OK:
			return v.unread(v.CH.SessionID.Ref, "legacy_session_id")
		case !bytes.Equal(sh.SessionID.Value, v.CH.SessionID.Value):
			sent, back := differing(v.CH.SessionID.Value, sh.SessionID.Value)
			return check.Broken(sh.SessionID.Ref, "The client sent %s, the server repeats %s (illegal_parameter 47).", sent, back).And(v.CH.SessionID.Ref)
		default:
			w = check.Worst(w, check.Holds(sh.SessionID.Ref, "It repeats %s.", octetWords(sh.SessionID.Value)).And(v.CH.SessionID.Ref))
		}
	}
	return w
}

// octetWords writes octets for people, the first of many.
func octetWords(b []byte) string {
	const digits = "0123456789abcdef"
	if len(b) == 0 {
		return "nothing"
	}
	var s strings.Builder
	for _, c := range b[:min(len(b), 8)] {
		s.WriteByte(digits[c>>4])
		s.WriteByte(digits[c&15])
	}
	if len(b) > 8 {
		return s.String() + "… (" + itoa(len(b)) + " octets)"
	}
	return s.String()
}

func (v *View) helloFields() check.Outcome {
	w := check.Skip()
	add := func(o check.Outcome) { w = check.Worst(w, o) }
	for _, ch := range []*handshake.ClientHello{v.CH1, v.CH} {
		if ch == nil {
			continue
		}
		if !ch.Version.OK || !ch.Compression.OK {
			at := ch.Compression.Ref
			if !ch.Version.OK {
				at = ch.Version.Ref
			}
			return v.unread(at, "A field of the ClientHello")
		}
		n := uint16(ch.Version.Value)
		new := offersVersion(ch, TLS13)
		switch {
		case new && n != TLS12:
			add(check.Broken(ch.Version.Ref, "legacy_version of the ClientHello is %s; in a hello for TLS 1.3 it is 0x0303.", versionName(n)))
		case ch.Versions() == nil && n > TLS12:
			add(check.Doubtful(ch.Version.Ref, "legacy_version of the ClientHello is %s, and there is no supported_versions: above TLS 1.2 the version is named there.", versionName(n)))
		}
		list := ch.Compression.List
		switch only := len(list) == 1 && list[0].OK && list[0].Value == 0; {
		case only:
		case new:
			add(check.Broken(ch.Compression.Ref, "legacy_compression_methods holds %s; in a hello for TLS 1.3 it is the one octet 0.", methods(list)))
		default:
			for _, f := range list {
				if f.OK && f.Value != 0 {
					add(check.Doubtful(f.Ref, "The ClientHello offers compression (%s): what is compressed before it is encrypted can be guessed from its length (CRIME).", methods(list)))
					break
				}
			}
		}
		add(check.Holds(ch.Version.Ref, "legacy_version is %s.", suite.Hex16(n)).And(ch.Compression.Ref))
	}
	for _, sh := range []*handshake.ServerHello{v.HRR, v.SH} {
		switch {
		case sh == nil:
		case !sh.Version.OK, !sh.Compression.OK:
			return v.unread(sh.Compression.Ref, "A field of the ServerHello")
		case sh.Negotiated == TLS13 && sh.Version.Value != TLS12:
			add(check.Broken(sh.Version.Ref, "legacy_version of the ServerHello is %s; in TLS 1.3 it is 0x0303.", versionName(uint16(sh.Version.Value))))
		case sh.Compression.Value != 0:
			add(check.Broken(sh.Compression.Ref, "The server selects compression method %d; only 0, none, may be selected.", sh.Compression.Value))
		default:
			add(check.Holds(sh.Version.Ref, "legacy_version is %s.", suite.Hex16(uint16(sh.Version.Value))).And(sh.Compression.Ref))
		}
	}
	return w
}

// methods writes a list of compression methods.
func methods(list []field.Field[uint64]) string {
	var words []string
	for i, f := range list {
		if i == 4 {
			words = append(words, "more")
			break
		}
		name := suite.CompressionMethods[int(f.Value)]
		if name == "" {
			name = itoa(int(f.Value))
		}
		words = append(words, name)
	}
	if words == nil {
		return "nothing"
	}
	return report.Enumerate(words)
}

// The ends of a server random that say what would have been possible.
const (
	couldNew   = "DOWNGRD\x01" // TLS 1.3
	couldOlder = "DOWNGRD\x00" // TLS 1.2
)

func (v *View) helloDowngrade() check.Outcome {
	if v.SH == nil || v.SH.Negotiated >= TLS13 && v.SH.Extensions.Has(handshake.ExtSupportedVersions) {
		return check.Skip()
	}
	r := v.SH.Random
	if !r.OK || len(r.Value) != 32 {
		return v.unread(r.Ref, "The server random")
	}
	var could uint16
	switch string(r.Value[24:]) {
	case couldNew:
		could = TLS13
	case couldOlder:
		could = TLS12
	default:
		return check.Holds(r.Ref, "It does not end in DOWNGRD.")
	}
	mark := "The server random ends in DOWNGRD 0" + itoa(int(r.Value[31])) + ": the server could do " + suite.Version(could)
	switch {
	case v.CH == nil:
		return check.Needs("client-hello", r.Ref, "%s and selects %s. Whether the client offered more is in its ClientHello: add that.", mark, suite.Version(v.Version))
	case v.CH.Suites.Has(0x5600):
		return check.Broken(r.Ref, "%s, and selects %s although the client says by TLS_FALLBACK_SCSV that it tries an older version for want of an answer.", mark, suite.Version(v.Version)).And(v.CH.Suites.Ref)
	case offersVersion(v.CH, could) && could > v.SH.Negotiated:
		return check.Broken(r.Ref, "%s, the client offers %s, and %s is selected: somebody in between took the newer version out of the ClientHello, or the server chose wrongly.",
			mark, suite.Version(could), suite.Version(v.SH.Negotiated))
	}
	return check.Note(r.Ref, "%s; the client offered no more than %s.", mark, suite.Version(v.highest()))
}

func (v *View) helloRenegotiation() check.Outcome {
	old := v.SH != nil && v.SH.Negotiated < TLS13 || v.SH == nil && v.CH != nil && v.highest() < TLS13
	if !old {
		return check.Skip()
	}
	info := func(x *handshake.Extensions) ([]byte, report.Ref, bool) {
		e := x.Get(handshake.ExtRenegotiationInfo)
		if e == nil {
			return nil, report.None, false
		}
		if o, ok := e.Value.(*handshake.Octets); ok && o.OK {
			return o.Value, e.Ref, true
		}
		return nil, e.Ref, true
	}
	asked := false
	w := check.Skip()
	if v.CH != nil {
		b, at, there := info(&v.CH.Extensions)
		asked = there || v.CH.Suites.Has(0x00ff)
		switch {
		case len(b) > 0:
			return check.Broken(at, "renegotiation_info of a first ClientHello holds %s; it is empty there.", report.Plural(len(b), "octet", "octets"))
		case !asked:
			w = check.Doubtful(v.CH.Ref, "The ClientHello has neither renegotiation_info nor the suite TLS_EMPTY_RENEGOTIATION_INFO_SCSV (0x00ff).")
		default:
			w = check.Holds(v.CH.Ref, "The client asks for it.")
		}
	}
	if v.SH == nil {
		return w
	}
	b, at, there := info(&v.SH.Extensions)
	switch {
	case len(b) > 0:
		return check.Broken(at, "renegotiation_info of a first ServerHello holds %s; it is empty there.", report.Plural(len(b), "octet", "octets"))
	case asked && !there:
		return check.Broken(v.SH.Ref, "The client asks for secure renegotiation, and the ServerHello has no renegotiation_info: the server does not know RFC 5746, or somebody took it out.")
	case there:
		return check.Worst(w, check.Holds(at, "The server answers with an empty renegotiation_info."))
	}
	return w
}
