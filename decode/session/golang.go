package session

import (
	"time"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/spec"
	"derscope/decode/suite"
)

// Go's crypto/tls: SessionState.Bytes of Go 1.21 and later, which is also what
// stands in its tickets, and the two ticket states of elder releases.
//
// Source: crypto/tls/ticket.go of Go 1.19 to 1.26.

func isGo(b []byte) bool { return startsVersion(b) && len(b) > 13 && (b[2] == 1 || b[2] == 2) }

// readGo reads SessionState.
func readGo(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("crypto/tls/ticket.go", "")))
	d.since("Go 1.21")
	d.protocol(r)
	side := r.Uint("type", 1, map[int]string{1: "server", 2: "client"})
	d.want(!side.OK || side.Value == 1 || side.Value == 2, "the type is neither server nor client")
	d.ClientSide = answerOf(side.Value == 2)
	d.cipher(r)
	d.Created = d.clock(r, "created_at", 8, time.Second)
	d.Original = !d.TLS13()
	label, kind := d.secretLabel()
	d.secret(r, r.Opaque(label, 1), kind)
	d.sized()
	r.Vector("extra", 3, func(r *field.Reader) {
		for !r.Empty() && !r.Quiet() {
			f := r.Opaque("application_data", 3)
			words(r, f)
			if !d.AppData.OK {
				d.AppData = f
			}
		}
	})
	d.ems(r)
	early := d.boolean(r, "early_data")
	d.certificateEntries(r)
	r.Vector("verified_chains", 3, func(r *field.Reader) {
		for !r.Empty() && !r.Quiet() {
			r.Vector("chain", 3, func(r *field.Reader) {
				for !r.Empty() && !r.Quiet() {
					f := r.Opaque("certificate", 3)
					d.want(!f.OK || isSequence(f.Value), "a certificate does not begin like one")
					r.PieceInside("certificate", f.Ref, nil)
				}
			})
		}
	})
	if early.Value {
		d.ALPN = alpn(r, r.Opaque("alpn", 1))
	}
	switch {
	case side.Value == 2 && d.TLS13():
		d.Expires = d.clock(r, "use_by", 8, time.Second)
		d.AgeAdd = narrow32(r.Uint("ticket_age_add", 4, nil))
	case !d.TLS13() && !r.Empty():
		d.since("Go 1.25")
		d.Group = narrow(r.Uint("group", 2, nil))
		r.Show(d.Group.Ref, suite.Label(suite.Groups, d.Group.Value))
	case !d.TLS13():
		d.until("Go 1.24")
	}
}

// certificateEntries reads a list in the form of TLS 1.3, whose first entry
// may carry a staple.
func (d *draft) certificateEntries(r *field.Reader) {
	r.Vector("certificate_list", 3, func(r *field.Reader) {
		for !r.Empty() && !r.Quiet() {
			d.certificate(r, r.Opaque("certificate", 3))
			r.Vector("extensions", 2, func(r *field.Reader) {
				for !r.Empty() && !r.Quiet() {
					d.certificateExtension(r)
				}
			})
		}
	})
}

func (d *draft) certificateExtension(r *field.Reader) {
	id := r.Uint("extension_type", 2, suite.Extensions)
	if id.Value != 5 {
		r.Opaque("extension_data", 2)
		return
	}
	r.Vector("extension_data", 2, func(r *field.Reader) {
		kind := r.Uint("status_type", 1, suite.StatusTypes)
		d.want(!kind.OK || kind.Value == 1, "the staple is of an unknown type")
		d.staple(r, r.Opaque("ocsp_response", 3))
	})
}

// isOldGo: TLS 1.3 has a revision of 0 where others have their suite.
func isOldGo(b []byte) bool {
	return startsVersion(b) && len(b) > 20 && (b[1] != 4 || b[2] == 0)
}

// readOldGo reads the ticket states of Go 1.20 and earlier.
func readOldGo(r *field.Reader, d *draft) {
	defer r.Cite(r.Cite(spec.Doc("crypto/tls/ticket.go", "")))
	d.until("Go 1.20")
	d.ClientSide = No
	d.protocol(r)
	if !d.TLS13() {
		d.cipher(r)
		d.Created = d.clock(r, "created_at", 8, time.Second)
		d.Original = true
		d.secret(r, r.Opaque("main_secret", 2), Main)
		d.sized()
		d.certificates(r, "certificate_list", 3)
		return
	}
	revision := r.Uint("revision", 1, nil)
	d.want(revision.Value == 0, "the revision is not 0")
	d.cipher(r)
	d.Created = d.clock(r, "created_at", 8, time.Second)
	d.secret(r, r.Opaque("resumption_secret", 1), Resumption)
	d.sized()
	d.Nonce = field.Field[[]byte]{Ref: report.None, OK: true} // always empty
	d.certificateEntries(r)
}
