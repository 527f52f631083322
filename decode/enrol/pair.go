package enrol

import (
	"bytes"

	"derscope/decode/cmp"
)

// pair finds out who sent each message of the transaction, and what it answers: the
// message whose senderNonce it repeats, or the last one that is not answered yet.
func (t *Transaction) pair() {
	nonces := map[string]*View{}
	for i, v := range t.Messages {
		v.In, v.Place = t, i
		if n := string(v.Header.SenderNonce.Value); n != "" && nonces[n] == nil {
			nonces[n] = v
		}
	}
	t.direct(nonces)
	for _, v := range t.Messages {
		m := nonces[string(v.Header.RecipNonce.Value)]
		if m == nil || m == v || m.From == v.From || v.Again != nil || v.Body.Type.Announces() {
			continue
		}
		v.Answers, v.Linked = m, true
		if m.Reply == nil {
			m.Reply = v
		}
	}
	var unanswered []*View // messages of the client
	var server *View       // the last message of the server
	for i, v := range t.Messages {
		switch {
		case v.Again != nil && v.Again.In == t:
			v.Answers, v.Linked = v.Again.Answers, v.Again.Linked
			continue
		case v.Body.Type.Announces():
			continue
		}
		switch v.From {
		case cmp.Client:
			if v.Answers == nil && !v.Body.Type.First() {
				v.Answers = server
			}
			unanswered = append(unanswered, v)
		case cmp.Server:
			server = v
			for len(unanswered) > 0 && unanswered[len(unanswered)-1].Reply != nil {
				unanswered = unanswered[:len(unanswered)-1]
			}
			switch {
			case v.Answers == nil && len(unanswered) > 0:
				v.Answers = unanswered[len(unanswered)-1]
				v.Answers.Reply = v
			case v.Answers != nil && i > 0 && t.Messages[i-1].From == cmp.Client && t.Messages[i-1].Reply == nil:
				t.Messages[i-1].Reply = v // a poll that the answer to the first request ends
			}
		}
	}
}

// direct says who sent the messages whose bodies tell too little: by the messages
// inside, by the nonce that they repeat, by their senders, by their neighbours.
func (t *Transaction) direct(nonces map[string]*View) {
	var client, server *View
	for _, v := range t.Messages {
		switch {
		case v.From == cmp.Client && client == nil:
			client = v
		case v.From == cmp.Server && server == nil:
			server = v
		}
	}
	for i, v := range t.Messages {
		m := nonces[string(v.Header.RecipNonce.Value)]
		if v.From != cmp.Either && !(v.Body.Type == cmp.PKIConf && t.confirmed(i, m)) {
			continue
		}
		v.From = cmp.Either
		switch {
		case v.Again != nil && v.Again.From != cmp.Either:
			v.From = v.Again.From
		case v.Core() != v && v.Core().From != cmp.Either:
			v.From = v.Core().From
		case len(v.Inner) > 0 && v.Inner[0].From != cmp.Either:
			v.From = v.Inner[0].From
		case m != nil && m != v && m.From != cmp.Either:
			v.From = other(m.From)
		case sender(v, client) && !sender(v, server):
			v.From = cmp.Client
		case sender(v, server) && !sender(v, client):
			v.From = cmp.Server
		case i > 0 && t.Messages[i-1].From != cmp.Either:
			v.From = other(t.Messages[i-1].From)
		case i+1 < len(t.Messages):
			v.From = other(t.Messages[i+1].From)
		}
	}
}

// confirmed says that the pkiconf at a place is the client's: it answers a message
// of the server, such as an error.
func (t *Transaction) confirmed(i int, m *View) bool {
	if m != nil {
		return m.From == cmp.Server
	}
	return cmp1999(t.Messages[i]) && i > 0 && t.Messages[i-1].From == cmp.Server
}

// cmp1999 says that a message is of the first version, where the client said pkiconf.
func cmp1999(v *View) bool {
	n, ok := v.Header.Version.Value.Int64()
	return ok && n == 1
}

func other(s cmp.Side) cmp.Side {
	switch s {
	case cmp.Client:
		return cmp.Server
	case cmp.Server:
		return cmp.Client
	}
	return cmp.Either
}

// sender says that two messages name the same one as their sender.
func sender(v, w *View) bool {
	if w == nil || v == w {
		return false
	}
	a, b := v.Header.Sender, w.Header.Sender
	return len(a.Name.RDNs) > 0 && bytes.Equal(a.Name.Raw, b.Name.Raw)
}
