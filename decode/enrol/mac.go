package enrol

import (
	"derscope/decode/check"
	"derscope/decode/report"
	"derscope/decode/secret"
)

// Form says over which octets a protection was verified.
type Form int

const (
	AsReceived Form = iota
	Reencoded       // header and body in DER, where they came in BER
)

// MAC is what was found of the protection of a message by a MAC.
type MAC struct {
	Status report.Status // NoStatus: it is protected otherwise, or not at all
	Why    string        // with both values
	Secret int           // the exhibit that makes it, or -1
	Form   Form
	// Deviation names the mistake that the sender made where only a computation
	// other than the document's gives the value; "" if none.
	Deviation string
	// Limit says which bound of work kept it from being computed; "" if none did.
	Limit string
}

// MAC computes the protection with the secrets at hand. It depends on the
// switch «work» alone, and is remembered.
func (v *View) MAC(c *check.Context) *MAC { return &MAC{Secret: -1} }

// Authenticated says whether a secret makes the MAC of a message.
func Authenticated(c *check.Context, s *secret.Shared) secret.Tried { return secret.Tried{} }
