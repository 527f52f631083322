package cmpclient

import (
	"bytes"
	"strconv"
	"strings"

	"derscope/decode/cmp"
)

// Message is what the client sees of a message, and of one that it sent itself.
type Message struct {
	Sent bool     // by the client
	Body cmp.Type // -1: none that is known
	Cut  string   // why it cannot be decoded; "" if it can

	// Readable is the first version that can decode it: older ones know no
	// EnvelopedData in the place of an EncryptedValue.
	Readable Version

	Version   int64 // pvno
	Directory bool  // the sender is a directoryName
	Sender    string
	Other     bool // a sender is expected, and it is not this one

	// Algorithm says that protectionAlg is there, Protection why the protection
	// does not hold: nothing where it does. Again is why it does not for versions
	// that check the path of a signer once more that they remember; nothing where
	// it is the same. Unproved says why it cannot be told with what is at hand: it
	// is taken to hold.
	Algorithm         bool
	Protection, Again []Reason
	Unproved          string
	// Since is the first version that can verify the signature; before it the
	// reasons are those of Older.
	Since Version
	Older []Reason

	TransactionID, SenderNonce, RecipNonce []byte // nil: absent
	Implicit                               bool   // implicitConfirm stands in the header
	At                                     int64  // messageTime in seconds; 0: it says none

	Responses []Response // ip cp kup
	Status    Status     // error
	Code      string     // error: errorCode as eight hexadecimal digits; "" if absent
	Details   []string   // error
	Revoked   Revoked    // rp
	Waits     []Wait     // pollRep
	Asked     []string   // genm: types of information
	Infos     []Info     // genp
}

// Status is a PKIStatusInfo.
type Status struct {
	Value cmp.Status
	Bits  []int // of failInfo
	Texts []string
}

// Response is a CertResponse.
type Response struct {
	ID     int64
	Status Status
	Certificate
}

// Wait is an element of a pollRep.
type Wait struct {
	ID, CheckAfter int64
	Wide           bool // checkAfter is not an integer of 64 bits
}

// Reason is an entry of OpenSSL's stack of errors.
type Reason struct {
	Name string // CMP_R_WRONG_PBM_VALUE
	Data string // "" if it has none
}

// String writes the name, and the data behind it.
func (r Reason) String() string {
	if r.Data == "" {
		return r.Name
	}
	return r.Name + ": " + r.Data
}

// Printed is how programs print it: wrong pbm value.
func (r Reason) Printed() string {
	_, name, _ := strings.Cut(r.Name, "_R_")
	return strings.ReplaceAll(strings.ToLower(name), "_", " ")
}

// The states of a context that are no PKIStatus.
const (
	byClient    = -5 // rejected_by_client
	checking    = -4 // checking_response
	requesting  = -3
	transferred = -2 // trans: sent, and nothing known yet
	unspecified = -1
)

// client is the context of a client, and the recorded messages that it meets.
type client struct {
	version Version
	options Options
	script  []Message // what was not met yet
	status  int
	bits    []int // failInfo
	texts   []string

	// transactionID and senderNonce are what answers must repeat; delayed is the
	// nonce of a request whose answer is waited for. Nil: not known, or none.
	transactionID, senderNonce, delayed []byte
	end                                 int64 // when the total time is used up; 0: no bound
	now                                 int64

	errors  []Reason
	last    *Message // that was received
	polls   bool     // it was told to wait where it polled already
	assumed string   // what was taken to hold without proof
	sends   []string
	other   cmp.Type // where the record goes on with another message of the client
	open    string   // what it waits for, where the record ends
	got     string   // the certificate's subject
	refuses string   // why it refuses the certificate; "" if it does not
}

// raise puts a reason on the stack.
func (c *client) raise(name, data string) { c.errors = append(c.errors, Reason{name, clip(data)}) }

// add appends to the data of the last reason.
func (c *client) add(data string) {
	if n := len(c.errors); n > 0 {
		c.errors[n-1].Data = clip(c.errors[n-1].Data + data)
	}
}

// clip bounds the data of a reason: OpenSSL's, too, is bounded.
func clip(data string) string {
	if len(data) <= room {
		return data
	}
	return strings.ToValidUTF8(data[:room], "") + "…"
}

