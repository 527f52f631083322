package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"derscope/decode/report"
)

// secretsOf are the octets of a report that must not be written out: those of
// nodes that say so, and of sources that are secret as a whole.
func secretsOf(r *report.Report) (all [][]byte) {
	for i := range r.Nodes {
		if n := &r.Nodes[i]; n.Flags&report.Secret != 0 {
			all = append(all, r.Octets(n.Content()))
		}
	}
	for i := range r.Sources {
		if s := &r.Sources[i]; s.Hides() {
			all = append(all, s.Bytes)
		}
	}
	return all
}

// samples are runs of n octets of a secret, from its beginning to its end.
func samples(secret []byte, n int) (all [][]byte) {
	for at := 0; at+n <= len(secret); at += max(n, (len(secret)-n)/8) {
		all = append(all, secret[at:at+n])
	}
	if len(secret) >= n {
		all = append(all, secret[len(secret)-n:])
	}
	return all
}

// shownBy are the octets that a report may write out: those of sources without
// a secret, and of the nodes beside the secrets of the others.
func shownBy(r *report.Report) (all [][]byte) {
	for i := range r.Sources {
		if s := &r.Sources[i]; !s.Secret {
			all = append(all, s.Bytes)
		}
	}
	for i := range r.Nodes {
		if n := &r.Nodes[i]; n.Flags&report.Leaf != 0 && n.Flags&report.Secret == 0 && r.Sources[n.Span.Source].Marked {
			b := r.Octets(n.Content())
			all = append(all, b, []byte(hex.EncodeToString(b))) // the text that it came in is secret as a whole
		}
	}
	return all
}

// plainly says that octets are no secret by themselves: they have few values,
// as a pattern does, or stand in what may be shown.
func plainly(b []byte, shown [][]byte) bool {
	values := map[byte]bool{}
	for _, c := range b {
		values[c] = true
	}
	return len(values) < len(b)/2 || slices.ContainsFunc(shown, func(s []byte) bool { return bytes.Contains(s, b) })
}

// No secret of any vector stands in what is written of it: in no value, title,
// sentence or picture; as octets in hex or base64, or as the text it was given in.
func TestReportsKeepSecrets(t *testing.T) {
	held := 0
	for _, v := range vectors(t) {
		r := Load(v.inputs, Limits{}).Report(v.options)
		secrets := secretsOf(r)
		if len(secrets) == 0 {
			continue
		}
		text := v.want + string(r.JSON(report.JSONOptions{})) + string(r.Text(report.TextOptions{}))
		for i := range r.Items {
			text += string(r.Markdown(i))
		}
		shown := shownBy(r)
		lower := strings.ToLower(text)
		for _, secret := range secrets {
			for _, b := range samples(secret, 8) {
				if !plainly(b, shown) && strings.Contains(lower, hex.EncodeToString(b)) {
					t.Errorf("%s: the report holds %x in hex", v.name(), b)
				}
				held++
			}
			for _, b := range samples(secret, 15) {
				if !bytes.ContainsAny(b, " \n") && !plainly(b, shown) && (strings.Contains(text, base64.StdEncoding.EncodeToString(b)) || strings.Contains(text, string(b))) {
					t.Errorf("%s: the report holds %q as it is, or in base64", v.name(), b)
				}
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d runs of octets are secret", held)
	}
}
