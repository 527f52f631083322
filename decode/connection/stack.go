package connection

import (
	"strconv"
	"strings"

	"derscope/decode/handshake"
)

// habit is how a program issues the tickets of TLS 1.3 unless it is told
// otherwise. It points to a program, and proves nothing.
type habit struct {
	name     string
	tickets  int // of a full handshake; 0: as many as it is told
	nonce    func(nonce []byte, i int) bool
	lifetime func(n uint64) bool
}

func counts(size int, first int) func([]byte, int) bool {
	return func(nonce []byte, i int) bool {
		if len(nonce) != size {
			return false
		}
		n := 0
		for _, c := range nonce[:size-1] {
			if c != 0 {
				return false
			}
		}
		n = int(nonce[size-1])
		return n == i+first
	}
}

func long(size int) func([]byte, int) bool {
	return func(nonce []byte, _ int) bool { return len(nonce) == size }
}

func lasts(list ...uint64) func(uint64) bool {
	return func(n uint64) bool {
		for _, one := range list {
			if n == one {
				return true
			}
		}
		return len(list) == 0
	}
}

// habits are those of the catalogue of layouts, §1.4, read in each program's
// source or seen with it.
var habits = []habit{
	{"OpenSSL", 2, counts(8, 0), lasts(7200)},
	{"BoringSSL", 2, counts(1, 0), lasts(172800)},
	{"Go", 1, long(0), lasts(604800)},
	{"GnuTLS", 2, long(4), lasts(21600)},
	{"NSS", 1, counts(2, 0), lasts(172800)},
	{"mbedTLS", 1, long(32), lasts()},
	{"wolfSSL", 1, long(1), lasts(300)},
	{"rustls", 2, long(32), lasts(43200, 86400)},
	{"s2n-tls", 1, counts(2, 0), func(n uint64) bool { return n <= 54000 }},
	{"picotls", 1, long(0), lasts()},
	{"fizz", 0, long(0), func(n uint64) bool { return n <= 3600 }},
	{"JSSE", 1, counts(1, 1), lasts(86400)},
}

// stacks names the programs whose habits the tickets of one connection have,
// those of which count, nonce and lifetime all fit first. index is the place of
// the first ticket in its connection; whole says that the list is all there
// were in a full handshake, so that their number counts.
func stacks(tickets []*handshake.NewSessionTicket, index int, whole bool) (fit []string) {
	if len(tickets) == 0 {
		return nil
	}
	var loose []string
	for _, h := range habits {
		nonce, time := true, true
		for i, n := range tickets {
			nonce = nonce && n.Nonce.OK && h.nonce(n.Nonce.Value, index+i)
			time = time && n.Lifetime.OK && h.lifetime(n.Lifetime.Value)
		}
		switch number := !whole || h.tickets == 0 || h.tickets == len(tickets); {
		case nonce && time && number:
			fit = append(fit, h.name)
		case nonce && (time || number):
			loose = append(loose, h.name)
		}
	}
	if fit == nil {
		return loose
	}
	return fit
}

// nonceHabit says in words what a nonce looks like.
func nonceHabit(nonce []byte) string {
	switch n := len(nonce); {
	case n == 0:
		return "empty"
	case n == 1 || strings.Trim(string(nonce[:n-1]), "\x00") == "":
		return "a counter of " + octetCount(n) + " that stands at " + strconv.Itoa(int(nonce[n-1]))
	default:
		return octetCount(n) + " without pattern"
	}
}
