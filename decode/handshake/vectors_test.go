package handshake_test

import (
	"os"
	"path/filepath"
	"testing"

	"derscope/decode/check"
	"derscope/decode/field"
	"derscope/decode/handshake"
	"derscope/decode/internal/tiling"
	"derscope/decode/report"
)

// elsewhere is where messages lie that other projects made.
const elsewhere = "../../../shared/vectors/tls"

// TestElsewhere: the messages of other projects read as their notes say.
func TestElsewhere(t *testing.T) {
	for _, tt := range []struct {
		file             string
		version          uint16
		lifetime, ageAdd uint64
		ticket           int // octets, -1: not empty
		types            []uint16
	}{
		{"aioquic/tls_new_session_ticket.bin", 0x0304, 86400, 3303452425, -1, []uint16{42}},
		{"aioquic/tls_new_session_ticket_with_unknown_extension.bin", 0x0304, 86400, 3303452425, -1, []uint16{42, 12345}},
		{"go/nst_tls12.bin", 0x0303, 0, 0, 123, nil},
	} {
		t.Run(tt.file, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(elsewhere, tt.file))
			if err != nil {
				t.Skip("the vectors are not here: ", err)
			}
			if m, n := handshake.Match(check.Candidate{Bytes: b}), handshake.MatchTicket(check.Candidate{Bytes: b}); m.Score == 0 || n.Score <= m.Score {
				t.Errorf("it is a handshake by %d and a ticket by %d", m.Score, n.Score)
			}
			tree := field.NewTree(field.Limits{})
			n := handshake.ReadTicket(tree.Reader(tree.Add(report.Source{Bytes: b})))
			if err := tiling.Check(tree.Sources, tree.Nodes); err != nil || len(tree.Faults) > 0 {
				t.Errorf("%v, faults %v", err, tree.Faults)
			}
			if n.Version != tt.version || n.Fit != handshake.Only || n.Lifetime.Value != tt.lifetime || n.AgeAdd.Value != tt.ageAdd {
				t.Errorf("%+v", n)
			}
			if k := len(n.Ticket.Value); tt.ticket >= 0 && k != tt.ticket || k == 0 {
				t.Errorf("a ticket of %d octets", k)
			}
			if len(n.Extensions.List) != len(tt.types) {
				t.Fatalf("%d extensions", len(n.Extensions.List))
			}
			for i, x := range n.Extensions.List {
				if x.Type != tt.types[i] {
					t.Errorf("extension %d is %d", i, x.Type)
				}
			}
			if len(tree.Pieces) != 1 || tree.Pieces[0].Hint != "session-ticket" || tree.Pieces[0].Span.Len != len(n.Ticket.Value) {
				t.Errorf("pieces %+v", tree.Pieces)
			}
		})
	}
}
