package transaction

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"derscope/decode/cert"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
	"derscope/decode/report"
)

// The sequence is drawn in these units.
const (
	wide   = 430 // as far as a telephone shows without scrolling
	left   = 64  // the client's line; times stand before it
	right  = 414
	top    = 34
	high   = 34
	arrows = 60 // at the most; of more, the first and the last
	room   = 58 // characters over an arrow
)

// sequence draws who sent what: an arrow for each message with its telling value,
// in red where a check of the tree fails in it, and what is missing in the end.
func (v *View) sequence(tree []report.Check) report.Picture {
	p := report.Picture{Name: "sequence", Title: "Who sent what, in order", W: wide}
	bad := v.faulty(tree)
	from, to := len(v.Messages), len(v.Messages) // those between are not drawn
	if n := len(v.Messages); n > arrows {
		from, to = arrows/2, n-arrows/2+1
	}
	y := top + 20
	start, before := time.Time{}, time.Time{}
	for i, m := range v.Messages {
		if i == from {
			p.Shapes = append(p.Shapes, caption(left+8, y, report.Quiet, "and "+report.Count(to-from)+" more"))
			y += high
		}
		if i >= from && i < to {
			continue
		}
		if t := m.Header.MessageTime; t.OK {
			if start.IsZero() {
				start = t.Value.Time
			}
			if !t.Value.Equal(before) {
				p.Shapes = append(p.Shapes, caption(0, y+4, report.Quiet, since(start, t.Value.Time)))
				before = t.Value.Time
			}
		}
		s := report.Shape{Form: report.Arrow, Tone: report.Plain, X: left, Y: y, W: right - left, At: m.Ref, Item: m.Item,
			Text: short(strconv.Itoa(m.Number())+" "+m.Body.Name()+v.telling(m), room), Hint: v.hint(m)}
		switch m.From {
		case cmp.Server:
			s.X, s.W, s.Tone = right, left-right, report.Good
		case cmp.Either:
			s.Form, s.Y = report.Words, y-6
		}
		switch {
		case m.Again != nil:
			s.Tone, s.Dashed = report.Quiet, true
		case bad[m].status == report.Fail:
			s.Tone, s.At = report.Bad, bad[m].at
		case bad[m].status == report.Warn, m.Waiting():
			s.Tone = report.Doubtful
		}
		p.Shapes = append(p.Shapes, s)
		y += high
	}
	if next := v.followed(); next != "" {
		next, why, _ := strings.Cut(next, ": ")
		p.Shapes = append(p.Shapes, caption(left+8, y-12, report.Quiet, next))
		y += 14
		if why != "" {
			p.Shapes = append(p.Shapes, caption(left+8, y-10, report.Quiet, "for "+why))
			y += 16
		}
	}
	bottom := y - 8
	frame := []report.Shape{head(left, side("Client", v.name(cmp.Client))), head(right, side("CA", v.name(cmp.Server))),
		rail(left, bottom), rail(right, bottom)}
	p.Shapes = append(frame, p.Shapes...)
	p.H = bottom + 8
	return p
}

func caption(x, y int, tone report.Tone, text string) report.Shape {
	return report.Shape{Form: report.Words, Tone: tone, X: x, Y: y, Text: text, At: report.None, Item: -1}
}

// head names a side over the middle of its line, as far as there is room.
func head(x int, text string) report.Shape {
	s := caption(x-90, 12, report.Name, text)
	s.W = 180
	return s
}

func rail(x, bottom int) report.Shape {
	return report.Shape{Form: report.Line, Tone: report.Quiet, X: x, Y: top - 14, H: bottom - top + 14, At: report.None, Item: -1}
}

func side(what, name string) string {
	if name == "" {
		return what
	}
	return what + " · " + short(name, 22)
}

// name is what a side calls itself.
func (v *View) name(s cmp.Side) string {
	for _, m := range v.Messages {
		if m.From == s && m.Header.Sender.Choice == cert.DirectoryName {
			if n := m.Header.Sender.Name.Short(); n != "" {
				return report.Clean(n)
			}
		}
	}
	return ""
}

// since is the time of a message, counted from the first: as short as there is
// room before the client's line.
func since(start, at time.Time) string {
	d, sign := at.Sub(start).Truncate(time.Second), "+"
	if d < 0 {
		d, sign = -d, "−"
	}
	s := int64(d / time.Second)
	switch {
	case s == 0:
		return at.UTC().Format("15:04:05")
	case s < 60:
		return sign + strconv.FormatInt(s, 10) + " s"
	case s < 3600:
		return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
	case s < 86400:
		return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
	}
	return sign + report.Count(int(min(s/86400, 99999))) + " d"
}

// fault is the worst that is said of a message, and where in it.
type fault struct {
	status report.Status
	at     report.Ref
}

