package report

import (
	"reflect"
	"strings"
)

// The types of this file are the report as JSON has it, member by member in
// the order in which they are written. Nothing is ever held in them: Schema is
// made of them, and a test holds what json.go writes against that.
//
// A member with omitempty can be absent. The words of the tag "is" say more
// than the type can: a choice of words, or a form.

type jsonReport struct {
	Schema       int               `json:"schema" is:"1" doc:"version of this contract"`
	At           *string           `json:"at" is:"date-time" doc:"evaluation time; null if there is none, and what depends on it is open"`
	Artifacts    []jsonArtifact    `json:"artifacts" doc:"what was found, in order of appearance"`
	Transactions []jsonTransaction `json:"transactions"`
}

type jsonArtifact struct {
	ID        string         `json:"id" doc:"a1, a2, …"`
	Kind      string         `json:"kind" doc:"ocsp-response, certificate, …; asn1: no known kind; unknown: nothing was recognised"`
	Format    string         `json:"format,omitempty" doc:"variant of the kind"`
	Title     string         `json:"title"`
	Size      int            `json:"size" doc:"octets after armour"`
	SHA256    string         `json:"sha256,omitempty" is:"hex" doc:"absent for secrets"`
	Source    jsonSource     `json:"source"`
	Roles     []jsonRole     `json:"roles"`
	Verdict   jsonVerdict    `json:"verdict"`
	Checks    []jsonCheck    `json:"checks" doc:"the status tree"`
	Clients   []jsonOutcome  `json:"clients" doc:"what programs that receive it do"`
	Servers   []jsonOutcome  `json:"servers" doc:"what programs that are to send it do"`
	Callbacks []jsonCallback `json:"callbacks" doc:"what an application's callback meets and decides"`
	Summary   jsonSummary    `json:"summary" doc:"the few words that scripts ask for; by kind"`
	Fields    *jsonField     `json:"fields,omitempty" doc:"root of the fields"`
	Problems  []jsonProblem  `json:"problems" doc:"what stopped or bent decoding"`
}

type jsonSource struct {
	Name    string   `json:"name" doc:"of the file, or paste"`
	Offset  int      `json:"offset"`
	Length  int      `json:"length"`
	Armor   []string `json:"armor" doc:"what was peeled off, outermost first"`
	Carrier string   `json:"carrier,omitempty" doc:"the artifact that it lay in"`
}

type jsonRole struct {
	Role string `json:"role" doc:"subject, issuer, responder, signer, anchor, …; duplicate: the same octets; edited copy, set aside: the one is judged in the place of the other"`
	Of   string `json:"of" doc:"the artifact that it serves"`
	// A staple stands beside one certificate of several.
	Entry *int `json:"entry,omitempty" doc:"its place in that artifact, from 0"`
}

type jsonVerdict struct {
	Status   string `json:"status" is:"status"`
	Headline string `json:"headline"`
	Detail   string `json:"detail,omitempty"`
}

type jsonCheck struct {
	ID       string      `json:"id"`
	Title    string      `json:"title" doc:"a statement that is true when the check passes"`
	Status   string      `json:"status" is:"status"`
	Note     bool        `json:"note,omitempty" doc:"a pass with a remark"`
	Why      string      `json:"why,omitempty"`
	Refs     []string    `json:"refs,omitempty" doc:"absent in a group"`
	Fields   []string    `json:"fields,omitempty" doc:"paths of the fields it looked at, the most telling first"`
	Needs    []string    `json:"needs,omitempty" doc:"what would settle it, of status open"`
	Advice   bool        `json:"advice,omitempty" doc:"does not count for the verdict"`
	Profile  string      `json:"profile,omitempty" doc:"the profile it belongs to"`
	Children []jsonCheck `json:"children,omitempty"`
}

type jsonOutcome struct {
	Client  string   `json:"client"`
	Version string   `json:"version"`
	Way     string   `json:"way,omitempty" doc:"how a server gets it"`
	Outcome string   `json:"outcome" doc:"accept, reject, soft-fail, open; of servers: loads, refused, served anyway, open"`
	Reason  string   `json:"reason" doc:"in the program's own words"`
	Why     string   `json:"why,omitempty" doc:"the cause behind it"`
	Rules   []string `json:"rules,omitempty" doc:"the checks that it comes of"`
	Show    string   `json:"show,omitempty" doc:"a command or call that shows it"`
}

