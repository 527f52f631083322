package connection

import (
	"strconv"
	"strings"

	"derscope/decode/handshake"
	"derscope/decode/suite"
)

// messageName is what the RFCs call a message.
func messageName(t uint8) string {
	if s := suite.HandshakeTypes[int(t)]; s != "" {
		return s
	}
	return "message of type " + strconv.Itoa(int(t))
}

// eventName names an event for people.
func eventName(e *handshake.Event) string {
	switch e.Kind {
	case handshake.Message:
		if b, ok := e.Body.(*handshake.ServerHello); ok && b.Retry {
			return "HelloRetryRequest"
		}
		return messageName(e.Type)
	case handshake.Alert:
		return "alert"
	case handshake.ChangeCipherSpec:
		return "ChangeCipherSpec"
	case handshake.ApplicationData:
		return "application data"
	case handshake.ClosedRecord:
		return "encrypted record"
	case handshake.ExtensionBlock:
		return "extensions"
	case handshake.Lost:
		return "missing octets"
	}
	return "record of type " + strconv.Itoa(int(e.Type))
}

// alertName is what the RFCs call an alert, with its number.
func alertName(n uint64) string {
	if s := suite.Alerts[int(n)]; s != "" {
		return s + " (" + strconv.FormatUint(n, 10) + ")"
	}
	return "alert " + strconv.FormatUint(n, 10)
}

// versionName writes a version with its number: 0x0302 (TLS 1.1).
func versionName(n uint16) string { return suite.Hex16(n) + " (" + suite.Version(n) + ")" }

// suiteName writes a suite with its number: TLS_AES_128_GCM_SHA256 (0x1301).
func suiteName(n uint16) string { return suite.Numbered(suite.Name(n), n) }

// extensionName writes a type of extension with its number: server_name (0).
func extensionName(t uint16) string {
	if s := suite.Extensions[int(t)]; s != "" {
		return s + " (" + strconv.Itoa(int(t)) + ")"
	}
	return "extension " + strconv.Itoa(int(t))
}

func itoa(n int) string { return strconv.Itoa(n) }

// upperFirst begins a sentence, unless with a word that is written as it is.
func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' || !word(s) {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// lowerFirst goes on with a sentence, unless with a name.
func lowerFirst(s string) string {
	if s == "" || s[0] < 'A' || s[0] > 'Z' || !word(s) {
		return s
	}
	return string(s[0]-'A'+'a') + s[1:]
}

// word says that a sentence begins with a word of the language, and not with a
// name such as ClientHello, TLS or status_request.
func word(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	for i := 1; i < len(first); i++ {
		if c := first[i]; (c < 'a' || c > 'z') && c != ',' && c != '\'' && c != '-' {
			return false
		}
	}
	return true
}

// differing shows where two runs of octets part: what each has from there on.
func differing(a, b []byte) (string, string) {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < 8 {
		return octetWords(a), octetWords(b)
	}
	show := func(b []byte) string {
		if n >= len(b) {
			return itoa(len(b)) + " octets"
		}
		return "…" + octetWords(b[n:min(n+8, len(b))]) + " from octet " + itoa(n) + " on"
	}
	return show(a), show(b)
}
