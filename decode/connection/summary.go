package connection

import (
	"derscope/decode/check"
	"derscope/decode/handshake"
	"derscope/decode/report"
	"derscope/decode/suite"
)

// summaryHandshake is the words that scripts ask for.
func (v *View) summaryHandshake(c *check.Context, tree []report.Check) []report.Member {
	out := []report.Member{{Key: "readable", Value: readable(tree)}}
	add := func(key string, value any) { out = append(out, report.Member{Key: key, Value: value}) }
	if v.Version != 0 {
		add("protocol", suite.Version(v.Version))
	}
	if v.SH != nil && v.SH.Suite.OK {
		add("cipher", suite.Name(uint16(v.SH.Suite.Value)))
	}
	if g := v.group(); g != 0 {
		add("group", suite.Label(suite.Groups, g))
	}
	if host := v.Host(); host != "" {
		add("host", host)
	}
	if s := v.alpn(); s != "" {
		add("alpn", s)
	}
	messages := 0
	for i := range v.H.Events {
		if v.H.Events[i].Kind == handshake.Message {
			messages++
		}
	}
	add("messages", messages)
	if row, ok := check.Find(tree, "tls.flow.complete"); ok {
		s := row.Status
		switch {
		case row.Note && v.lastError() != nil:
			s = report.Fail
		case row.Note:
			s = report.Open
		}
		add("complete", s.String())
	}
	add("resumed", v.resumed())
	if s := v.earlyData(); s != "" {
		add("earlyData", s)
	}
	if s := v.staple(c); s != "" {
		add("staple", s)
	}
	if s := v.clientCertificate(); s != "" {
		add("clientCertificate", s)
	}
	add("tickets", len(v.NSTs))
	if e := v.lastAlert(); e != nil {
		b := e.Body.(*handshake.AlertBody)
		alert := []report.Member{{Key: "number", Value: int(b.Description.Value)}, {Key: "name", Value: suite.Alerts[int(b.Description.Value)]}}
		if e.From != handshake.Unknown {
			alert = append(alert, report.Member{Key: "from", Value: e.From.String()})
		}
		if s := v.before(e); s != "" {
			alert = append(alert, report.Member{Key: "after", Value: s})
		}
		add("alert", alert)
	}
	return out
}

// summaryTicket is that of a NewSessionTicket.
func (v *View) summaryTicket(tree []report.Check) []report.Member {
	out := []report.Member{{Key: "readable", Value: readable(tree)}}
	add := func(key string, value any) { out = append(out, report.Member{Key: key, Value: value}) }
	if v.Version != 0 {
		add("protocol", suite.Version(v.Version))
	}
	n := v.NST
	if n.Lifetime.OK {
		add("lifetime", int(n.Lifetime.Value))
	}
	if n.Ticket.OK {
		add("ticket", len(n.Ticket.Value))
	}
	if x := n.Extensions.Get(handshake.ExtEarlyData); x != nil {
		if most, ok := x.Value.(*handshake.Number); ok && most.OK {
			add("earlyData", int(most.Value))
		}
	}
	if s := check.Part(tree, "tls.nst.promised"); s != report.NoStatus {
		add("promised", s.String())
	}
	return out
}

// readable is the status of the structure alone.
func readable(tree []report.Check) string {
	s := check.Part(tree, "tls.record.form", "tls.message.form", "tls.message.version", "tls.ext.body")
	if s == report.NoStatus {
		s = report.Pass
	}
	return s.String()
}

// group is the group of the key exchange, or 0.
func (v *View) group() uint16 {
	for _, sh := range []*handshake.ServerHello{v.SH, v.HRR} {
		if sh == nil {
			continue
		}
		if x := sh.Extensions.Get(handshake.ExtKeyShare); x != nil {
			if k, ok := x.Value.(*handshake.KeyShares); ok && len(k.List) > 0 && k.List[0].Group.OK {
				return uint16(k.List[0].Group.Value)
			}
		}
	}
	for i := range v.H.Events {
		if k, ok := v.H.Events[i].Body.(*handshake.ServerKeyExchange); ok && k.Group.OK {
			return uint16(k.Group.Value)
		}
	}
	return 0
}

