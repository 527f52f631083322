package decode

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"derscope/decode/cert"
	"derscope/decode/ocsp"
)

// TestFacts holds what is read of each OCSP file of other projects against what
// an independent decoder read of it.
func TestFacts(t *testing.T) {
	for _, row := range table(t, "FACTS.tsv") {
		name := row["path"]
		facts := row["facts_by_an_independent_decoder"]
		if !strings.HasPrefix(name, "ocsp/") || strings.HasPrefix(facts, "independent decoder refuses") {
			continue
		}
		t.Run(strings.TrimPrefix(name, "ocsp/"), func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(elsewhere, name))
			if err != nil {
				t.Fatal(err)
			}
			c := Load([]Input{{Name: filepath.Base(name), Bytes: b}}, Limits{})
			var have map[string]string
			for _, e := range c.exhibits {
				switch v := e.Value.(type) {
				case *ocsp.Response:
					have = responseFacts(v)
				case *ocsp.Request:
					have = requestFacts(v)
				}
				if have != nil {
					break
				}
			}
			if have == nil {
				t.Fatal("neither response nor request found")
			}
			for _, fact := range strings.Split(facts, "; ") {
				key, want, _ := strings.Cut(fact, "=")
				switch key {
				case "more":
				case "responder_by_name":
					for _, part := range strings.Split(want, ", ") {
						if _, value, ok := strings.Cut(part, ": "); ok && !strings.Contains(have[key], value) {
							t.Errorf("responder name: want %q in %q", value, have[key])
						}
					}
				default:
					if have[key] != want {
						t.Errorf("%s: want %q, have %q", key, want, have[key])
					}
				}
			}
		})
	}
}

func responseFacts(p *ocsp.Response) map[string]string {
	snake := map[int]string{0: "successful", 1: "malformed_request", 2: "internal_error", 3: "try_later", 5: "sign_required", 6: "unauthorized"}
	f := map[string]string{"response_status": snake[p.Status.Value]}
	if !p.HasBytes {
		f["response_bytes"] = "absent"
		return f
	}
	f["response_type"] = string(p.Type.Value)
	b := p.Basic
	if b == nil {
		return f
	}
	f["version"] = "v1"
	if b.Data.Responder.ByName {
		f["responder_by_name"] = b.Data.Responder.String()
	} else {
		f["responder_by_key"] = hex.EncodeToString(b.Data.Responder.Key)
	}
	f["produced_at"] = b.Data.ProducedAt.Value.Format("20060102150405Z")
	f["sig_alg"] = string(b.Algorithm.ID)
	f["certs"] = strconv.Itoa(len(b.Certs))
	if len(b.Data.Extensions) > 0 {
		f["resp_exts"] = extensionFacts(b.Data.Extensions)
	}
	f["singles"] = strconv.Itoa(len(b.Data.Singles))
	reasons := map[cert.Reason]string{0: "unspecified", 1: "key_compromise", 2: "ca_compromise", 3: "affiliation_changed", 4: "superseded", 5: "cessation_of_operation"}
	for i, s := range b.Data.Singles {
		text := fmt.Sprintf("%s serial=%x hash=%s this=%s next=", s.Standing, s.ID.Serial.Value.Big(), string(s.ID.Hash.ID), s.ThisUpdate.Value.Format("20060102150405Z"))
		if s.NextUpdate.OK {
			text += s.NextUpdate.Value.Format("20060102150405Z")
		} else {
			text += "-"
		}
		if s.Standing == ocsp.Revoked {
			text += " at=" + s.RevokedAt.Value.Format("20060102150405Z") + " reason="
			if s.Reason.OK {
				text += reasons[s.Reason.Value]
			} else {
				text += "-"
			}
		}
		if len(s.Extensions) > 0 {
			text += " exts=" + extensionFacts(s.Extensions)
		}
		f["single"+strconv.Itoa(i)] = text
	}
	return f
}

func requestFacts(q *ocsp.Request) map[string]string {
	f := map[string]string{"version": "v1", "requests": strconv.Itoa(len(q.List)), "signed": "no"}
	if q.Signed {
		f["signed"] = "yes"
	}
	if q.HasName {
		f["requestor"] = "present"
	}
	for i, a := range q.List {
		f["req"+strconv.Itoa(i)] = fmt.Sprintf("serial=%x hash=%s nameHash=%x keyHash=%x", a.ID.Serial.Value.Big(), string(a.ID.Hash.ID), a.ID.NameHash.Value, a.ID.KeyHash.Value)
	}
	if len(q.Extensions) > 0 {
		f["exts"] = extensionFacts(q.Extensions)
	}
	return f
}

func extensionFacts(list []cert.Extension) string {
	var out []string
	for _, e := range list {
		mark := ""
		if e.Critical {
			mark = "!"
		}
		out = append(out, string(e.ID)+mark)
	}
	return strings.Join(out, "+")
}