// faulty are the messages that failing and doubtful rows point at.
func (v *View) faulty(tree []report.Check) map[*enrol.View]fault {
	out := map[*enrol.View]fault{}
	leaves(tree, func(k *report.Check) {
		if k.Advice || k.Status != report.Fail && k.Status != report.Warn {
			return
		}
		at := k.At
		if len(k.ID) > 8 && k.ID[:8] == "cmp.txn." { // further places are what it was compared with
			at = at[:min(1, len(at))]
		}
		for i := range at {
			if m := v.messageAt(at[i : i+1]); m != nil && (out[m].status == report.NoStatus || k.Status > out[m].status) {
				out[m] = fault{k.Status, at[i]}
			}
		}
	})
	return out
}

// telling is what tells most of a message, behind its name.
func (v *View) telling(m *enrol.View) string {
	s := v.unlike(m)
	if s == "" {
		s = content(m)
	}
	if m.Again != nil {
		s = "again, as " + number(m.Again)
	}
	if s == "" {
		return ""
	}
	return " · " + s
}

// unlike shows the nonces of a message that does not repeat the right one.
func (v *View) unlike(m *enrol.View) string {
	for _, l := range v.links() {
		if l.m == m && !l.ok() {
			return "recipNonce " + brief(m.Header.RecipNonce.Value) + " ≠ " + brief(l.before.Header.SenderNonce.Value)
		}
	}
	return ""
}

// content is the telling value of a body.
func content(m *enrol.View) string {
	b := &m.Core().Body
	switch {
	case m.Core() != m:
		return "holds " + b.Name()
	case b.Type == cmp.Nested:
		return "holds " + report.Plural(len(m.Inner), "message", "messages")
	case len(b.Requests) > 0:
		s := ""
		if q := b.Requests[0].Request; q != nil && q.Template != nil {
			s = subject(q.Template.Subject)
			if !q.Template.Central() {
				s = dotted(s, q.Template.PublicKey.Key.Name())
			}
		}
		if n := len(b.Requests); n > 1 {
			s = dotted(s, "and "+strconv.Itoa(n-1)+" more")
		}
		return s
	case b.PKCS10 != nil:
		return dotted(subject(&b.PKCS10.Subject), b.PKCS10.PublicKey.Key.Name())
	case len(b.Revocations) > 0 && b.Revocations[0].Template != nil && b.Revocations[0].Template.Serial.OK:
		return "serial number " + short(b.Revocations[0].Template.Serial.Value.Text(), 26)
	case b.Type == cmp.PollRep && len(b.Waits) > 0:
		return "checkAfter " + whole(b.Waits[0].CheckAfter) + " s"
	case b.Type == cmp.PollReq && len(b.Polls) > 0:
		return "certReqId " + whole(b.Polls[0])
	case len(b.Infos.List) > 0:
		s := infoName(b.Infos.List[0].ID)
		if n := len(b.Infos.List); n > 1 {
			s += " and " + strconv.Itoa(n-1) + " more"
		}
		return s
	case len(b.Confirmed) > 0:
		if s := b.Confirmed[0].Status; s != nil && !s.Granted() {
			return outcome(s)
		}
		return "accepted"
	}
	return answer(b)
}

// answer is the telling value of an answer: its status, and the name that it gives.
func answer(b *cmp.Body) string {
	list := statuses(b)
	if len(list) == 0 {
		return ""
	}
	s := outcome(list[0])
	if b.Reply != nil && b.Reply.Responses[0].Pair != nil {
		switch p := b.Reply.Responses[0].Pair; {
		case p.Certificate != nil:
			s = dotted(s, subject(&p.Certificate.Subject))
		case p.EncryptedCert != nil:
			s = dotted(s, "encrypted certificate")
		}
	}
	if n := len(list); n > 1 {
		s = dotted(s, "and "+strconv.Itoa(n-1)+" more")
	}
	return s
}

// outcome is a status with the first bits of its failInfo.
func outcome(s *cmp.PKIStatusInfo) string {
	name := s.Value().String()
	if name == "" {
		name = "status " + whole(s.Status)
	}
	for i, f := range s.Failures() {
		if i == 2 {
			return name + ", …"
		}
		name = dotted(name, f)
	}
	return name
}

func dotted(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// hint is what is said of an arrow when it is pointed at.
func (v *View) hint(m *enrol.View) string {
	s := m.Body.Name() + ", " + report.Plural(len(m.Raw), "octet", "octets")
	switch way := wayOf(m); {
	case way != "":
		s += ", protected by " + way
	case !m.Protected():
		s += ", not protected"
	}
	if m.Answers != nil && m.Again == nil {
		s += ", follows " + number(m.Answers)
	}
	return s
}

// followed says what would come next.
func (v *View) followed() string {
	switch v.end {
	case sent:
		if list := v.next(sent, cmp.Server); len(list) > 0 {
			return "would be followed by " + types(list)
		}
	case polling:
		return "would be followed by pollReq → pollRep, or the final answer"
	case challenged:
		return "would be followed by popdecr"
	case answered:
		if len(v.granted()) > 0 {
			return "would be followed by certConf → pkiconf: implicitConfirm was not granted"
		}
		return "would be followed by certConf → pkiconf"
	}
	return ""
}