const room = 1 << 12

// exchange sends a message and gives the recorded answer, or nil where the
// record ends or goes on otherwise than this client would.
func (c *client) exchange(t cmp.Type) *Message {
	c.senderNonce = nil
	for len(c.script) > 0 && c.script[0].Sent {
		if c.script[0].Body != t {
			c.other = c.script[0].Body
			return nil
		}
		m := c.script[0]
		c.script, c.senderNonce = c.script[1:], m.SenderNonce
		if c.transactionID == nil {
			c.transactionID = m.TransactionID
		}
		c.now = max(c.now, m.At)
	}
	if len(c.script) == 0 {
		return nil
	}
	m := &c.script[0]
	c.script = c.script[1:]
	c.now = max(c.now, m.At)
	return m
}

// receive sends a message, and checks what comes back as far as that is the same
// for all of them. Nil: it failed, or the record ends.
func (c *client) receive(sent, expected cmp.Type) *Message {
	first := expected != cmp.PollRep && expected != cmp.PKIConf
	if c.options.TotalTimeout > 0 && first && c.now == 0 && len(c.script) > 0 {
		c.now = c.script[0].At
	}
	if n := len(c.script); c.options.TotalTimeout > 0 && n > 0 && c.script[0].Sent {
		c.now = max(c.now, c.script[0].At)
	}
	bounded := c.options.TotalTimeout > 0 && (c.version.timesAll() || expected != cmp.RP && expected != cmp.GenP)
	if bounded {
		if first {
			c.end = c.now + c.options.TotalTimeout
		}
		if c.now >= c.end {
			c.raise("CMP_R_TOTAL_TIMEOUT", "")
			return nil
		}
	}
	if c.version.states() {
		c.status = transferred
	}
	c.sends = append(c.sends, sent.String())
	m := c.exchange(sent)
	if m == nil {
		c.open = "the answer to its " + sent.String()
		return nil
	}
	c.last = m
	if m.Cut != "" || c.version < m.Readable { // the reasons of the decoder stand before this one
		c.raise("CMP_R_TRANSFER_ERROR", "request sent: "+printedType(sent)+", expected response: "+printedType(expected))
		return nil
	}
	if c.version.states() {
		c.status = checking
	}
	if !c.check(m) {
		return nil
	}
	switch {
	case m.Body == expected:
		return m
	case expected == cmp.PollRep && c.version.delays():
		if m.Body != cmp.Error || m.Status.Value == cmp.Waiting {
			return m
		}
	case expected == cmp.PollRep:
		if m.Body.Replies() && m.Body != cmp.CCP {
			return m
		}
	case m.delayed() && c.version.delays():
		return m
	}
	c.unexpected(m)
	return nil
}

// delayed says that the message is an error that promises the answer for later.
func (m *Message) delayed() bool { return m.Body == cmp.Error && m.Status.Value == cmp.Waiting }

// check checks header and protection, and learns from the header.
func (c *client) check(m *Message) bool {
	if (c.options.ExpectSender || c.version.directory()) && !m.Directory {
		c.raise("CMP_R_SENDER_GENERALNAME_TYPE_NOT_SUPPORTED", "")
		return false
	}
	if m.Other {
		if c.version.strictly() { // older ones fail without a word
			c.raise("CMP_R_UNEXPECTED_SENDER", m.Sender)
		}
		return false
	}
	if !c.protected(m) {
		return false
	}
	switch {
	case m.Version != 2 && !(m.Version == 3 && c.version.cmp2021()):
		c.raise("CMP_R_UNEXPECTED_PVNO", "")
	case m.Body < 0:
		c.raise("CMP_R_PKIBODY_ERROR", "")
	case c.transactionID != nil && !bytes.Equal(c.transactionID, m.TransactionID):
		c.raise("CMP_R_TRANSACTIONID_UNMATCHED", c.both(c.transactionID, m.TransactionID))
	case !c.nonce(m):
		c.raise("CMP_R_RECIPNONCE_UNMATCHED", c.both(c.senderNonce, m.RecipNonce))
		if c.version.delays() && c.delayed != nil && m.Body != cmp.PollRep {
			c.raise("CMP_R_RECIPNONCE_UNMATCHED", c.both(c.delayed, m.RecipNonce))
		}
	default:
		if c.transactionID == nil {
			c.transactionID = m.TransactionID
		}
		return true
	}
	return false
}