type jsonCallback struct {
	Callback string       `json:"callback"`
	Side     string       `json:"side" is:"client|server"`
	Protocol string       `json:"protocol"`
	Called   bool         `json:"called"`
	Sees     string       `json:"sees,omitempty"`
	Returns  []jsonReturn `json:"returns"`
	Why      string       `json:"why,omitempty"`
}

type jsonReturn struct {
	Status  string `json:"status,omitempty" doc:"what the callback is told when this holds"`
	Value   string `json:"value"`
	Outcome string `json:"outcome"`
	Default bool   `json:"default,omitempty"`
	Advised bool   `json:"advised,omitempty" doc:"a careful application returns this"`
	Seen    bool   `json:"seen,omitempty" doc:"what was found fits this"`
}

type jsonSummary struct {
	Readable       string `json:"readable" is:"status" doc:"of structure alone"`
	ResponseStatus string `json:"responseStatus,omitempty" doc:"of an ocsp-response"`
	CertStatus     string `json:"certStatus,omitempty" is:"good|revoked|unknown|none"`
	Matches        string `json:"matches,omitempty" is:"status" doc:"it answers for the subject"`
	Proven         string `json:"proven,omitempty" is:"status" doc:"signer, its authority, signature, critical extensions"`
	Fresh          string `json:"fresh,omitempty" is:"status"`
	Requests       *int   `json:"requests,omitempty" doc:"of an ocsp-request"`
	Signature      string `json:"signature,omitempty" is:"status"`
}

type jsonField struct {
	Name     string      `json:"name"`
	Path     string      `json:"path" doc:"the names from the top joined by /"`
	Type     string      `json:"type"`
	Value    any         `json:"value,omitempty" doc:"by type: a number, or a string of digits beyond 2^53; a boolean; RFC 3339; dotted; hex; text"`
	Text     string      `json:"text,omitempty" doc:"for people"`
	Offset   int         `json:"offset" doc:"octets into the artifact, or into its layer"`
	Header   int         `json:"header" doc:"octets of tag and length"`
	Length   int         `json:"length" doc:"octets in all, tag and length included"`
	Status   string      `json:"status,omitempty" is:"status" doc:"the worst of the checks that name it first"`
	Note     string      `json:"note,omitempty"`
	Ref      string      `json:"ref,omitempty"`
	Children []jsonField `json:"children,omitempty"`
	More     *jsonMore   `json:"more,omitempty" doc:"the elements of a long list that are left out"`
	Layer    string      `json:"layer,omitempty" doc:"the derived octets that it lies in"`
	Secret   bool        `json:"secret,omitempty" doc:"it has no value unless revealed"`
}

type jsonMore struct {
	Count  int `json:"count,omitempty"`
	Offset int `json:"offset"`
	Length int `json:"length"`
}

type jsonProblem struct {
	Offset  int    `json:"offset"`
	Path    string `json:"path,omitempty"`
	Message string `json:"message"`
}

type jsonTransaction struct {
	ID        string         `json:"id" doc:"t1, t2, …"`
	Kind      string         `json:"kind" is:"cmp|tls"`
	Title     string         `json:"title"`
	Artifacts []string       `json:"artifacts"`
	Verdict   jsonVerdict    `json:"verdict"`
	Checks    []jsonCheck    `json:"checks"`
	Callbacks []jsonCallback `json:"callbacks,omitempty"`
	Outcomes  []jsonCall     `json:"outcomes,omitempty" doc:"what an application's calls give"`
}

