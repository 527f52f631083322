package callback

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// measured is where the rows lie that OpenSSL 3.0.19 gave.
const measured = "../../../shared/spec/openssl-callback-outcomes.json"

// sizes are the lengths in the names of messages, which say nothing here.
var sizes = regexp.MustCompile(`\[\d+\]|\(\d+\)$`)

func plain(m string) string {
	switch m {
	case ">Cert[7]", ">Cert[8]": // a Certificate message with nothing in it
		return ">" + EmptyCertificate
	}
	return sizes.ReplaceAllString(m, "")
}

// seen is what a row of the file says, or what the code says of it.
type seen struct {
	handshake                            string
	resumed                              bool
	calls, generated, tickets, suspended int
	serverCalls, sees                    int
	alert                                int
	messages                             string
}

func ends(e End) string {
	return [...]string{"completed", "aborted", "suspended",
		"client leaves an error on its queue and the harness stopped; wire shows an empty Certificate"}[e]
}

// Every row that was measured comes out of the code, and the code claims no
// further row.
func TestRowsMeasured(t *testing.T) {
	b, err := os.ReadFile(measured)
	if err != nil {
		t.Skip("the measured rows are not here: ", err)
	}
	var file struct {
		Ticket []struct {
			Version   string
			KeyCB     bool `json:"ticket_key_callback"`
			Status    string
			Returns   string `json:"callback_returns"`
			Handshake string
			Resumed   bool
			Dec       int `json:"dec_cb_calls"`
			Gen       int `json:"gen_cb_calls"`
			Tickets   int `json:"new_session_tickets"`
			Alert     int
			Messages  []string `json:"messages_server_view"`
		}
		Status []struct {
			Version, Kind string
			Server        string          `json:"server_callback"`
			Client        json.RawMessage `json:"client_callback_returns"`
			Handshake     string
			ServerCalls   int      `json:"server_callback_calls"`
			ClientCalls   int      `json:"client_callback_calls"`
			Sees          *int     `json:"client_sees_len"`
			Messages      []string `json:"messages_client_view"`
		}
		Cert []struct {
			Version, Server string
			List            string `json:"ca_list"`
			Callback        string
			Handshake       string
			Calls           int `json:"callback_calls"`
			Suspensions     int
			Messages        []string `json:"messages_client_view"`
		} `json:"client_cert"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	rows := map[string]Row{}
	for _, r := range Rows() {
		if _, twice := rows[r.Key]; twice {
			t.Errorf("%s stands twice", r.Key)
		}
		rows[r.Key] = r
	}
	n := len(file.Ticket) + len(file.Status) + len(file.Cert)
	if n != 198 || len(rows) != n {
		t.Errorf("%d rows are in the file, %d come out of the code, want 198", n, len(rows))
	}
	compare := func(key string, view Side, want seen, messages []string) {
		t.Helper()
		r, ok := rows[key]
		if !ok {
			t.Errorf("%s: the code has no such row", key)
			return
		}
		delete(rows, key)
		for i, m := range messages {
			messages[i] = plain(m)
		}
		want.messages = strings.Join(messages, " ")
		var steps []string
		for _, s := range r.Steps {
			steps = append(steps, s.View(view))
		}
		got := seen{handshake: ends(r.End), resumed: r.Resumed, calls: r.Calls, generated: r.Generated, tickets: r.Tickets, suspended: r.Suspensions,
			serverCalls: r.ServerCalls, sees: r.Sees, alert: int(r.Alert.Number), messages: strings.Join(steps, " ")}
		if got != want {
			t.Errorf("%s:\n got %+v\nwant %+v", key, got, want)
		}
	}
	count := func(messages []string, what string) (n int) {
		for _, m := range messages {
			if strings.Contains(m, what) {
				n++
			}
		}
		return n
	}
	alert := func(messages []string) int {
		for _, m := range messages {
			for _, a := range []int{40, 80, 113, 116} {
				if strings.HasSuffix(m, "ALERT("+"2,"+itoa(a)+")") {
					return a
				}
			}
		}
		return 0
	}
	for _, r := range file.Ticket {
		keys := "built-in"
		if r.KeyCB {
			keys = "key-cb"
		}
		compare(strings.Join([]string{"ticket", r.Version, keys, r.Status, r.Returns}, "/"), Server,
			seen{handshake: r.Handshake, resumed: r.Resumed, calls: r.Dec, generated: r.Gen, tickets: r.Tickets, alert: r.Alert, sees: NotSeen}, r.Messages)
	}
	for _, r := range file.Status {
		client := string(r.Client)
		if client == "null" {
			client = "None"
		}
		sees := NotSeen
		if r.Sees != nil {
			sees = *r.Sees
		}
		compare(strings.Join([]string{"status", r.Version, r.Kind, r.Server, client}, "/"), Client,
			seen{handshake: r.Handshake, resumed: r.Kind == "resumption", calls: r.ClientCalls, serverCalls: r.ServerCalls, sees: sees,
				alert: alert(r.Messages), tickets: count(r.Messages, "NST")}, r.Messages)
	}
	for _, r := range file.Cert {
		compare(strings.Join([]string{"client_cert", r.Version, r.Server, r.List, r.Callback}, "/"), Client,
			seen{handshake: r.Handshake, calls: r.Calls, suspended: r.Suspensions, sees: NotSeen,
				alert: alert(r.Messages), tickets: count(r.Messages, "NST")}, r.Messages)
	}
	var left []string
	for key := range rows {
		left = append(left, key)
	}
	slices.Sort(left)
	if left != nil {
		t.Errorf("the file does not have %v", left)
	}
}

func itoa(n int) string { return strconv.Itoa(n) }
