package handshake

import "time"

// Side is who sent something.
type Side uint8

const (
	Unknown Side = iota
	Client
	Server
)

var sideNames = [...]string{"unknown side", "client", "server"}

func (s Side) String() string { return sideNames[s] }

// Other is the side at the other end.
func (s Side) Other() Side {
	switch s {
	case Client:
		return Server
	case Server:
		return Client
	}
	return Unknown
}

// Form is what a run of octets is.
type Form uint8

const (
	Found       Form = iota // not said: it is told by the octets
	Records                 // TLS records with their headers
	Messages                // handshake messages with their headers, without records
	Alerts                  // the two octets of alerts
	CipherSpec              // the one octet of change_cipher_spec
	Application             // application data, opened or closed
	Blocks                  // extensions with their headers, from some block that is not whole
	Datagrams               // DTLS records
	Header                  // the header of a ChangeCipherSpec, whose octet is not there
)

// Part is a run of octets that one side sent at one moment. Messages may go on
// from one part of a side to its next.
type Part struct {
	Off, Len  int // octets of the source
	From      Side
	Form      Form
	At        time.Time // zero: not known
	Protected bool      // it travelled encrypted and was opened
	Closed    bool      // it is still encrypted
	Gap       bool      // octets of this side are missing before it
	// Record is the place of the record that carried what was opened, counted
	// among the records of its side in the order of sending; -1 not known.
	Record int
}

// Transcript is what stands beside the octets of a handshake: the Given of its
// item. Parts lie one behind the other and cover the source, in order of time.
type Transcript struct {
	Parts          []Part
	Client, Server string // addresses; "" not known
	// Version is the one negotiated, where what carried the octets says so; 0
	// where the messages have to tell.
	Version uint16
	// Note says where it comes from, for people: «printed by s_client -msg».
	Note string
}
