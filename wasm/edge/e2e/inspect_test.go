//go:build linux

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// input is a file of a vector.
func input(t *testing.T, vector, name string) []byte {
	t.Helper()
	a, err := txtar.ParseFile("../../../testdata/" + vector + ".txtar")
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

// part is one of a form: its name, the name of a file or "", and what it holds.
type part struct {
	name, file string
	octets     []byte
}

// form is a request with a form as body.
func form(target string, parts ...part) ask {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.SetBoundary("a-boundary-that-no-input-holds")
	for _, p := range parts {
		var to io.Writer // a buffer takes everything
		if p.file == "" {
			to, _ = w.CreateFormField(p.name)
		} else {
			to, _ = w.CreateFormFile(p.name, p.file)
		}
		to.Write(p.octets)
	}
	w.Close()
	return ask{"POST", target, body.Bytes(), []string{"Content-Type", w.FormDataContentType()}}
}

func TestInspect(t *testing.T) {
	w := edge(t)
	der, err := hex.DecodeString(strings.Join(strings.Fields(string(input(t, "armor/der", "paste.hex"))), ""))
	if err != nil {
		t.Fatal(err)
	}
	leaf, ca := input(t, "ocsp/good-ca-byname", "leaf.pem"), input(t, "ocsp/good-ca-byname", "issuer.pem")
	const to = "/api/inspect?at=" + at
	post := func(target string, body []byte, fields ...string) ask { return ask{"POST", target, body, fields} }
	long := bytes.Repeat([]byte("A"), 2000)
	for what, c := range map[string]struct {
		ask
		status int
	}{
		"DER":            {post(to, der), 200},
		"PEM":            {post(to, leaf), 200},
		"hex":            {post(to, []byte(hex.EncodeToString(der))), 200},
		"base64":         {post(to, []byte(base64.StdEncoding.EncodeToString(der))), 200},
		"garbage":        {post(to, bytes.Repeat([]byte("\x00\xff\x10garbage\n"), 5000)), 200},
		"one octet":      {post(to, []byte{0}), 200},
		"nothing":        {post(to, nil), 400},
		"curl's type":    {post(to, der, "Content-Type", "application/x-www-form-urlencoded"), 200},
		"odd fields":     {post(to, der, "Content-Type", "text/plain; a=\"b, c\"", "User-Agent", "a, b; c", "X-Many", "1", "X-Many", "2"), 200},
		"text":           {post(to, der, "Accept", "text/plain"), 200},
		"Markdown":       {post(to, der, "Accept", "text/markdown"), 200},
		"JSON":           {post(to, der, "Accept", "application/json, text/plain;q=0.9"), 200},
		"several wants":  {post(to, der, "Accept", "text/html", "Accept", "text/plain;q=0.5"), 200},
		"no such form":   {post(to, der, "Accept", "image/png"), 406},
		"nothing at all": {post(to, der, "Accept", "*/*;q=0"), 406},

		"at":           {post("/api/inspect?at=2031-01-01T00:00:00Z", der), 200},
		"an offset":    {post("/api/inspect?at=2026-11-20T10:12:00%2B01:00", der), 200},
		"profile":      {post(to+"&profile=br&profile=mozilla", der), 200},
		"all":          {post(to+"&all", der), 200},
		"set":          {post(to+"&set="+url.QueryEscape("expectedSender=CN=Ä, O=&"), input(t, "cmp/recip-kid", "01-ir.pem")), 200},
		"nonce":        {post(to+"&nonce=0x00:11", der), 200},
		"no time":      {post("/api/inspect?at=today", der), 400},
		"no profile":   {post(to+"&profile=xy", der), 400},
		"half escaped": {post(to+"&set=%zz", der), 400},
		"a semicolon":  {post(to+";profile=br", der), 400},
		"long value":   {post(to+"&set=expectedSender="+string(long), der), 400},
		"a secret":     {post(to+"&secret=pass:x", der), 400},
		"a fragment":   {post(to+"&profile=%23br", der), 400},

		"compressed":  {post(to, der, "Content-Encoding", "gzip"), 415},
		"other parts": {post(to, der, "Content-Type", "multipart/mixed; boundary=x"), 415},
		"no boundary": {post(to, der, "Content-Type", "multipart/form-data"), 400},
		"no form":     {post(to, der, "Content-Type", "multipart/form-data; boundary=x"), 400},

		"roles":           {form(to, part{"file", "a.der", der}, part{"issuer", "ca.pem", ca}, part{"subject", "leaf.pem", leaf}), 200},
		"beside":          {form("/api/inspect", part{"with", "ca.pem", ca}, part{"paste", "", leaf}, part{"at", "", []byte(at)}, part{"profile", "", []byte("br")}), 200},
		"names of files":  {form(to, part{"file", "Zertifikat «ä», 证书.pem", leaf}, part{"file", `a"b\c.pem`, leaf}), 200},
		"a secret file":   {form(to, part{"file", "a", der}, part{"secret", "s.bin", []byte{0, 255, 10, 13}}), 200},
		"secrets":         {form(to, part{"file", "a", der}, part{"secret", "", []byte("pass:sécret")}, part{"ticket-key", "", []byte("hex:00ff")}), 200},
		"a path here":     {form(to, part{"file", "a", der}, part{"secret", "", []byte("file:/etc/passwd")}), 400},
		"another part":    {form(to, part{"isuer", "a", der}), 400},
		"only options":    {form(to, part{"at", "", []byte(at)}), 400},
		"empty files":     {form(to, part{"file", "a", nil}, part{"file", "b", nil}), 400},
		"too many parts":  {form(to, bytesOf(1100)...), 413},
		"many parts":      {form(to, bytesOf(1000)...), 200},
		"text of a form":  {withField(form(to, part{"file", "a.der", der}), "Accept", "text/plain"), 200},
		"an origin":       {post(to, der, "Origin", "https://example.org"), 200},
		"a method":        {ask{"GET", to, nil, nil}, 405},
		"another method":  {ask{"PUT", to, der, nil}, 405},
		"a slash more":    {post("/api/inspect/", der), 404},
		"an escaped path": {post("/api/%69nspect?at="+at, der), 200},
	} {
		t.Run(what, func(t *testing.T) {
			g := w.same(t, c.ask, c.status)
			if kind := g.header.Get("Content-Type"); g.status >= 400 && kind != "application/problem+json" {
				t.Errorf("an error of type %q", kind)
			}
			if g.header.Get("Access-Control-Allow-Origin") != "*" && g.status != 404 {
				t.Errorf("pages of others cannot read it: %v", g.header)
			}
		})
	}
}

func bytesOf(n int) (parts []part) {
	for range n {
		parts = append(parts, part{"file", "a", []byte{5, 0}})
	}
	return parts
}

func withField(a ask, name, value string) ask {
	a.fields = append(a.fields, name, value)
	return a
}

// What is said of the service itself is said alike, but for the version.
func TestCatalogues(t *testing.T) {
	w := edge(t)
	for _, path := range []string{"/api/schema", "/api/checks"} {
		g := w.same(t, ask{"GET", path, nil, nil}, 200)
		if !json.Valid(g.body) {
			t.Errorf("%s is no JSON", path)
		}
		w.same(t, ask{"HEAD", path, nil, nil}, 200)
		w.same(t, ask{"GET", path, nil, []string{"If-None-Match", g.header.Get("ETag")}}, 304)
		w.same(t, ask{"POST", path, []byte("x"), nil}, 405)
		w.same(t, ask{"OPTIONS", path, nil, nil}, 204)
	}
	var health struct {
		Version string
		Relay   bool
	}
	g := w.ask(t, ask{"GET", "/api/health", nil, nil})
	if err := json.Unmarshal(g.body, &health); err != nil || g.status != 200 || health.Version == "" || !health.Relay {
		t.Errorf("health: %d %q, %v", g.status, g.body, err)
	}
	for _, path := range []string{"/api/", "/api/nothing", "/api/checks/", "/api//checks", "/api/../api/nothing"} {
		w.same(t, ask{"GET", path, nil, nil}, 404)
	}
}

func TestCORS(t *testing.T) {
	w := edge(t)
	g := w.same(t, ask{"OPTIONS", "/api/inspect", nil, []string{"Origin", "https://example.org", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type"}}, 204)
	if g.header.Get("Access-Control-Allow-Origin") != "*" || g.header.Get("Access-Control-Allow-Methods") != "POST" || g.header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%v", g.header)
	}
	for _, path := range []string{"/api/ocsp", "/api/schema", "/api/nothing"} {
		g := w.same(t, ask{"OPTIONS", path, nil, []string{"Origin", "https://example.org", "Access-Control-Request-Method", "POST"}}, 0)
		if g.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, g.header)
		}
	}
}

// Every answer says that it is data.
func TestSecurityHeaders(t *testing.T) {
	w := edge(t)
	for _, path := range []string{"/api/inspect", "/api/ocsp", "/api/ocsp/x", "/api/schema", "/api/checks", "/api/health", "/api/nothing"} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "PUT"} {
			g := w.ask(t, ask{method, path, nil, nil})
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'"} {
				if !strings.HasPrefix(g.header.Get(name), want) {
					t.Errorf("%s %s: %d without %s: %v", method, path, g.status, name, g.header)
				}
			}
			if len(g.body) > 0 && (g.header.Get("Content-Type") == "" || method == "HEAD") {
				t.Errorf("%s %s: %d with %q, of type %q", method, path, g.status, g.body, g.header.Get("Content-Type"))
			}
		}
	}
}
