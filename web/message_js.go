package web

import (
	"syscall/js"
	"time"

	"derscope/decode/report"
)

// Requests and replies cross between page and worker by structured clone; their
// octets do not: the buffers are handed over, and counted in a list beside the
// message.

// object is a JavaScript object that is being filled.
type object struct {
	js.Value
	buffers js.Value
}

func newObject() object {
	return object{js.Global().Get("Object").New(), js.Global().Get("Array").New()}
}

// octets leaves the member out when there are none: nil stays nil.
func (o object) octets(key string, b []byte) {
	if b == nil {
		return
	}
	a := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(a, b)
	o.Set(key, a)
	o.buffers.Call("push", a.Get("buffer"))
}

func octetsOf(v js.Value) []byte {
	if v.IsUndefined() {
		return nil
	}
	b := make([]byte, v.Length())
	js.CopyBytesToGo(b, v)
	return b
}

func (r Request) message() (m, buffers js.Value) {
	o := newObject()
	o.Set("id", r.ID)
	o.Set("op", r.Op)
	o.Set("case", r.Case)
	inputs := js.Global().Get("Array").New()
	for _, in := range r.Inputs {
		i := object{js.Global().Get("Object").New(), o.buffers}
		i.Set("name", in.Name)
		i.Set("role", in.Role)
		i.Set("secret", in.Secret)
		i.Set("kind", in.Kind)
		i.Set("instead", in.Instead)
		i.octets("bytes", in.Bytes)
		inputs.Call("push", i.Value)
	}
	o.Set("inputs", inputs)
	if !r.Ask.At.IsZero() {
		o.Set("at", r.Ask.At.Unix())
	}
	o.Set("before", r.Ask.Before)
	profiles := js.Global().Get("Array").New()
	for _, p := range r.Ask.Profiles {
		profiles.Call("push", p)
	}
	o.Set("profiles", profiles)
	said := js.Global().Get("Array").New()
	for _, r := range r.Ask.Roles {
		said.Call("push", r.SHA256, r.Role)
	}
	o.Set("roles", said)
	set := js.Global().Get("Array").New()
	for _, p := range r.Ask.Set {
		set.Call("push", p.Name, p.Value)
	}
	o.Set("settings", set)
	o.octets("nonce", r.Ask.Nonce)
	o.Set("list", int(r.List))
	o.Set("from", r.From)
	o.Set("n", r.N)
	o.Set("reveal", r.Reveal)
	o.Set("text", r.Text)
	o.octets("octets", r.Octets)
	return o.Value, o.buffers
}

func requestFrom(m js.Value) Request {
	r := Request{
		ID:     m.Get("id").Int(),
		Op:     m.Get("op").String(),
		Case:   m.Get("case").Int(),
		List:   report.Ref(m.Get("list").Int()),
		From:   m.Get("from").Int(),
		N:      m.Get("n").Int(),
		Reveal: m.Get("reveal").Bool(),
		Text:   m.Get("text").String(),
		Octets: octetsOf(m.Get("octets")),
	}
	inputs := m.Get("inputs")
	for i := range inputs.Length() {
		in := inputs.Index(i)
		r.Inputs = append(r.Inputs, Evidence{
			Name:   in.Get("name").String(),
			Bytes:  octetsOf(in.Get("bytes")),
			Role:   in.Get("role").String(),
			Secret: in.Get("secret").Bool(),

			Kind:    in.Get("kind").String(),
			Instead: in.Get("instead").String(),
		})
	}
	if at := m.Get("at"); !at.IsUndefined() {
		r.Ask.At = time.Unix(int64(at.Float()), 0).UTC()
	}
	r.Ask.Before = m.Get("before").Bool()
	profiles := m.Get("profiles")
	for i := range profiles.Length() {
		r.Ask.Profiles = append(r.Ask.Profiles, profiles.Index(i).String())
	}
	r.Ask.Nonce = octetsOf(m.Get("nonce"))
	said := m.Get("roles")
	for i := 0; i < said.Length(); i += 2 {
		r.Ask.Roles = append(r.Ask.Roles, Said{said.Index(i).String(), said.Index(i + 1).String()})
	}
	set := m.Get("settings")
	for i := 0; i < set.Length(); i += 2 {
		r.Ask.Set = append(r.Ask.Set, Setting{set.Index(i).String(), set.Index(i + 1).String()})
	}
	return r
}

func (r Reply) message() (m, buffers js.Value) {
	o := newObject()
	o.Set("id", r.ID)
	o.Set("case", r.Case)
	o.octets("wire", r.Wire)
	o.octets("pack", r.Pack)
	o.Set("error", r.Error)
	return o.Value, o.buffers
}

func replyFrom(m js.Value) Reply {
	return Reply{
		ID:    m.Get("id").Int(),
		Case:  m.Get("case").Int(),
		Wire:  octetsOf(m.Get("wire")),
		Pack:  octetsOf(m.Get("pack")),
		Error: m.Get("error").String(),
	}
}
