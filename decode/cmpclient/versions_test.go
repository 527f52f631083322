package cmpclient

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"derscope/decode/cmp"
)

// answer is a reply with a status of its first element.
func answer(t cmp.Type, nonce byte, s cmp.Status) Message {
	m := reply(t, nonce)
	switch {
	case t == cmp.Error:
		m.Status.Value = s
	case t == cmp.RP:
		m.Revoked = Revoked{Statuses: []Status{{Value: s}}, Issuer: true, Serial: true, CRLs: -1}
	default:
		m.Responses = []Response{{Status: Status{Value: s}, Certificate: Certificate{Form: Plain, Subject: "/CN=ee"}}}
	}
	return m
}

// polled is an ir that is told to wait, and what comes for its pollReq.
func polled(m ...Message) []Message {
	return append([]Message{ask1(cmp.IR, 1), waits(1), ask1(cmp.PollReq, 2)}, m...)
}

// confirmed has the last answer confirmed.
func confirmed(m []Message) []Message {
	return append(m, ask1(cmp.CertConf, 7), reply(cmp.PKIConf, 7))
}

// Each row is what the call that does all at once returns, by version: the last of
// a row holds for all later ones.
func TestVersionsDiffer(t *testing.T) {
	refuse := func(m Message) Message {
		m.Responses[0].Other = true
		return m
	}
	for _, k := range []struct {
		name    string
		request cmp.Type
		options Options
		script  []Message
		want    string // 3.0, 3.2, 3.3, 3.5, 3.5.7, 4.1: parted by slashes
	}{
		{"good", cmp.IR, Options{}, good(), "certificate 0"},
		{"version 3", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Version = 3 })}),
			"NULL -2 unexpected pvno/certificate 0"},
		{"version 1", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Version = 1 })},
			"NULL -2 unexpected pvno/NULL -2 unexpected pvno/NULL -2 unexpected pvno/NULL -2 unexpected pvno/NULL -4 unexpected pvno"},
		{"another sender", cmp.IR, Options{ExpectSender: true}, []Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Other = true })},
			"NULL -2/NULL -2/NULL -2 unexpected sender/NULL -2 unexpected sender/NULL -4 unexpected sender"},
		{"no directoryName", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Directory = false })}),
			"NULL -2 sender generalname type not supported/NULL -2 sender generalname type not supported/certificate 0"},
		{"no directoryName, one expected", cmp.IR, Options{ExpectSender: true}, []Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Directory = false })},
			"NULL -2 sender generalname type not supported/NULL -2 sender generalname type not supported/NULL -2 sender generalname type not supported/NULL -2 sender generalname type not supported/NULL -4 sender generalname type not supported"},
		{"error that waits", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), late(1), ask1(cmp.PollReq, 2), issued(2)}),
			"NULL 2 received error, unexpected pkistatus/NULL 2 received error, unexpected pkistatus/certificate 0"},
		{"error that waits, for rr", cmp.RR, Options{}, []Message{ask1(cmp.RR, 1), late(1), ask1(cmp.PollReq, 2), answer(cmp.RP, 2, 0)},
			"0 2 received error, unexpected pkistatus/0 2 received error, unexpected pkistatus/1 0"},
		{"final answer with the nonce of the request", cmp.IR, Options{}, confirmed(polled(issued(1))),
			"NULL 3 recipnonce unmatched, polling failed/NULL 3 recipnonce unmatched, polling failed/certificate 0"},
		{"pollRep with the nonce of the request", cmp.IR, Options{}, polled(after(1, 1)),
			"NULL 3 recipnonce unmatched, polling failed/NULL 3 recipnonce unmatched, polling failed/NULL 3 recipnonce unmatched, polling failed/NULL 3 recipnonce unmatched, polling failed/NULL -4 recipnonce unmatched, polling failed"},
		{"waits twice", cmp.IR, Options{}, confirmed(polled(waits(2), ask1(cmp.PollReq, 3), issued(3))),
			"certificate 0/certificate 0/NULL 3 unexpected pkistatus, polling failed/NULL 3 unexpected pkistatus, polling failed/NULL -5 unexpected pkistatus, polling failed"},
		{"cp behind a poll", cmp.IR, Options{}, confirmed(polled(answer(cmp.CP, 2, 0))),
			"certificate 0/certificate 0/NULL 0 unexpected pkibody"},
		{"rp behind a poll", cmp.IR, Options{}, polled(answer(cmp.RP, 2, 0)),
			"NULL 3 unexpected pkibody, polling failed/NULL 3 unexpected pkibody, polling failed/NULL 3 unexpected pkibody"},
		{"error behind a poll", cmp.IR, Options{}, polled(answer(cmp.Error, 2, cmp.Rejection)), "NULL 2 received error, polling failed"},
		{"cp for ir", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), answer(cmp.CP, 1, 0)},
			"NULL -2 unexpected pkibody/NULL -2 unexpected pkibody/NULL -2 unexpected pkibody/NULL -2 unexpected pkibody/NULL -4 unexpected pkibody"},
		{"refused by the client", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), refuse(issued(1))}),
			"NULL 2 certificate not accepted/NULL 2 certificate not accepted/NULL 2 certificate not accepted/NULL 2 certificate not accepted/NULL -5 certificate not accepted"},
		{"refused, and confirmed implicitly", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), with(refuse(issued(1)), func(m *Message) { m.Implicit = true })},
			"NULL 2 certificate not accepted/NULL 2 certificate not accepted/NULL 2 certificate not accepted/NULL 2 certificate not accepted/NULL -5 certificate not accepted"},
		{"error for certConf", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), issued(1), ask1(cmp.CertConf, 2), answer(cmp.Error, 2, cmp.Rejection)}, "NULL 2 received error"},
		{"certConf refused with another nonce", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), issued(1), ask1(cmp.CertConf, 2), reply(cmp.PKIConf, 9)},
			"NULL 0 recipnonce unmatched/NULL 0 recipnonce unmatched/NULL 0 recipnonce unmatched/NULL 0 recipnonce unmatched/NULL -4 recipnonce unmatched"},
		{"certConf waits", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), issued(1), ask1(cmp.CertConf, 2), late(2), ask1(cmp.PollReq, 3), whole(after(3, 1)), ask1(cmp.PollReq, 4), reply(cmp.PKIConf, 2)},
			"NULL 2 received error, unexpected pkistatus/NULL 2 received error, unexpected pkistatus/certificate 0"},
		{"a key that nobody asked for", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Responses[0].PrivateKey = true })}),
			"certificate 0/certificate 0/certificate 0/NULL 0 unexpected central gen key, certificate not found"},
		{"no key, though asked for", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Responses[0].Central = true })}),
			"certificate 0/certificate 0/certificate 0/NULL 0 missing central gen key, certificate not found"},
		{"signer remembered", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), issued(1), ask1(cmp.CertConf, 2), with(reply(cmp.PKIConf, 2), func(m *Message) { m.Again = []Reason{{Name: "CMP_R_NO_SUITABLE_SENDER_CERT"}} })},
			"NULL 0 no suitable sender cert, error validating protection/NULL 0 no suitable sender cert, error validating protection/NULL 0 no suitable sender cert, error validating protection/NULL 0 no suitable sender cert, error validating protection/certificate 0"},
		{"a key in an envelope", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) {
			m.Readable, m.Responses[0].PrivateKey, m.Responses[0].Central = V35, true, true
		})}), "NULL -2 transfer error/NULL -2 transfer error/NULL -2 transfer error/certificate 0"},
		{"signed with ML-DSA", cmp.IR, Options{}, confirmed([]Message{ask1(cmp.IR, 1), with(issued(1), func(m *Message) { m.Since, m.Older = V35, []Reason{{Name: "CMP_R_FAILED_EXTRACTING_PUBKEY"}} })}),
			"NULL -2 failed extracting pubkey, error validating protection/NULL -2 failed extracting pubkey, error validating protection/NULL -2 failed extracting pubkey, error validating protection/certificate 0"},
		{"3 s are left", cmp.IR, Options{TotalTimeout: 4}, append(polled(with(after(2, 9), func(m *Message) { m.At = 1 })), with(ask1(cmp.PollReq, 3), func(m *Message) { m.At = 2 }), with(issued(3), func(m *Message) { m.Implicit = true })),
			"NULL 3 total timeout, polling failed/NULL 3 total timeout, polling failed/certificate 0"},
		{"time is over", cmp.IR, Options{TotalTimeout: 3}, polled(with(after(2, 9), func(m *Message) { m.At = 4 })),
			"NULL 3 total timeout, polling failed/NULL 3 total timeout, polling failed/NULL 3 total timeout, polling failed/NULL 3 total timeout, polling failed/NULL -2 total timeout, polling failed"},
		{"keyUpdateWarning in a kup", cmp.KUR, Options{}, []Message{ask1(cmp.KUR, 1), answer(cmp.KUP, 1, cmp.KeyUpdateWarning)}, "NULL 6 encountered keyupdatewarning"},
		{"rejected", cmp.P10CR, Options{}, []Message{ask1(cmp.P10CR, 1), answer(cmp.CP, 1, cmp.Rejection)}, "NULL 2 request rejected by server"},
		{"revocation with a warning", cmp.RR, Options{}, []Message{ask1(cmp.RR, 1), answer(cmp.RP, 1, cmp.RevocationWarning)}, "1 4"},
		{"revocation of another", cmp.RR, Options{}, []Message{ask1(cmp.RR, 1), with(answer(cmp.RP, 1, 0), func(m *Message) { m.Revoked.Certs, m.Revoked.Serial = 1, false })}, "0 0 wrong serial in rp"},
		{"revocation of another's", cmp.RR, Options{}, []Message{ask1(cmp.RR, 1), with(answer(cmp.RP, 1, 0), func(m *Message) { m.Revoked.Certs, m.Revoked.Issuer = 1, false })}, "0 0 wrong certid in rp"},
		{"two CRLs", cmp.RR, Options{}, []Message{ask1(cmp.RR, 1), with(answer(cmp.RP, 1, 0), func(m *Message) { m.Revoked.CRLs = 2 })}, "0 0 wrong rp component count"},
		{"no confirmation wanted", cmp.IR, Options{DisableConfirm: true}, []Message{ask1(cmp.IR, 1), issued(1)}, "certificate 0"},
		{"nothing more", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), issued(1)}, "open 0"},
		{"no certificate in it", cmp.IR, Options{}, []Message{ask1(cmp.IR, 1), reply(cmp.IP, 1, Response{})}, "NULL 0 certificate not found, certificate not found"},
	} {
		want := strings.Split(k.want, "/")
		for i, v := range Versions {
			o := Run(k.script, k.request, v, k.options)[0]
			have := fmt.Sprint(o.Returns, " ", o.Status)
			for n, r := range o.Errors {
				have += []string{" ", ", "}[min(n, 1)] + r.Printed()
			}
			if w := want[min(i, len(want)-1)]; have != w {
				t.Errorf("%s, %s: %s, want %s", k.name, v, have, w)
			}
		}
	}
}

