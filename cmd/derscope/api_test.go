package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"derscope/web/service"
)

// posted is the answer to what the command would be given with these arguments.
func posted(t *testing.T, h http.Handler, args []string, accept string) *httptest.ResponseRecorder {
	t.Helper()
	body, kind := formFor(t, args)
	r := httptest.NewRequest("POST", "/api/inspect", body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// formFor makes the form that says what arguments of the command say: files by
// themselves are parts named file, flags parts of their name.
func formFor(t *testing.T, args []string) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	file := func(part, name string) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := w.CreateFormFile(part, name)
		p.Write(b)
	}
	for i := 0; i < len(args); i++ {
		word, flag := strings.CutPrefix(args[i], "-")
		switch {
		case !flag:
			file("file", word)
		case word == "all":
			w.WriteField("all", "1")
		default:
			i++
			source, hidden := strings.CutPrefix(args[i], "file:")
			switch {
			case hidden:
				file(word, source)
			case word == "at" || word == "nonce" || word == "profile" || word == "set" || word == "secret" || word == "ticket-key":
				w.WriteField(word, args[i])
			default:
				file(word, args[i])
			}
		}
	}
	w.Close()
	return body, w.FormDataContentType()
}

// The service answers with the octets that the command writes.
func TestServiceAnswersAsTheCommand(t *testing.T) {
	h := service.New(service.Options{Work: 2_000_000})
	for _, c := range []struct {
		vector string
		args   string // of the command; the names are those of the vector's files
	}{
		{"ocsp/good-ca-byname", "response.pem -with leaf.pem -issuer issuer.pem -at " + at},
		{"ocsp/good-ca-byname", "response.pem leaf.pem issuer.pem -all -at " + at},
		{"ocsp/badsig", "response.pem -subject leaf.pem -issuer issuer.pem -at " + at + " -profile br -profile mozilla"},
		{"ocsp/good-del", "response.pem -with issuer.pem -with leaf.pem -at " + at + " -nonce 6a:7f:00"},
		{"ocsp/good-ca-byname", "response.pem -responder issuer.pem -secret pass:correct-horse -at " + at},
		{"cert/every-extension", "* -at " + at + " -profile br"},
		{"cert/crl-two", "* -at " + at + " -all"},
		{"cmp/anchor-3gpp-none", "* -at " + at + " -set unprotectedErrors=yes -profile 3gpp"},
		{"cmp/anchor-3gpp-none", "* -at " + at + " -secret pass:other -secret hex:00ff -set work=2000000"},
		{"cmp/*", "* -at " + at},
		{"cmp/*", "* -at " + at + " -profile lw -signer 01-ip.pem"},
		{"ticket/*", "* -at " + at},
		{"ticket/*", "* -at " + at + " -ticket-key hex:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
		{"tls/*", "* -at " + at},
		{"capture/*", "* -at " + at},
	} {
		vectors, err := filepath.Glob("../../testdata/" + c.vector + ".txtar")
		if err != nil || len(vectors) == 0 {
			t.Fatalf("no vector %s", c.vector)
		}
		for _, vector := range vectors[:min(len(vectors), 12)] {
			t.Run(strings.TrimSuffix(filepath.Base(vector), ".txtar"), func(t *testing.T) {
				names := unpack(t, vector)
				var args []string
				for _, a := range strings.Fields(c.args) {
					switch {
					case a == "*":
						args = append(args, names...)
					case strings.HasSuffix(a, ".pem") && strings.Contains(c.vector, "*") && !strings.Contains(strings.Join(names, " "), a):
						t.Skip("it has no ", a)
					default:
						args = append(args, a)
					}
				}
				for form, accept := range map[string]string{"-json": "application/json", "-text": "text/plain"} {
					_, want, errs := command("", append([]string{"inspect", form}, args...)...)
					if want == "" {
						t.Fatal(errs)
					}
					w := posted(t, h, args, accept)
					if w.Code != 200 || w.Body.String() != want {
						t.Errorf("%v: %d, %d octets, the command %s writes %d: %.300s", args, w.Code, w.Body.Len(), form, len(want), w.Body)
					}
				}
			})
		}
	}
}

// A raw body is what is pasted, with all that the query says of it.
func TestRawBodyIsStandardInput(t *testing.T) {
	h := service.New(service.Options{})
	for _, vector := range []string{"ocsp/good-ca-byname", "cert/chain", "cmp/anchor-3gpp-none"} {
		t.Run(vector, func(t *testing.T) {
			for _, name := range unpack(t, "../../testdata/"+vector+".txtar") {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				_, want, _ := command(string(b), "inspect", "-json", "-at", at, "-profile", "br", "-profile", "lw", "-set", "expectedSender=CN=A & B", "-all", "-nonce", "0x00ff")
				r := httptest.NewRequest("POST", "/api/inspect?at="+at+"&profile=br&profile=lw&set=expectedSender%3DCN%3DA+%26+B&all&nonce=00:ff", bytes.NewReader(b))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded") // as curl says
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != 200 || w.Body.String() != want {
					t.Errorf("%s: %d, %d octets, the command writes %d", name, w.Code, w.Body.Len(), len(want))
				}
			}
		})
	}
}

// unpack writes the inputs of a vector to a folder, and goes there, so that
// their names are those that a form tells.
func unpack(t *testing.T, vector string) (names []string) {
	t.Helper()
	a, err := txtar.ParseFile(vector)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, "input/"); ok {
			names = append(names, name)
			if err := os.WriteFile(filepath.Join(dir, name), f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Chdir(dir)
	return names
}

// No secret comes back, in whatever way it was sent, and whatever went wrong.
func TestServiceKeepsSecrets(t *testing.T) {
	h := service.New(service.Options{})
	unpack(t, "../../testdata/cmp/anchor-3gpp-none.txtar")
	word := "correct horse battery"
	if err := os.WriteFile("secret", []byte(word), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"01-ip.pem", "-secret", "pass:" + word}, {"01-ip.pem", "-secret", "file:secret"}, {"-ticket-key", "pass:" + word}, {"01-ip.pem", "-all", "-secret", "hex:" + hex.EncodeToString([]byte(word))},
		{"01-ip.pem", "-secret", "hex:" + word}, {"01-ip.pem", "-secret", word}, {"01-ip.pem", "-secret", "env:" + word}, {"01-ip.pem", "-at", word}, {"01-ip.pem", "-profile", word}, {"01-ip.pem", "-nonce", word},
	} {
		for _, accept := range []string{"application/json", "text/plain", "text/markdown"} {
			w := posted(t, h, args, accept)
			for _, s := range []string{word, hex.EncodeToString([]byte(word))} {
				if strings.Contains(w.Body.String()+fmt.Sprint(w.Header()), s) {
					t.Errorf("%v as %s: the secret is in the answer:\n%s", args, accept, w.Body)
				}
			}
		}
	}
}

// One handler answers many at once, each with its own.
func TestServiceAtOnce(t *testing.T) {
	h := (&serving{limit: 1}).api(nil, nil)
	inputs := []string{"MAMBAf8=", "nothing", "-----BEGIN X-----\nMAMBAf8=\n-----END X-----\n", "30030101ff"}
	want := make([]string, len(inputs))
	ask := func(i int) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/api/inspect?at="+at, strings.NewReader(inputs[i])))
		return w.Body.String()
	}
	for i := range inputs {
		want[i] = ask(i)
	}
	var all sync.WaitGroup
	for n := range 64 {
		all.Go(func() {
			if i := n % len(inputs); ask(i) != want[i] {
				t.Errorf("%q is answered otherwise beside others", inputs[i])
			}
		})
	}
	all.Wait()
}

