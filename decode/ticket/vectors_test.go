package ticket

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/session"
)

// keysOf reads octets as a key file would be read.
func keysOf(b []byte) []Key {
	t := field.NewTree(field.Limits{})
	return readKeys(t.Reader(t.Add(report.Source{Bytes: b}))).readings(0)
}

// measured are tickets that other programs made, with their keys.
type measured struct {
	Name      string `json:"name"`
	Envelope  string `json:"envelope"`
	Ticket    string `json:"ticket"`
	Plaintext string `json:"plaintext"`
	Secret    string `json:"secret"`
	Block     string `json:"key_block_80_name_hmac_aes"`
	Key       string `json:"key"`
	Master    string `json:"master_stek_64"`
	Go        string `json:"session_ticket_key_32"`
	Step      int64  `json:"time_step"`
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Tickets of OpenSSL, GnuTLS, Mbed TLS and Go open to what these programs sealed.
func TestMeasuredTickets(t *testing.T) {
	b, err := os.ReadFile("../../../shared/spec/session-ticket-vectors.json")
	if err != nil {
		t.Skip("the measured tickets are not here: ", err)
	}
	var all []measured
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.Ticket == "" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			sealed := unhex(t, m.Ticket)
			o := Open(sealed, keysOf(unhex(t, m.Block+m.Key+m.Master+m.Go)))
			if o.Status != Opened {
				t.Fatalf("%s: %s", o.Status, o.Why)
			}
			if o.Layout.ID != m.Envelope {
				t.Errorf("layout %s, want %s", o.Layout.ID, m.Envelope)
			}
			if want := unhex(t, m.Plaintext); len(want) > 0 && !bytes.Equal(o.Plain, want) {
				t.Errorf("inside is %x, want %x", o.Plain, want)
			}
			if o.Step != m.Step {
				t.Errorf("time step %d, want %d", o.Step, m.Step)
			}
			states := session.Parse(o.Plain)
			if want := unhex(t, m.Secret); len(want) > 0 && len(states) > 0 && !bytes.Equal(states[0].Secret.Value, want) {
				t.Errorf("the secret is not that of the session")
			}
		})
	}
}