type jsonCall struct {
	Call      string       `json:"call"`
	Version   string       `json:"version,omitempty"`
	Returns   string       `json:"returns,omitempty"`
	Status    *int         `json:"status,omitempty" is:"signed" doc:"OSSL_CMP_CTX_get_status afterwards"`
	FailInfo  []string     `json:"failInfo,omitempty" doc:"failure bits that the server sent, by name"`
	Errors    []string     `json:"errors,omitempty" doc:"by name, innermost first"`
	Reason    string       `json:"reason,omitempty"`
	Next      string       `json:"next,omitempty" doc:"what to do now"`
	Callbacks []jsonAnswer `json:"callbacks,omitempty" doc:"what callbacks were told on the way, and must have returned"`
}

type jsonAnswer struct {
	Callback string   `json:"callback" is:"session_ticket|status|client_cert"`
	Side     string   `json:"side" is:"client|server"`
	Called   bool     `json:"called,omitempty" doc:"absent where it cannot be seen"`
	Status   string   `json:"status,omitempty" doc:"SUCCESS_RENEW, octets:471, -1"`
	Returns  []string `json:"returns,omitempty" doc:"all that fit"`
	Rows     []string `json:"rows,omitempty" doc:"measured combinations that fit"`
}

// Schema is the JSON Schema (2020-12) of what JSON writes.
func Schema() []byte {
	w := &jsonWriter{}
	w.open('{')
	w.key("$schema")
	w.str("https://json-schema.org/draft/2020-12/schema")
	w.key("title")
	w.str("derscope report")
	w.key("$ref")
	w.str("#/$defs/report")
	w.key("$defs")
	w.open('{')
	w.definitions(reflect.TypeFor[jsonReport](), map[reflect.Type]bool{})
	w.close('}')
	w.close('}')
	return append(w.b, '\n')
}

func definition(t reflect.Type) string { return strings.ToLower(strings.TrimPrefix(t.Name(), "json")) }

// definitions writes the schema of a struct and of those that it holds, each once.
func (w *jsonWriter) definitions(t reflect.Type, seen map[reflect.Type]bool) {
	if t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		w.definitions(t.Elem(), seen)
		return
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	w.key(definition(t))
	w.open('{')
	w.key("type")
	w.str("object")
	w.key("properties")
	w.open('{')
	var required []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		if option == "" {
			required = append(required, name)
		}
		w.key(name)
		w.open('{')
		w.text("description", f.Tag.Get("doc"))
		w.schemaOf(f.Type, f.Tag.Get("is"), option == "")
		w.close('}')
	}
	w.close('}')
	array(w, "required", required, w.one)
	// Kinds to come add members to the summary; elsewhere a member that is
	// not described is a mistake.
	w.key("additionalProperties")
	w.bool(t == reflect.TypeFor[jsonSummary]())
	w.close('}')
	for i := range t.NumField() {
		w.definitions(t.Field(i).Type, seen)
	}
}

func (w *jsonWriter) schemaOf(t reflect.Type, is string, required bool) {
	switch t.Kind() {
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.String && required { // it can be null
			w.key("type")
			w.open('[')
			w.str("string")
			w.str("null")
			w.close(']')
			w.text("format", is)
			return
		}
		w.schemaOf(t.Elem(), is, required)
	case reflect.Struct:
		w.key("$ref")
		w.str("#/$defs/" + definition(t))
	case reflect.Slice:
		w.key("type")
		w.str("array")
		w.key("items")
		w.open('{')
		w.schemaOf(t.Elem(), "", true)
		w.close('}')
	case reflect.Bool:
		w.key("type")
		w.str("boolean")
	case reflect.Int:
		w.key("type")
		w.str("integer")
		switch {
		case is == "signed":
			return
		case is != "":
			w.key("const")
			w.raw(is)
			return
		}
		w.number("minimum", 0)
	case reflect.String:
		w.key("type")
		w.str("string")
		w.words(is)
	case reflect.Interface: // any value but a structure
		w.key("type")
		w.open('[')
		for _, s := range []string{"string", "number", "boolean", "null"} {
			w.str(s)
		}
		w.close(']')
	}
}

func (w *jsonWriter) words(is string) {
	switch is {
	case "":
		return
	case "hex":
		w.key("pattern")
		w.str("^[0-9a-f]*$")
		return
	case "status":
		is = "pass|warn|fail|open"
	}
	words := strings.Split(is, "|")
	array(w, "enum", words, w.one)
}
