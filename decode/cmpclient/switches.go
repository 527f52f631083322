package cmpclient

import (
	"strconv"

	"derscope/decode/check"
)

// Options are what an application tells the client beside secrets, keys and
// certificates.
type Options struct {
	UnprotectedErrors bool
	DisableConfirm    bool
	TotalTimeout      int64 // seconds; 0: none
	ExpectSender      bool  // a sender is expected: by name, or with a pinned certificate
}

// Switch is one thing that a user can say of the client.
type Switch struct {
	Name    string // in check.Context.Set
	Kind    string // yes, seconds or name
	Default string
	Option  string // of openssl cmp
	Title   string
}

// Switches are all of them. That implicit confirmation is asked for is none: the
// client goes by the answer, asked for or not.
var Switches = []Switch{
	{"unprotectedErrors", "yes", "no", "-unprotected_errors", "Take errors, rejections and confirmations without protection"},
	{"disableConfirm", "yes", "no", "-disable_confirm", "Send no certConf"},
	{"totalTimeout", "seconds", "0", "-total_timeout", "End after this time, polling included; 0 waits as long as it takes"},
	{"expectedSender", "name", "", "-expect_sender", "Take answers of this sender alone"},
	{"ignoreKeyUsage", "yes", "no", "-ignore_keyusage", "Take signers whose keyUsage lacks digitalSignature"},
	{"permitTAInExtraCertsForIR", "yes", "no", "", "Take a root from the extraCerts of an ip (3GPP TS 33.310)"},
}

// options are what the switches say.
func options(c *check.Context) Options {
	o := Options{UnprotectedErrors: c.On("unprotectedErrors"), DisableConfirm: c.On("disableConfirm"), ExpectSender: c.Set["expectedSender"] != ""}
	if n, err := strconv.ParseInt(c.Set["totalTimeout"], 10, 32); err == nil && n > 0 {
		o.TotalTimeout = n
	}
	return o
}