// alpn is the protocol that was agreed, or "".
func (v *View) alpn() string {
	var blocks []*handshake.Extensions
	if v.EE != nil {
		blocks = append(blocks, &v.EE.Extensions)
	}
	if v.SH != nil {
		blocks = append(blocks, &v.SH.Extensions)
	}
	for _, b := range blocks {
		if n := b.Protocols(); n != nil && len(n.List) == 1 && n.List[0].OK {
			return string(n.List[0].Value)
		}
	}
	return ""
}

// resumed is the word of the summary.
func (v *View) resumed() string {
	// With an empty ticket, or in a hello for TLS 1.3, a session id is made up.
	offered := len(v.Offered) > 0 || v.CH != nil && !v.offers13() && len(v.CH.SessionID.Value) > 0 && v.CH.Ticket() == nil
	switch {
	case v.Mode == Resumed:
		return "yes"
	case v.Mode == Full && offered:
		return "refused"
	case v.Mode == Full:
		return "no"
	case v.CH != nil && !offered:
		return "no"
	}
	return "unknown"
}

// earlyData is the word of the summary; "" where no hello tells.
func (v *View) earlyData() string {
	first := v.CH
	if v.CH1 != nil {
		first = v.CH1
	}
	switch {
	case first == nil:
		return ""
	case !first.Extensions.Has(handshake.ExtEarlyData):
		return "none"
	case v.HRR != nil:
		return "refused"
	case v.EE == nil:
		return "offered"
	case v.EE.Extensions.Has(handshake.ExtEarlyData):
		return "accepted"
	}
	return "refused"
}

// clientCertificate is the word of the summary; "" where it cannot be seen.
func (v *View) clientCertificate() string {
	switch {
	case v.Client.Message != nil && len(v.Client.Message.Entries) > 0:
		return "sent"
	case v.Client.Message != nil:
		return "none"
	case v.CR == nil && (v.Server.Message != nil || v.Mode == Resumed):
		return "not asked"
	}
	return ""
}

// roles say what is what for whom.
func (v *View) roles() (all []check.Link) {
	if v.NST != nil || v.Talk {
		return nil
	}
	for _, s := range v.Staples {
		if s.Item >= 0 {
			all = append(all, check.Link{Item: s.Item, Role: "staple", Entry: s.Entry + 1})
		}
	}
	const most = 16 // many connections can ask, and many certificates be at hand
	for _, k := range v.Candidates[:min(len(v.Candidates), most)] {
		all = append(all, check.Link{Item: k.Item, Role: "candidate"})
	}
	return all
}

// wants lists what would settle what is open.
func (v *View) wants(tree []report.Check) []report.Want {
	texts := map[string]report.Want{
		"key-log":            {Need: "key-log", Text: "the key log of this connection, which curl, browsers and others write where SSLKEYLOGFILE says", How: "openssl s_client -connect HOST:443 -keylogfile keys.log"},
		"ticket-key":         {Need: "ticket-key", Text: "the server's ticket key: the file that nginx names with ssl_session_ticket_key, HAProxy with tls-ticket-keys, Apache with SSLSessionTicketKeyFile", How: "openssl base64 -A -in /etc/nginx/ticket.key"},
		"session":            {Need: "session", Text: "the session of the client", How: "openssl s_client -sess_out session.pem"},
		"server-hello":       {Need: "server-hello", Text: "the server's answer", How: "openssl s_client -msg"},
		"first-hello":        {Need: "first-hello", Text: "the first ClientHello and the HelloRetryRequest that answers it", How: "openssl s_client -msg"},
		"new-session-ticket": {Need: "new-session-ticket", Text: "the NewSessionTicket that gave the ticket", How: "openssl s_client -msg of the connection before"},
		"candidate":          {Need: "candidate", Text: "the certificates that the client has: the PEM files that it is configured with"},
		"private-key":        {Need: "private-key", Text: "the private key of the client certificate: the PEM file beside it. It is compared and never shown"},
		"client-hello":       {Need: "client-hello", Text: "the ClientHello of this connection", How: "openssl s_client -msg"},
	}
	return check.Wants(tree, func(k *report.Check, need string) (report.Want, bool) {
		w, ok := texts[need]
		return w, ok && k.Status == report.Open
	})
}
