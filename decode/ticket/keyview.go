package ticket

import (
	"derscope/decode/check"
	"derscope/decode/report"
)

// KeyView is a key file with the tickets beside it.
type KeyView struct {
	*KeyFile
	keys   []Key
	tried  []trial
	opened int // tickets
	named  int // tickets that name one of the keys, opened or not
}

// trial is what the file makes of one ticket.
type trial struct {
	item int
	t    *Ticket
	o    Opening
}

// lookKeys tries the file on every ticket at hand.
func lookKeys(c *check.Context, f *KeyFile) *KeyView {
	own := ring{[]*KeyFile{f}, f.readings(c.Self)}
	v := &KeyView{KeyFile: f, keys: own.keys}
	for _, e := range check.All[*Ticket](c) {
		if len(v.tried) == mostTickets {
			break
		}
		o := e.Is.openWith(own, true)
		v.tried = append(v.tried, trial{e.Item, e.Is, o})
		if o.Proved() {
			v.opened++
		}
		if o.Status >= WrongMAC {
			v.named++
		}
	}
	return v
}

// fits is the first reading that opened a ticket, or nil.
func (v *KeyView) fits() *Key {
	for i := range v.tried {
		if v.tried[i].o.Proved() {
			return v.tried[i].o.Key
		}
	}
	return nil
}

// order is the word of the summary for how the keys are cut.
func (v *KeyView) order() string {
	k := v.fits()
	if k == nil {
		for i := range v.keys {
			if v.keys[i].Said {
				k = &v.keys[i]
				break
			}
		}
	}
	switch {
	case k == nil && !v.either() && len(v.keys) > 0:
		k = &v.keys[0]
	case k == nil:
		return "unknown"
	}
	switch k.Order {
	case NameAESHMAC, NameHMACAES, Derived:
		return string(k.Order)
	}
	return "unknown"
}

// either says that the file can be cut in two orders.
func (v *KeyView) either() bool {
	for i := range v.Blocks {
		if n := len(v.Blocks[i].Bytes); (n == 48 || n == 80) && v.Form != FormH2O && v.Form != FormS2N {
			return true
		}
	}
	return false
}

// program names whose file it is.
func (v *KeyView) program() string {
	if k := v.fits(); k != nil {
		return k.Program
	}
	for i := range v.keys {
		if v.keys[i].Said {
			return v.keys[i].Program
		}
	}
	return ""
}

// sizes lists the octets of the keys, each size once.
func (f *KeyFile) sizes() (list []int) {
	seen := map[int]bool{}
	for i := range f.Blocks {
		if n := len(f.Blocks[i].Bytes); !seen[n] {
			seen[n] = true
			list = append(list, n)
		}
	}
	return list
}

// at is the node of a key, or of the file.
func (f *KeyFile) at(i int) report.Ref {
	if i < len(f.Blocks) && f.Blocks[i].Ref != report.None {
		return f.Blocks[i].Ref
	}
	return f.Ref
}

// octets counts those of all keys, as they are after hex or base64.
func (f *KeyFile) octets() (n int) {
	for i := range f.Blocks {
		n += len(f.Blocks[i].Bytes)
	}
	return n
}
