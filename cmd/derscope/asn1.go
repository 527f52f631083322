package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"derscope/decode/der"
	"derscope/decode/oid"
	"derscope/decode/report"
)

// elements writes the ASN.1 of an item, element by element and with no schema:
// offset, depth, lengths, type, and what primitive ones hold.
func elements(w io.Writer, r *report.Report, i int, reveal bool) {
	it := &r.Items[i]
	source := &r.Sources[it.Source]
	fmt.Fprintf(w, "%s  %s\n", report.ID(i), report.Clean(it.Title))
	if source.Secret && !reveal {
		fmt.Fprintf(w, "    a secret of %s\n", report.Plural(len(source.Bytes), "octet", "octets"))
		return
	}
	walk(w, source.Bytes, 0, len(source.Bytes), 0)
}

func walk(w io.Writer, b []byte, off, end, depth int) {
	for off < end {
		e, err := der.Next(b, off, end)
		if err != nil || depth > der.MaxDepth {
			row(w, off, depth, 0, end-off, fmt.Sprintf("octets  %s", brief(b[off:end])))
			if err != nil {
				fmt.Fprintf(w, "%*s%v\n", 26+2*depth, "", err)
			}
			return
		}
		what := e.Tag.String()
		if e.Indefinite {
			what += ", indefinite length"
		}
		if !e.Constructed {
			what += "  " + contents(e, b[e.Content():e.Close()])
		}
		row(w, e.Off, depth, e.Header, e.Len, what)
		if e.Constructed {
			walk(w, b, e.Content(), e.Close(), depth+1)
		}
		off = e.End()
	}
}

func row(w io.Writer, off, depth, header, length int, what string) {
	fmt.Fprintf(w, "%8d %2d+%-8d %s%s\n", off, header, length, strings.Repeat("  ", depth), strings.TrimRight(what, " "))
}

// contents shows a primitive element: the dotted form and name of an object
// identifier, printable strings and times as they are, all else in hex.
func contents(e der.Element, b []byte) string {
	switch e.Tag {
	case der.OID:
		id, _ := oid.Parse(b)
		if id.Name() == "" {
			return string(id)
		}
		return string(id) + " " + id.Name()
	case der.UTF8String, der.PrintableString, der.IA5String, der.VisibleString, der.NumericString, der.UTCTime, der.GeneralizedTime:
		return report.Clean(string(b))
	}
	return brief(b)
}

func brief(b []byte) string {
	const most = 32
	if len(b) <= most {
		return hex.EncodeToString(b)
	}
	return hex.EncodeToString(b[:most]) + "…"
}
