package cmpclient

import (
	"strings"
	"testing"

	"derscope/decode/cmp"
)

// good is an ir with its ip, confirmed.
func good() []Message {
	return []Message{ask1(cmp.IR, 1), reply(cmp.IP, 1, Response{Certificate: Certificate{Form: Plain, Subject: "/CN=ee"}}), ask1(cmp.CertConf, 2), reply(cmp.PKIConf, 2)}
}

// ask1 is a message of the client with a nonce.
func ask1(t cmp.Type, nonce byte) Message {
	return Message{Sent: true, Body: t, Version: 2, Directory: true, Algorithm: true, TransactionID: []byte{9}, SenderNonce: []byte{nonce}}
}

// reply is a message of the server that repeats a nonce.
func reply(t cmp.Type, nonce byte, r ...Response) Message {
	return Message{Body: t, Version: 2, Directory: true, Algorithm: true, TransactionID: []byte{9}, SenderNonce: []byte{nonce + 100}, RecipNonce: []byte{nonce}, Responses: r}
}

// told writes outcomes in a line each.
func told(list []Outcome) string {
	var s []string
	for _, o := range list {
		line := o.Returns
		for _, r := range o.Errors {
			line += "; " + r.Printed()
		}
		s = append(s, line)
	}
	return strings.Join(s, " | ")
}

func TestGoodEnrolment(t *testing.T) {
	for _, v := range Versions {
		if got := told(Run(good(), cmp.IR, v, Options{})); got != "certificate | 1" {
			t.Errorf("%s: %s", v, got)
		}
	}
}
