package path

import (
	"bytes"
	"fmt"

	"derscope/decode/cert"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// search looks for the best path, depth first.
type search struct {
	*Pool
	Options
	pairs, signatures int
	work              int
	asked             map[[2]*cert.Certificate]bool // signatures that were counted
	limit             string                        // that ended the search
	deep              bool                          // a path was not followed to its end
	path              []Step
	best              *Path
}

// Find gives the best path from a certificate to an anchor: one whose steps all
// hold, else one that reaches an anchor with the fewest faults, else the longest.
func (p *Pool) Find(k *cert.Certificate, o Options) *Path {
	s := p.search(k, o)
	if s.best.Limit = s.limit; s.limit == "" && s.deep {
		s.best.Limit = tooDeep
	}
	return s.best
}

func (p *Pool) search(k *cert.Certificate, o Options) *search {
	s := &search{Pool: p, Options: o, asked: map[[2]*cert.Certificate]bool{}}
	s.path = []Step{s.first(p.one(k))}
	s.climb()
	return s
}

var tooDeep = fmt.Sprintf("a path of more than %d certificates is not followed", Depth)

// climb goes on from the last step, and says whether to stop: there is no
// better path than one that is found.
func (s *search) climb() bool {
	last := &s.path[len(s.path)-1]
	if s.IsAnchor(last.Certificate) {
		// An anchor that is not self-signed ends no path of OpenSSL's.
		last.Anchor = true
		if !s.OpenSSL || s.rooted(last.Certificate) {
			return s.offer("")
		}
		last.Anchor = false
	}
	k := last.Certificate
	issuers := s.issuers(k)
	if len(s.path) == Depth {
		s.deep = true
		return s.offer(upper(tooDeep))
	}
	wrong := ""
	for _, up := range issuers {
		if s.pairs == Pairs {
			s.limit = fmt.Sprintf("more than %d pairs of certificates were tried", Pairs)
			break
		}
		s.pairs++
		if s.onPath(up) {
			continue
		}
		step, ok := s.step(k, up)
		if s.limit != "" {
			break
		}
		if !ok {
			wrong = step.Answers[0].Why
			continue
		}
		s.path = append(s.path, step)
		stop := s.climb()
		s.path = s.path[:len(s.path)-1]
		if stop {
			return true
		}
	}
	return s.offer(s.why(k, wrong))
}

// signed verifies the signature of k with the key of up; false says that the
// bound of the search is reached.
func (s *search) signed(k, up *cert.Certificate) (sig.Result, bool) {
	if pair := [2]*cert.Certificate{k, up}; !s.asked[pair] {
		cost := Cost(up.PublicKey)
		if s.signatures == Signatures || s.work+cost > Work {
			s.limit = fmt.Sprintf("more than %d signatures would have to be verified", s.signatures)
			return sig.Result{}, false
		}
		s.asked[pair] = true
		s.signatures++
		s.work += cost
	}
	return k.SignedBy(up), true
}

// rooted says that a certificate is signed with its own key, or may be.
func (s *search) rooted(k *cert.Certificate) bool {
	if !k.SelfIssued() {
		return false
	}
	r, ok := s.signed(k, k)
	return ok && (r.Outcome == sig.Valid || r.Outcome == sig.Unknown)
}

// why says why there is no step above k.
func (s *search) why(k *cert.Certificate, wrong string) string {
	switch {
	case s.limit != "":
		return upper(s.limit)
	case wrong != "":
		return wrong
	case s.rooted(k) && len(s.path) > 1:
		return fmt.Sprintf("%s is signed with its own key and is no anchor here", title(k))
	case s.rooted(k):
		return "It is signed with its own key, and is no anchor here"
	}
	return fmt.Sprintf("%s is issued by %s, whose certificate is not at hand", title(k), report.Clean(k.Issuer.String()))
}

// offer compares the path with the best one so far, and says whether it is one
// than which there is none better.
func (s *search) offer(end string) bool {
	p := &Path{Steps: s.path, end: end}
	for _, step := range s.path {
		for _, a := range step.Answers {
			switch a.Status {
			case report.Fail:
				p.bad++
			case report.Open:
				p.odd++
			}
		}
	}
	if s.best == nil || p.better(s.best) {
		p.Steps = append([]Step(nil), s.path...)
		s.best = p
	}
	return p.Anchored() && p.bad == 0 && p.odd == 0 || s.limit != ""
}

// better says that p tells more than q.
func (p *Path) better(q *Path) bool {
	if p.Anchored() != q.Anchored() {
		return p.Anchored()
	}
	if !p.Anchored() && len(p.Steps) != len(q.Steps) {
		return len(p.Steps) > len(q.Steps)
	}
	if p.bad != q.bad {
		return p.bad < q.bad
	}
	return p.odd < q.odd
}

// onPath says that a certificate, or another of the same name and key, is on
// the path already: a circle of cross certificates leads nowhere.
func (s *search) onPath(k *cert.Certificate) bool {
	for i := range s.path {
		o := s.path[i].Certificate
		if o == k {
			return true
		}
		if _, same := o.Subject.Equal(k.Subject); same && bytes.Equal(o.PublicKey.Raw, k.PublicKey.Raw) {
			return true
		}
	}
	return false
}

func title(k *cert.Certificate) string { return report.Clean(k.Title()) }

func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
