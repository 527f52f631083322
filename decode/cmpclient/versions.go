// Package cmpclient says what OpenSSL's CMP client returns for the messages of
// a transaction, call by call and version by version.
//
// The client is a state machine over plain facts of each message: it knows no
// octets and no nodes, so that tables can test it. What it is told of a message
// is gathered in facts.go; what its calls answer is written down in calls.go.
//
//	for _, call := range cmpclient.Calls(c, t) {
//		fmt.Println(call.Call, call.Version, call.Returns, call.Errors)
//	}
//
// It is the library that is followed, crypto/cmp of OpenSSL 3.0 to 4.1, in what
// it does and in the order in which it does it. Where a document wants another
// thing, packages enrol and transaction say so.
//
// Documents: RFC 9810, RFC 9483; the manual page OSSL_CMP_exec_certreq(3).
package cmpclient

// Version is a range of OpenSSL's releases whose clients answer alike.
type Version int

// The ranges, oldest first. Releases 3.6.0 and 3.6.1 are like 3.5.0.
const (
	V30 Version = iota
	V32
	V33
	V35
	V357
	V41
)

// releases are the first and the last release of each range.
var releases = [...][2]string{{"3.0", "3.1"}, {"3.2", "3.2"}, {"3.3", "3.4"}, {"3.5.0", "3.5.5"}, {"3.5.7", "3.6"}, {"4.1", "4.1"}}

// Versions are all ranges, oldest first.
var Versions = []Version{V30, V32, V33, V35, V357, V41}

// String names the releases: 3.3 – 3.4.
func (v Version) String() string { return span(v, v) }

// span names the releases from one range to another: 3.0 – 3.5.5.
func span(from, to Version) string {
	a, b := releases[from][0], releases[to][1]
	if from == V357 && to == V357 {
		return "3.5.7 and later"
	}
	if a == b {
		return a
	}
	return a + " – " + b
}

// delays says that an error with status waiting starts polling, whatever was
// asked, and that the final answer may repeat the nonce of the first request.
func (v Version) delays() bool { return v >= V33 }

// strictly says that the body of the answer must fit the request, that a wrong
// sender has a reason, and that «waiting» is not taken twice.
func (v Version) strictly() bool { return v >= V33 }

// cmp2021 says that messages of that version are taken.
func (v Version) cmp2021() bool { return v >= V32 }

// tells says that the reasons of nonces and transactionIDs name both values.
func (v Version) tells() bool { return v >= V32 }

// directory says that the sender must be a directoryName even if none is expected.
func (v Version) directory() bool { return v < V33 }

// states says that the context's status tells failed checks and refusals of the
// client apart from those of the transfer and of the server.
func (v Version) states() bool { return v >= V357 }

// timesAll says that the total time bounds requests that ask for no certificate, too.
func (v Version) timesAll() bool { return v >= V33 }

// generates says that a key made by the CA is looked for.
func (v Version) generates() bool { return v >= V35 }

// reserve is the time, in seconds, that is kept for the last poll.
func (v Version) reserve() int64 {
	if v < V33 {
		return 5
	}
	return 2
}