// nonce says that the answer repeats the nonce of the last request, or of the
// one whose answer was waited for. A request that is not at hand is not compared.
func (c *client) nonce(m *Message) bool {
	if c.senderNonce == nil || bytes.Equal(c.senderNonce, m.RecipNonce) {
		return true
	}
	return c.version.delays() && c.delayed != nil && m.Body != cmp.PollRep && bytes.Equal(c.delayed, m.RecipNonce)
}

// both is the data text of two values that differ.
func (c *client) both(want, have []byte) string {
	if !c.version.tells() {
		return ""
	}
	return "expected = " + octets(want) + ", actual = " + octets(have)
}

// octets writes a string of octets as OpenSSL does: 01:AB; (none) if it is absent.
func octets(b []byte) string {
	if b == nil {
		return "(none)"
	}
	const digits = "0123456789ABCDEF"
	var s strings.Builder
	for i, o := range b {
		if i > 0 {
			s.WriteByte(':')
		}
		s.WriteByte(digits[o>>4])
		s.WriteByte(digits[o&15])
	}
	return s.String()
}

// unexpected says why a body is not the one that was waited for.
func (c *client) unexpected(m *Message) {
	if m.Body != cmp.Error {
		c.raise("CMP_R_UNEXPECTED_PKIBODY", "message type is '"+printedType(m.Body)+"'")
		return
	}
	c.raise("CMP_R_RECEIVED_ERROR", "")
	if c.save(m.Status) {
		c.addStatus()
	}
	if m.Code != "" {
		c.add("; errorCode: " + m.Code)
	}
	if len(m.Details) > 0 {
		c.add("; errorDetails: " + strings.Join(m.Details, ", "))
	}
	if c.status != int(cmp.Rejection) {
		c.raise("CMP_R_UNEXPECTED_PKISTATUS", "")
		if c.status == int(cmp.Waiting) {
			c.status = int(cmp.Rejection)
		}
	}
}

// save keeps a status in the context.
func (c *client) save(s Status) bool {
	c.status = int(s.Value)
	if s.Value < 0 {
		return false
	}
	c.bits, c.texts = nil, s.Texts
	for _, b := range s.Bits {
		if b <= 26 { // it knows no further ones
			c.bits = append(c.bits, b)
		}
	}
	return true
}

// printed are the words of each status.
var printed = [...]string{"accepted", "granted with modifications", "rejection", "waiting",
	"revocation warning - a revocation of the cert is imminent", "revocation notification - a revocation of the cert has occurred",
	"key update warning - update already done for the cert"}

// addStatus appends the status of the context to the last reason. One that is
// not defined has a reason of its own, which gets what else is to be said.
func (c *client) addStatus() {
	if c.status >= len(printed) {
		c.raise("CMP_R_ERROR_PARSING_PKISTATUS", "PKIStatus: invalid="+strconv.Itoa(c.status))
		return
	}
	c.add(c.printStatus())
}

// printStatus writes the status of the context; "" where it is none of a server.
func (c *client) printStatus() string {
	if c.status < 0 || c.status >= len(printed) {
		return ""
	}
	s := "PKIStatus: " + printed[c.status]
	for i, b := range c.bits {
		if i == 0 {
			s += "; PKIFailureInfo: "
		} else {
			s += ", "
		}
		s += cmp.FailureName(b)
	}
	if len(c.bits) == 0 && c.status > int(cmp.GrantedWithMods) {
		s += "; <no failure info>"
	}
	for i, t := range c.texts {
		switch {
		case i > 0:
			s += ", "
		case len(c.texts) > 1:
			s += "; StatusStrings: "
		default:
			s += "; StatusString: "
		}
		s += `"` + t + `"`
	}
	return s
}

// printedType is how OpenSSL names a body: CERTCONF.
func printedType(t cmp.Type) string {
	if !t.Known() {
		return "illegal body type"
	}
	return strings.ToUpper(t.String())
}

// seconds writes a time to wait.
func seconds(n int64) string { return strconv.FormatInt(n, 10) + " s" }
