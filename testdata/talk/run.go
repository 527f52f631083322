package talk

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/sha256"
	"fmt"
	"time"

	"derscope/decode/suite"
)

// run is a conversation that is being made.
type run struct {
	Wishes
	t      *Talk
	s      suite.Suite
	seal   [3]*sealer
	all    [][]byte // messages as they are hashed
	now    time.Time
	last   Side
	over   bool
	random [3][]byte
	key    [3]*ecdh.PrivateKey
	first  []byte // the hello before a HelloRetryRequest
}

// sealer protects the records of one side.
type sealer struct {
	aead  cipher.AEAD
	iv    []byte
	seq   uint64
	later bool // the form of TLS 1.3
}

// Run makes the conversation.
func (w Wishes) Run() *Talk {
	if w.Version == 0 {
		w.Version = 0x0304
	}
	if w.Suite == 0 {
		w.Suite = map[uint16]uint16{0x0303: 0xc02b, 0x0304: 0x1301}[w.Version]
	}
	for _, v := range []*uint16{&w.Scheme, &w.ClientScheme} {
		if *v == 0 {
			*v = 0x0403
		}
	}
	if w.Start.IsZero() {
		w.Start = time.Date(2026, 11, 20, 11, 59, 0, 0, time.UTC)
	}
	s, ok := suite.Lookup(w.Suite)
	if !ok {
		panic(fmt.Sprintf("talk: no suite %04x", w.Suite))
	}
	r := &run{Wishes: w, s: s, t: &Talk{Version: w.Version}, now: w.Start}
	for _, side := range []Side{Client, Server} {
		r.random[side] = Random(w.Seed+" random of the "+side.String(), 32)
		key, err := ecdh.X25519().NewPrivateKey(Random(w.Seed+" key of the "+side.String(), 32))
		if err != nil {
			panic(err)
		}
		r.key[side] = key
	}
	r.t.ClientRandom = r.random[Client]
	if w.Version == 0x0304 {
		r.run13()
	} else {
		r.run12()
	}
	return r.t
}

// send sends a handshake message, if there is still somebody who listens.
func (r *run) send(from Side, name string, message []byte) []byte {
	if r.over {
		return nil
	}
	if r.Edit != nil {
		if message = r.Edit(name, from, message); message == nil {
			return nil
		}
	}
	r.all = append(r.all, message)
	r.record(from, 22, name, message)
	if name == r.Stop {
		a := r.Alert
		r.record(a.From, 21, "Alert", []byte{a.Level, a.Description})
		r.over = true
	}
	return message
}

// record sends one record.
func (r *run) record(from Side, typ byte, name string, plain []byte) {
	if r.over {
		return
	}
	if r.last != from && r.last != 0 {
		r.now = r.now.Add(20 * time.Millisecond)
	}
	r.last = from
	version := []byte{3, 3}
	if name == "ClientHello" && len(r.t.Sent) == 0 {
		version = []byte{3, 1}
	}
	s := Sent{From: from, Type: typ, Name: name, Plain: plain, At: r.now}
	if k := r.seal[from]; k != nil && (typ != 20) {
		s.Protected = true
		s.Record = k.record(typ, plain)
	} else {
		s.Record = join([]byte{typ}, version, Vec(2, plain))
	}
	r.t.Sent = append(r.t.Sent, s)
}

func (k *sealer) record(typ byte, plain []byte) []byte {
	nonce := append([]byte(nil), k.iv...)
	seq := Num(8, k.seq)
	k.seq++
	if !k.later {
		// TLS 1.2: the nonce is four octets of the key block and eight that are sent.
		nonce = append(nonce, seq...)
		sealed := k.aead.Seal(nil, nonce, plain, join(seq, []byte{typ, 3, 3}, Num(2, uint64(len(plain)))))
		return join([]byte{typ, 3, 3}, Vec(2, seq, sealed))
	}
	for i, c := range seq {
		nonce[len(nonce)-8+i] ^= c
	}
	plain = append(append([]byte(nil), plain...), typ)
	head := join([]byte{23, 3, 3}, Num(2, uint64(len(plain)+k.aead.Overhead())))
	return k.aead.Seal(head, nonce, plain, head)
}

func sealing(key, iv []byte, later bool) *sealer {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return &sealer{aead: aead, iv: iv, later: later}
}

func (r *run) log(label string, secret []byte) {
	r.t.KeyLog += fmt.Sprintf("%s %x %x\n", label, r.random[Client], secret)
}

func (r *run) transcript() []byte { return join(r.all...) }

func (r *run) shared() []byte {
	b, err := r.key[Client].ECDH(r.key[Server].PublicKey())
	if err != nil {
		panic(err)
	}
	return b
}

// hello makes the ClientHello, without pre_shared_key.
func (r *run) hello() *Hello {
	h := &Hello{Version: 0x0303, Random: r.random[Client], Compression: []byte{0},
		Suites: []uint16{0x1301, 0x1302, 0xc02b, 0xc02f, 0x00ff}}
	if r.s.Hash == suite.SHA384 && !r.s.TLS13 || r.Version == 0x0303 {
		h.Suites = []uint16{r.Suite, 0xc02f, 0x00ff}
	}
	add := func(typ uint16, body ...[]byte) { h.Extensions = append(h.Extensions, Ext(typ, body...)) }
	if r.Host != "" {
		add(0, Vec(2, []byte{0}, Vec(2, []byte(r.Host))))
	}
	add(11, Vec(1, []byte{0}))
	add(10, Vec(2, Nums(2, 29, 23)))
	if r.Version == 0x0303 {
		switch {
		case r.Resume != nil:
			add(35, r.Resume.Ticket)
		case r.Tickets != nil:
			add(35)
		}
	}
	if r.ALPN != nil {
		var list [][]byte
		for _, p := range r.ALPN {
			list = append(list, Vec(1, []byte(p)))
		}
		add(16, Vec(2, list...))
	}
	if r.AskStatus || r.Staple != nil {
		add(5, []byte{1, 0, 0, 0, 0})
	}
	add(23)
	add(13, Vec(2, Nums(2, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805)))
	if r.Version == 0x0304 {
		h.SessionID = Random(r.Seed+" session id", 32)
		add(43, Vec(1, Nums(2, 0x0304, 0x0303)))
		add(45, Vec(1, []byte{1}))
		add(51, Vec(2, Num(2, 29), Vec(2, r.key[Client].PublicKey().Bytes())))
	} else if r.Resume != nil {
		id := sha256.Sum256(r.Resume.Ticket)
		h.SessionID = id[:]
	}
	return h
}

func (r *run) certificate13(chain [][]byte, staples ...[]byte) []byte {
	var list [][]byte
	for i, c := range chain {
		var x [][]byte
		if i < len(staples) && staples[i] != nil {
			x = append(x, Ext(5, []byte{1}, Vec(3, staples[i])))
		}
		list = append(list, Vec(3, c), Vec(2, x...))
	}
	return Msg(11, Vec(1), Vec(3, list...))
}

func certificate12(chain [][]byte) []byte {
	var list [][]byte
	for _, c := range chain {
		list = append(list, Vec(3, c))
	}
	return Msg(11, Vec(3, list...))
}

func vectors(n int, list [][]byte) []byte {
	var all [][]byte
	for _, b := range list {
		all = append(all, Vec(n, b))
	}
	return join(all...)
}
