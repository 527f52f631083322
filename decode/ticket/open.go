package ticket

import (
	"time"
)

// Status is how far a ticket could be opened.
type Status uint8

const (
	Sealed      Status = iota // no key was given
	NameUnknown               // keys were given, and none is of this name or opens it
	WrongMAC                  // a key of this name was given, and the MAC does not hold under it
	Unreadable                // the MAC holds, and no known state is inside
	Opened
)

var statusWords = [...]string{"sealed", "key name unknown", "wrong MAC", "state unreadable", "opened"}

// String is the status in words.
func (s Status) String() string { return statusWords[s] }

// Opening is what the keys make of a ticket.
type Opening struct {
	Status Status
	Layout *Layout // that a MAC proved; nil below Unreadable
	Key    *Key    // that fits, or the first whose name does; nil: none
	Order  Order   // of Key
	// Hint says that the MAC holds only as another program cuts the key file.
	Hint  string
	Plain []byte // the state, from Unreadable on
	// Session is the format of the state, as package session names it.
	Session string
	Parts   []Part // of Layout
	Weak    string // what is wrong with the key: «all zero»; "" if nothing
	Tried   []string
	// Skipped counts octets at the front and the end that had to be left out for
	// the MAC to hold.
	Front, Back int
	Step        int64  // of GnuTLS
	Why         string // of Unreadable
}

// Open tries every key, in every order, on every layout that fits.
func Open(t []byte, keys []Key, at time.Time) Opening {
	return Opening{}
}
