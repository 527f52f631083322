package schema

import "testing"

func TestValidate(t *testing.T) {
	const s = `{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{
		"n":{"type":"integer","minimum":0},"s":{"type":["string","null"],"enum":["x",null]},"l":{"type":"array","items":{"$ref":"#/$defs/a"}},
		"h":{"type":"string","pattern":"^[0-9a-f]*$"},"t":{"type":"string","format":"date-time"}},
		"required":["n"],"additionalProperties":false}}}`
	for doc, fits := range map[string]bool{
		`{"n":1}`:                  true,
		`{"n":1,"s":null}`:         true,
		`{"n":1,"l":[{"n":2}]}`:    true,
		`{"n":1,"h":"0a"}`:         true,
		`{}`:                       false,
		`{"n":-1}`:                 false,
		`{"n":1.5}`:                false,
		`{"n":1,"s":"y"}`:          false,
		`{"n":1,"l":[{}]}`:         false,
		`{"n":1,"more":1}`:         false,
		`{"n":1,"h":"0A"}`:         false,
		`{"n":1,"t":"yesterday"}`:  false,
		`{"n":1,"t":"2026-01-01"}`: false,
		`[]`:                       false,
	} {
		if err := Validate([]byte(s), []byte(doc)); (err == nil) != fits {
			t.Errorf("%s: %v", doc, err)
		}
	}
	if Validate([]byte(`{"maximum":1}`), []byte(`0`)) == nil {
		t.Error("a keyword that is not known passes")
	}
}
