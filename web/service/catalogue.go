package service

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"derscope/decode/check"
	"derscope/decode/report"
)

// document is an answer that only another version of the program changes.
type document struct {
	kind string
	body []byte
	etag string
}

func newDocument(kind string, body []byte) document {
	sum := sha256.Sum256(body)
	return document{kind, body, `"` + hex.EncodeToString(sum[:8]) + `"`}
}

func (d document) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache") // kept, and asked for again by its ETag
	h.Set("ETag", d.etag)
	if matches(r.Header.Values("If-None-Match"), d.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	write(w, r, d.kind, d.body)
}

// matches compares weakly. RFC 9110, section 13.1.2.
func matches(fields []string, etag string) bool {
	for _, field := range fields {
		for one := range strings.SplitSeq(field, ",") {
			one = strings.TrimSpace(one)
			if one == "*" || strings.TrimPrefix(one, "W/") == etag {
				return true
			}
		}
	}
	return false
}

// levels are the words for what broken is.
var levels = [...]string{check.Must: "fail", check.Should: "warn", check.May: "open", check.Advice: "note"}

// catalogue lists the rules in JSON, in the order in which they are judged.
func catalogue(rules []check.Info) []byte {
	b := []byte("{\n  \"checks\": [")
	for i, rule := range rules {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n    {\n      \"id\": "...)
		b = report.AppendQuoted(b, rule.ID)
		member := func(name, value string) {
			if value != "" {
				b = append(b, ",\n      \""+name+"\": "...)
				b = report.AppendQuoted(b, value)
			}
		}
		member("title", rule.Title)
		member("group", rule.Group)
		member("level", levels[rule.Level])
		b = append(b, ",\n      \"refs\": ["...)
		for j, ref := range rule.Refs.List() {
			if j > 0 {
				b = append(b, ", "...)
			}
			b = report.AppendQuoted(b, ref.String())
		}
		b = append(b, ']')
		member("profile", rule.Profile)
		member("strict", rule.Strict)
		b = append(b, "\n    }"...)
	}
	return append(b, "\n  ]\n}\n"...)
}

// health says that the service is there, and what it offers.
func (h *handler) health() []byte {
	b := []byte("{\n  \"status\": \"pass\",\n  \"version\": ")
	b = report.AppendQuoted(b, h.Version)
	b = append(b, ",\n  \"schema\": "...)
	b = strconv.AppendInt(b, report.Form, 10)
	b = append(b, ",\n  \"body\": "...)
	b = strconv.AppendInt(b, h.Body, 10)
	b = append(b, ",\n  \"relay\": "...)
	b = strconv.AppendBool(b, h.Relay != nil)
	return append(b, "\n}\n"...)
}