func TestTurns(t *testing.T) {
	wait, octets := turns(4), int64(heavy)
	gone, leave := context.WithCancel(t.Context())
	leave() // who cannot be let in at once is told so
	enter := func(addr string, ok bool) (done func()) {
		t.Helper()
		r := httptest.NewRequestWithContext(gone, "POST", "/api/inspect", nil)
		r.RemoteAddr = addr
		done, err := wait(r, octets)
		if (err == nil) != ok {
			t.Errorf("%s: %v", addr, err)
		}
		return done
	}
	here := enter("127.0.0.1:1", true)
	one := enter("192.0.2.1:1", true)
	enter("192.0.2.1:2", true)
	enter("192.0.2.1:3", false)
	enter("127.0.0.1:2", true)
	enter("127.0.0.1:3", false)
	one()
	last := enter("192.0.2.1:4", true)
	enter("[2001:db8::1]:1", false)
	last()
	here()
	enter("127.0.0.1:4", true)
	enter("192.0.2.1:5", true)
	enter("127.0.0.1:5", false)

	wait, octets = turns(4), heavy+1 // of those there is one at a time, whoever sends it
	large := enter("127.0.0.1:1", true)
	enter("192.0.2.1:1", false)
	large()
	enter("192.0.2.1:1", true)
	octets = heavy
	enter("192.0.2.1:2", true)
}