// What is asked for in general has calls of its own since 3.2 and 3.4.
func TestGeneralCalls(t *testing.T) {
	ask := with(ask1(cmp.GenM, 1), func(m *Message) { m.Asked = []string{"caCerts"} })
	for _, k := range []struct {
		infos []Info
		want  string
	}{
		{[]Info{{Type: "caCerts"}}, "list of 1 | 1"},
		{[]Info{{Type: "caCerts", Empty: true}}, "list of 1 | 1 (nothing)"},
		{[]Info{{Type: "currentCRL"}}, "list of 1 | 0; invalid genp"},
		{nil, "list of 0 | 0; invalid genp"},
	} {
		script := []Message{ask, with(reply(cmp.GenP, 1), func(m *Message) { m.Infos = k.infos })}
		if have := told(Run(script, cmp.GenM, V32, Options{})); have != k.want {
			t.Errorf("%v: %s, want %s", k.infos, have, k.want)
		}
		if have := Run(script, cmp.GenM, V30, Options{}); len(have) != 1 {
			t.Errorf("3.0 has no call for it: %s", told(have))
		}
	}
}

// Every name of a reason is one of OpenSSL's.
func TestReasonsHaveNames(t *testing.T) {
	known := func(symbol string) bool {
		library, name, ok := strings.Cut(symbol, "_R_")
		if !ok || library != "CMP" && library != "CRMF" {
			return !ok || library == "X509" || library == "EVP" || library == "ASN1"
		}
		_, ok = cmp.ReasonNamed(library, name)
		return ok
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, _ := strconv.Unquote(l.Value)
				if strings.Contains(s, "_R_") && !strings.Contains(s, " ") && s != "_R_" {
					if seen++; !known(s) {
						t.Errorf("%s: %s is no reason of OpenSSL", f.Name(), s)
					}
				}
			}
			return true
		})
	}
	if seen < 40 {
		t.Errorf("%d names found", seen)
	}
	for _, a := range advices {
		for _, name := range a.reasons {
			if !known("CMP_R_"+name) && !known("CRMF_R_"+name) {
				t.Errorf("advice for %s, which is no reason", name)
			}
		}
	}
	for _, k := range says {
		for _, name := range k.names {
			if !known("CMP_R_"+name) && !known("CRMF_R_"+name) {
				t.Errorf("%s is no reason", name)
			}
		}
	}
}

