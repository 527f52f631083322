package web

import (
	"encoding/base64"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// What stands behind the # of the address says what the page opens, and its
// key says how: this is the one place that tells keys apart. A link is read at
// the start of the page and whenever the fragment changes; the page itself
// writes no fragment, so that the history of the browser holds nothing that
// its user did not ask for.
//
//	#v1=…    a link of Share, compressed: see link.go
//	#r1=…    the same without compression, from browsers that have none
//	#example=ocsp/expired   an example by its name: see lesson.go
//
// A fragment without a key is a place on the page.

const (
	keyDeflated = "v1"
	keyRaw      = "r1"
	keyExample  = "example"
)

// mostInflated bounds what a link may unpack to: whoever made it may mean harm.
const mostInflated = 64 << 20

// Why a link does not open. All but the last befall links in mail.
const (
	linkOdd     = "The link is damaged: «%» cannot stand in it."
	linkCut     = "The link is damaged: it was cut short or changed on its way, and cannot be unpacked."
	linkChanged = "The link is damaged: what it holds is not what was packed into it."
	linkNewer   = "The link was made by a later version of derscope than this one. Reload the page, or open the link where it was made."
	linkHuge    = "The link unpacks to more than 64 MiB, which no link of derscope does."
	linkBrowser = "This browser cannot unpack the link. Open it in a current version of Firefox, Chrome, Edge or Safari."
)

// readFragment opens what the address asks for.
func (s *state) readFragment() {
	_, fragment, _ := strings.Cut(app.Window().Get("location").Get("href").String(), "#")
	key, value, ok := keyed(fragment)
	if !ok {
		return
	}
	switch key {
	case keyDeflated, keyRaw:
		s.openLink(key, value)
	case keyExample:
		s.openNamed(value)
	default:
		if newer(key) {
			s.refuse(linkNewer)
		}
	}
}

// keyed takes a fragment apart. Programs that carry links sometimes write =
// as %3D.
func keyed(fragment string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(fragment, "=")
	if !ok {
		key, value, ok = strings.Cut(fragment, "%3D")
	}
	return key, value, ok
}

// newer says whether a key is that of a form of links to come.
func newer(key string) bool {
	digits, ok := strings.CutPrefix(key, "v")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// openLink unpacks a link and shows what is in it.
func (s *state) openLink(key, text string) {
	s.arrived.read++
	n := s.arrived.read
	b, fault := linkOctets(text)
	if fault != "" {
		s.refuse(fault)
		return
	}
	if key == keyRaw {
		s.opened(b)
		return
	}
	inflate(b, mostInflated, func(b []byte, err error) {
		s.draw(func() {
			switch {
			case n != s.arrived.read: // another link was opened meanwhile
			case err == errTooLarge:
				s.refuse(linkHuge)
			case err != nil && !deflates():
				s.refuse(linkBrowser)
			case err != nil:
				s.refuse(linkCut)
			default:
				s.opened(b)
			}
		})
	})
}

func (s *state) opened(packed []byte) {
	l, err := unpackLink(packed)
	if err != nil {
		s.refuse(linkChanged)
		return
	}
	s.arrive(l)
}

// linkOctets reads base64url (RFC 4648, section 5). Where a link stood in a
// sentence, its full stop or bracket often comes along.
func linkOctets(text string) (b []byte, fault string) {
	text = strings.TrimRight(text, "=.,;:!?)>]}\"'*")
	b, err := base64.RawURLEncoding.DecodeString(text)
	if at, ok := err.(base64.CorruptInputError); ok {
		if int(at) < len(text) {
			if c := text[at]; strings.IndexByte(base64url, c) < 0 {
				return nil, strings.Replace(linkOdd, "%", text[at:at+1], 1)
			}
		}
		return nil, linkCut
	}
	return b, ""
}

const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// address is where the page lies, without a fragment.
func address() string {
	at, _, _ := strings.Cut(app.Window().Get("location").Get("href").String(), "#")
	return at
}

// leaveFragment takes the link out of the address, so that a reload does not
// open it again.
func leaveFragment() {
	_, fragment, _ := strings.Cut(app.Window().Get("location").Get("href").String(), "#")
	if _, _, ok := keyed(fragment); ok {
		app.Window().Get("history").Call("replaceState", nil, "", address())
	}
}
