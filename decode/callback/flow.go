package callback

import "strconv"

// flow is a handshake to be written down: which messages pass, where callbacks
// run, and where it ends. ChangeCipherSpec is left out.
type flow struct {
	version Version
	resumed bool
	decrypt bool // the ticket callback runs
	staple  bool // the server sends an OCSP response
	status  bool // the client's status callback runs
	request bool // the server asks for a certificate
	calls   int  // of the client certificate callback
	waits   int  // of those, how many suspend
	sends   bool // the client sends a certificate
	tickets int
	alert   Alert
	stopped bool // nothing is looked at after the client's Finished
}

// steps are the messages and calls in order.
func (f *flow) steps() []Step {
	w := &writer{}
	w.add(Client, "CH")
	if f.decrypt {
		w.call("dec_cb")
	}
	if w.alert(f, InsteadOfHello) {
		return w.list
	}
	w.add(Server, "SH")
	if f.version == TLS13 {
		f.newer(w)
	} else {
		f.older(w)
	}
	return w.list
}

// newer is the rest of a handshake of TLS 1.3.
func (f *flow) newer(w *writer) {
	w.add(Server, "EE")
	if !f.resumed {
		if f.request {
			w.add(Server, "CR")
		}
		w.add(Server, "Cert", "CV")
		if f.suspended(w) {
			return
		}
	}
	w.add(Server, "Fin")
	if f.status {
		w.call("status_cb")
	}
	if w.alert(f, AfterServer) {
		return
	}
	f.certificate(w)
	if f.sends {
		w.add(Client, "CV")
	}
	w.add(Client, "Fin")
	if f.stopped || w.alert(f, AfterClientDone) {
		return
	}
	for range f.tickets {
		w.add(Server, "NST")
	}
}

// older is the rest of a handshake of TLS 1.2 and before.
func (f *flow) older(w *writer) {
	if f.resumed {
		for range f.tickets {
			w.add(Server, "NST")
		}
		w.add(Server, "Fin")
		w.add(Client, "Fin")
		return
	}
	w.add(Server, "Cert")
	if f.staple {
		w.add(Server, "CStatus")
	}
	w.add(Server, "SKE")
	if f.request {
		w.add(Server, "CR")
	}
	if f.suspended(w) {
		return
	}
	w.add(Server, "SHD")
	if f.status {
		w.call("status_cb")
	}
	if w.alert(f, AfterServer) {
		return
	}
	f.certificate(w)
	w.add(Client, "CKE")
	if f.sends {
		w.add(Client, "CV")
	}
	w.add(Client, "Fin")
	if f.stopped || w.alert(f, AfterClientDone) {
		return
	}
	for range f.tickets {
		w.add(Server, "NST")
	}
	w.add(Server, "Fin")
}

// suspended writes the calls of the client certificate callback, and says
// whether the last of them stopped the handshake.
func (f *flow) suspended(w *writer) bool {
	for i := range f.calls {
		w.call("cert_cb")
		if i < f.waits {
			w.call("suspended")
		}
	}
	return f.calls > 0 && f.waits == f.calls
}

func (f *flow) certificate(w *writer) {
	switch {
	case f.sends:
		w.add(Client, "Cert")
	case f.request:
		w.add(Client, EmptyCertificate)
	}
}

type writer struct{ list []Step }

func (w *writer) add(from Side, messages ...string) {
	for _, m := range messages {
		w.list = append(w.list, Step{from, m})
	}
}

func (w *writer) call(what string) { w.list = append(w.list, Step{0, "[" + what + "]"}) }

// alert writes the alert if it stands at this place.
func (w *writer) alert(f *flow, at Place) bool {
	if f.alert.Number == 0 || f.alert.Place != at {
		return false
	}
	w.add(f.alert.From, "ALERT(2,"+strconv.Itoa(int(f.alert.Number))+")")
	return true
}
