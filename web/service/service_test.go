package service

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

const at = "2026-11-20T09:12:00Z"

// noon is when tests ask, if they say no time.
func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// input is a file of a vector.
func input(t testing.TB, vector, name string) []byte {
	t.Helper()
	a, err := txtar.ParseFile("../../testdata/" + vector + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range a.Files {
		if f.Name == "input/"+name {
			return f.Data
		}
	}
	t.Fatalf("%s has no %s", vector, name)
	return nil
}

// piece is a part of a form.
type piece struct{ name, file, value string }

func formOf(t testing.TB, pieces ...piece) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for _, p := range pieces {
		part, err := w.CreateFormField(p.name)
		if p.file != "" {
			part, err = w.CreateFormFile(p.name, p.file)
		}
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(p.value))
	}
	w.Close()
	return body, w.FormDataContentType()
}

// call sends a request to a handler, with header fields in pairs.
func call(h http.Handler, method, target, body string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
