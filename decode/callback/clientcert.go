package callback

import "strconv"

// CertServer is how a server asks for a certificate.
type CertServer uint8

const (
	Optional  CertServer = iota // SSL_VERIFY_PEER
	Requiring                   // with SSL_VERIFY_FAIL_IF_NO_PEER_CERT
)

func (s CertServer) String() string {
	if s == Requiring {
		return "verify required"
	}
	return "verify optional"
}

// List is what the list of authorities says of the client's certificate.
type List uint8

const (
	AnyAuthority List = iota // the list is empty, of TLS 1.3 absent
	Matching
	NotMatching
)

func (l List) String() string { return [...]string{"empty list", "matching CA", "non-matching CA"}[l] }

// Answer is one answer of the client certificate callback. Certificate and Key
// say what it handed over; Mismatched, that they do not belong together; Unusable,
// that they can make no signature that the server takes.
type Answer struct {
	Value                int
	Certificate, Key     bool
	Mismatched, Unusable bool
}

// Answers that were measured.
var (
	Refuse   = Answer{}
	Give     = Answer{Value: 1, Certificate: true, Key: true}
	GiveNone = Answer{Value: 1}
	GiveHalf = Answer{Value: 1, Certificate: true}
	Wait     = Answer{Value: -1}
	Other    = Answer{Value: 7, Certificate: true, Key: true}
)

// sends says that the certificate is installed and sent: only for exactly 1.
func (a Answer) sends() bool {
	return a.Value == 1 && a.Certificate && a.Key && !a.Mismatched && !a.Unusable
}

// half says that the answer leaves an error on the queue.
func (a Answer) half() bool { return a.Value == 1 && (!a.Certificate || !a.Key || a.Mismatched) }

func (a Answer) String() string {
	switch {
	case a.Value == 1 && a.Certificate && a.Key:
		return "1+cert"
	case a.Value == 1 && a.Certificate:
		return "1 cert only"
	case a.Value == 1:
		return "1 no data"
	}
	return strconv.Itoa(a.Value)
}

// ClientCert is what the answers of the client certificate callback lead to, one
// for each time it is asked; without any there is no callback. After a negative
// answer it is asked again when the application calls again.
//
// The list of authorities changes nothing: the client does not look at it, and
// the server judges by its trust store.
func ClientCert(v Version, s CertServer, l List, answers ...Answer) Outcome {
	o := Outcome{Calls: len(answers), Sees: NotSeen}
	f := flow{version: v, request: true, calls: len(answers)}
	var last Answer
	for _, a := range answers {
		if last = a; a.Value < 0 {
			o.Suspensions++
		}
	}
	f.waits, f.sends = o.Suspensions, last.sends()
	switch {
	case last.Value < 0:
		o.End = Suspended
	case last.half() && v == TLS12:
		o.End, o.Reason, f.stopped = Stopped, "bad data returned by callback", true
		if last.Mismatched {
			o.Reason = "key values mismatch"
		}
	case !f.sends && s == Requiring:
		o.End, o.Alert, o.Reason = Aborted, Alert{40, Server, AfterClientDone}, "peer did not return a certificate"
		if v == TLS13 {
			o.Alert.Number = 116
		}
	default:
		o.Tickets = 1
		if v == TLS13 {
			o.Tickets = 2
		}
	}
	f.tickets, f.alert = o.Tickets, o.Alert
	o.Steps = f.steps()
	o.Row, o.Measured = clientCertRow(v, s, l, answers)
	return o
}

// clientCertRow is the key of the row, and whether there is one.
func clientCertRow(v Version, s CertServer, l List, answers []Answer) (string, bool) {
	said := "no cb"
	for i, a := range answers {
		if a.Mismatched || a.Unusable {
			return "", false
		}
		if i == 0 {
			said = a.String()
		} else {
			said += "," + a.String()
		}
	}
	switch said {
	case "no cb", "0", "1+cert", "1 no data", "1 cert only", "-1,-1,1+cert", "7":
	default:
		return "", false
	}
	if s == Optional && l == AnyAuthority {
		return "", false
	}
	return "client_cert/" + v.key() + "/" + s.String() + "/" + l.String() + "/" + said, true
}
