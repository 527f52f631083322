package enrol

import (
	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/path"
	"derscope/decode/report"
)

// paths is the pool of all certificates at hand.
func (x *Index) paths() *path.Pool {
	if x.pool == nil {
		x.pool = x.pathsWith(nil, nil)
	}
	return x.pool
}

// pathsWith is the pool with further certificates, and with further anchors.
func (x *Index) pathsWith(others, anchors []*cert.Certificate) *path.Pool {
	others = others[:len(others):len(others)]
	anchors = anchors[:len(anchors):len(anchors)]
	for _, f := range x.Certificates {
		if f.Said == "anchor" {
			anchors = append(anchors, f.Is)
		} else {
			others = append(others, f.Is)
		}
	}
	return path.NewPool(anchors, others)
}

// itemOf is the exhibit with the octets of a certificate, or -1.
func (x *Index) itemOf(k *cert.Certificate) int {
	if k == nil {
		return -1
	}
	if x.byCert == nil {
		x.byCert = map[string]int{}
		for i := len(x.Certificates) - 1; i >= 0; i-- {
			x.byCert[string(x.Certificates[i].Is.Raw)] = x.Certificates[i].Item
		}
	}
	if i, ok := x.byCert[string(k.Raw)]; ok {
		return i
	}
	return -1
}

// caPubs are the certificates that earlier answers of the transaction made
// anchors: those of caPubs, where a MAC vouches for them.
//
// RFC 9810, section 5.3.2
func (v *View) caPubs(c *check.Context) (list []*cert.Certificate) {
	if v.In == nil || v.From == cmp.Client {
		return nil
	}
	for _, o := range v.In.Messages[:v.Place] {
		if o.Body.Reply != nil && len(o.Body.Reply.CAPubs.List) > 0 && o.MAC(c).Status == report.Pass {
			list = append(list, o.Body.Reply.CAPubs.List...)
		}
	}
	return list
}
