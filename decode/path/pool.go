package path

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"derscope/decode/cert"
)

// Pool is the certificates that paths are built of. It depends on no time.
type Pool struct {
	anchors map[string]bool // by octets
	byName  map[string][]*cert.Certificate
	byRaw   map[string]*cert.Certificate
	above   map[*cert.Certificate][]*cert.Certificate // issuers by name, the likeliest first
}

// NewPool takes the anchors, and the others that may stand in between. Of
// several with the same octets one is kept.
func NewPool(anchors, others []*cert.Certificate) *Pool {
	p := &Pool{anchors: map[string]bool{}, byName: map[string][]*cert.Certificate{}, byRaw: map[string]*cert.Certificate{},
		above: map[*cert.Certificate][]*cert.Certificate{}}
	for _, k := range anchors {
		if p.add(k) {
			p.anchors[string(k.Raw)] = true
		}
	}
	for _, k := range others {
		p.add(k)
	}
	return p
}

func (p *Pool) add(k *cert.Certificate) bool {
	if k == nil || !k.OK {
		return false
	}
	if p.byRaw[string(k.Raw)] == nil {
		name := folded(k.Subject)
		p.byRaw[string(k.Raw)] = k
		p.byName[name] = append(p.byName[name], k)
	}
	return true
}

// Anchors says whether anything is trusted at all.
func (p *Pool) Anchors() bool { return len(p.anchors) > 0 }

// IsAnchor says that a certificate is trusted.
func (p *Pool) IsAnchor(k *cert.Certificate) bool { return p.anchors[string(k.Raw)] }

// one is the certificate of the pool with the same octets, whose verifications
// are remembered, or k itself.
func (p *Pool) one(k *cert.Certificate) *cert.Certificate {
	if o := p.byRaw[string(k.Raw)]; o != nil {
		return o
	}
	return k
}

// folded is a key that names have in common which are equal but for case, space
// and string types. Names with the same key need not be equal.
func folded(n cert.Name) string {
	var b strings.Builder
	for _, rdn := range n.RDNs {
		parts := make([]string, len(rdn))
		for i, a := range rdn {
			parts[i] = string(a.Type) + "=" + strings.Join(strings.Fields(strings.ToLower(a.Value)), " ")
		}
		sort.Strings(parts)
		b.WriteString(strings.Join(parts, "+"))
		b.WriteByte(0)
	}
	return b.String()
}

// issuers are the certificates whose subject is the issuer of k, the likeliest
// first: the one with the key identifier that k names, then anchors. RFC 5280
// has no order; a path that ends soon is easier to read.
func (p *Pool) issuers(k *cert.Certificate) []*cert.Certificate {
	if list, known := p.above[k]; known {
		return list
	}
	var list []*cert.Certificate
	for _, o := range p.byName[folded(k.Issuer)] {
		if _, same := o.Subject.Equal(k.Issuer); same {
			list = append(list, o)
		}
	}
	rank := func(o *cert.Certificate) int {
		n := 0
		if p.IsAnchor(o) {
			n++
		}
		switch aki, ski := k.AKI(), o.SKI(); {
		case aki != nil && bytes.Equal(aki, ski):
			n += 4
		case aki == nil || ski == nil:
			n += 2
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b *cert.Certificate) int { return rank(b) - rank(a) })
	p.above[k] = list
	return list
}
