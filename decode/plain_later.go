//go:build !first

package decode

import (
	"bytes"
	"strings"
)

// instead says what to give in place of octets or text that were not recognised,
// or "": people paste what their tools print of TLS, and not all of it has the
// octets in it.
func instead(b []byte, text bool) string {
	if !text {
		if packet(b) {
			return "It begins as a packet of the network does, with the headers of IP and TCP. Save the recording as a file (tcpdump -w, or Wireshark's «Save As») and give that; or give the octets of TLS alone, from 16 03 on."
		}
		return ""
	}
	s := string(b[:min(len(b), 1<<16)])
	switch {
	case strings.Contains(s, "|<") && (strings.Contains(s, "HSK[0x") || strings.Contains(s, "REC[0x")):
		return "It is the log of a program with GnuTLS: it names the messages, and does not hold them. Record the connection with tcpdump -w, with SSLKEYLOGFILE set, and give both files."
	case strings.Contains(s, "Sent Record\nHeader:") || strings.Contains(s, "Received Record\nHeader:"):
		return "It is printed by openssl with -trace: words, and not the octets of the messages. Use -msg instead."
	case strings.Contains(s, "TLS handshake, Client hello (1)"):
		return "It is printed by curl -v: it names the messages, and does not hold them. Use openssl s_client -msg, or record the connection with tcpdump -w, with SSLKEYLOGFILE set."
	}
	return ""
}

// packet says that octets begin with the headers of IP and TCP, or those of
// Ethernet before them.
func packet(b []byte) bool {
	for _, link := range []int{0, 14, 16} {
		if len(b) < link+40 {
			return false
		}
		ip := b[link:]
		switch {
		case link > 0 && !bytes.Equal(b[link-2:link], []byte{8, 0}) && !bytes.Equal(b[link-2:link], []byte{0x86, 0xdd}):
		case ip[0]>>4 == 4 && ip[0]&15 >= 5 && ip[9] == 6, ip[0]>>4 == 6 && ip[6] == 6 && len(ip) >= 60:
			return true
		}
	}
	return false
}
