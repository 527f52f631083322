// Package path builds paths from a certificate to a trust anchor, over
// certificates that nobody vouches for, and says of each step whether it holds
// and why not.
//
// It never looks further than the certificates it is given, evaluates no
// policies, and asks nobody about revocation.
//
//	p := path.NewPool(anchors, others).Find(leaf, path.Options{At: now})
//	if !p.Holds() { fmt.Println(p.Why()) }
//
// # Why not crypto/x509?
//
// x509 gives one error for all paths that it tried, refuses what it does not
// compute (Brainpool curves, ML-DSA, RSASSA-PSS keys), and a path that breaks at
// its third step is none to it. Here the best path is shown with all its steps.
//
// Documents: RFC 5280, section 6.
package path

import (
	"time"

	"derscope/decode/cert"
	"derscope/decode/report"
)

// Limits of one search.
const (
	Depth      = 10    // certificates of a path
	Signatures = 256   // verifications, of which many are remembered
	Pairs      = 2_000 // of a certificate and one that may have issued it
	Work       = 8_000 // of what Cost counts
)

// Cost is about how much a verification with a key costs, in units of one with
// RSA of 2,048 bits: in a page some 0.13 ms.
func Cost(k cert.PublicKey) int {
	n := k.Key.Size()
	switch k.Key.Family() {
	case "RSA":
		return max(1, n/2048*n/2048)
	case "EC", "DSA":
		switch {
		case n <= 256:
			return 20
		case n <= 384:
			return 60
		}
		return 200
	case "Ed25519", "ML-DSA":
		return 8
	}
	return 40
}

// Options say how a path is judged.
type Options struct {
	At time.Time // the time of judging; zero: not given
	// OpenSSL: as that library does it without further flags, a key identifier
	// that differs rules an issuer out, and a path ends at a self-signed anchor.
	OpenSSL bool
	// Above: the validity of the first certificate is judged elsewhere.
	Above bool
}

// Question is what is asked of a certificate on a path.
type Question int

const (
	Signed     Question = iota // its key signed the certificate below
	KeyID                      // it has the key identifier that the one below names
	Validity                   // it is valid at the time
	CA                         // basicConstraints say that it is a CA
	Usage                      // its key usage has keyCertSign
	PathLength                 // pathLenConstraint allows what is below
	Names                      // its name constraints allow the names below
	Critical                   // it has no critical extension that is not known
	questions
)

var questionNames = [questions]string{"signature", "key identifier", "validity", "basicConstraints", "key usage", "path length",
	"name constraints", "critical extensions"}

// String names the question.
func (q Question) String() string { return questionNames[q] }

// Answer is what was found for a question. A Pass has no reason.
type Answer struct {
	Question Question
	Status   report.Status
	Why      string
}

// Step is a certificate on a path with what was asked of it. The first is the
// certificate that the path is for.
type Step struct {
	Certificate *cert.Certificate
	Anchor      bool
	Answers     []Answer
}

// Path is the best way that was found.
type Path struct {
	Steps []Step
	// Limit says which bound ended the search before all ways were tried; "" if none did.
	Limit string

	end string // why there is no further step; "" where the last is an anchor
	bad int    // answers that fail
	odd int    // answers that are open
}

// Anchored says that the path ends at an anchor, whether or not its steps hold.
func (p *Path) Anchored() bool { return len(p.Steps) > 0 && p.Steps[len(p.Steps)-1].Anchor }

// Holds says that the path leads to an anchor and that no step breaks.
func (p *Path) Holds() bool { return p.Anchored() && p.bad == 0 }

// Status is Pass where the path holds, Open where it does but for a question
// that has no answer, and else Fail.
func (p *Path) Status() report.Status {
	switch {
	case !p.Holds():
		return report.Fail
	case p.odd > 0:
		return report.Open
	}
	return report.Pass
}

// End is the last certificate of the path.
func (p *Path) End() *cert.Certificate { return p.Steps[len(p.Steps)-1].Certificate }

// Break is the first step that fails, with its answer; -1 where none does.
func (p *Path) Break() (int, Answer) { return p.first(report.Fail) }

// Unanswered is the first step with a question that has no answer; -1: there is none.
func (p *Path) Unanswered() (int, Answer) { return p.first(report.Open) }

func (p *Path) first(s report.Status) (int, Answer) {
	for i := range p.Steps {
		for _, a := range p.Steps[i].Answers {
			if a.Status == s {
				return i, a
			}
		}
	}
	return -1, Answer{}
}

// Why tells the path in one line: its steps, and the first that breaks.
func (p *Path) Why() string {
	s := p.Line()
	if len(p.Steps) == 1 && !p.Anchored() && p.bad == 0 {
		return p.end + "."
	}
	if i, a := p.Break(); i >= 0 {
		return s + " " + a.Why + "."
	}
	if !p.Anchored() {
		return s + " " + p.end + "."
	}
	if i, a := p.Unanswered(); i >= 0 {
		return s + " " + a.Why + "."
	}
	return s
}

// Line names the certificates of the path, from the first to the last.
func (p *Path) Line() string {
	s := ""
	for i := range p.Steps {
		if i > 0 {
			s += " → "
		}
		s += report.Clean(p.Steps[i].Certificate.Title())
	}
	if p.Anchored() {
		return s + " (anchor)."
	}
	return s + "."
}