// What a server of OpenSSL says is told by its text.
func TestServerIsExplained(t *testing.T) {
	for text, want := range map[string]string{
		"wrong certid":       "oldCertID",
		"popo missing":       "CRMF_R_POPO_MISSING",
		"go away":            "",
		"value too large":    "(CMP_R_VALUE_TOO_LARGE).",
		"certhash unmatched": "hash of the certConf",
	} {
		if have := explained([]string{text}); !strings.Contains(have, want) || (want == "") != (have == "") {
			t.Errorf("%s: %q", text, have)
		}
	}
}

// Every bit of failInfo of the advice table has its words, and versions are named alike.
func TestNext(t *testing.T) {
	for b := range 27 {
		m := reply(cmp.IP, 1, Response{Status: Status{Value: cmp.Rejection, Bits: []int{b}}})
		o := Run([]Message{ask1(cmp.IR, 1), m}, cmp.IR, V35, Options{})[0]
		if o.Next == "" {
			t.Errorf("%s: nothing to do next", cmp.FailureName(b))
		}
	}
	for v, want := range map[Version]string{V30: "3.0 – 3.1", V32: "3.2", V33: "3.3 – 3.4", V35: "3.5.0 – 3.5.5", V357: "3.5.7 and later", V41: "4.1"} {
		if v.String() != want {
			t.Errorf("%q, want %q", v, want)
		}
	}
	if s := span(V33, V41); s != "3.3 – 4.1" {
		t.Error(s)
	}
}
