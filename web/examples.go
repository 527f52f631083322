package web

import (
	"time"

	"derscope/decode/report"
)

// Example is something to look at, and what it teaches. Those without a topic
// are not in the gallery: they show a rule, or are the pair of one that is.
type Example struct {
	Name, Title, Lesson, Topic string
	// Pair is the example that differs in one thing, and Differs says which.
	Pair, Differs string
	Rule          string        // the check that it is about, or ""
	Status        report.Status // of that check, or of the verdict
	At            time.Time     // the moment that it is to be judged at
	Nonce         []byte
	Profiles      []string
	Files         []ExampleFile
}

// ExampleFile is one piece of evidence of an example.
type ExampleFile struct {
	Name, Role string
	Bytes      []byte
}

// Seen says where a rule can be seen to fail and to hold: names of examples,
// or "".
type Seen struct{ Rule, Fail, Pass string }

// Collection is a file of examples.
type Collection struct {
	Examples []Example // those of the gallery first, in the order of the page
	Seen     []Seen
}

// Examples fetches a file of examples: "examples" is the gallery, "vectors"
// what shows the rules that the gallery does not. done is called from the
// browser's event loop.
func Examples(file string, done func(Collection, error)) {
	fetch(file, func(b []byte, err error) {
		if err != nil {
			done(Collection{}, err)
			return
		}
		done(UnpackExamples(b))
	})
}

// PackExamples gives the file that UnpackExamples reads. Examples share many
// of their files, and each stands in it once.
func PackExamples(c Collection) []byte {
	var p, blobs Packer
	places, n := map[string]int{}, 0
	p.Int(len(c.Examples))
	for _, e := range c.Examples {
		for _, text := range []string{e.Name, e.Title, e.Lesson, e.Topic, e.Pair, e.Differs, e.Rule} {
			p.Text(text)
		}
		p.Int(int(e.Status))
		p.Int(int(max(e.At.Unix(), 0))) // 0: at no moment
		p.Text(string(e.Nonce))
		p.Int(len(e.Profiles))
		for _, name := range e.Profiles {
			p.Text(name)
		}
		p.Int(len(e.Files))
		for _, f := range e.Files {
			p.Text(f.Name)
			p.Text(f.Role)
			at, known := places[string(f.Bytes)]
			if !known {
				at, places[string(f.Bytes)] = n, n
				n++
				blobs.Text(string(f.Bytes))
			}
			p.Int(at)
		}
	}
	p.Int(len(c.Seen))
	for _, s := range c.Seen {
		p.Text(s.Rule)
		p.Text(s.Fail)
		p.Text(s.Pass)
	}
	var all Packer
	all.Int(n)
	return append(append(all, blobs...), p...)
}

// UnpackExamples reads a file of examples.
func UnpackExamples(b []byte) (c Collection, err error) {
	u := &unpacker{rest: b}
	blobs := make([]string, u.count())
	for i := range blobs {
		blobs[i] = u.text()
	}
	c.Examples = make([]Example, u.count())
	for i := range c.Examples {
		e := &c.Examples[i]
		for _, text := range []*string{&e.Name, &e.Title, &e.Lesson, &e.Topic, &e.Pair, &e.Differs, &e.Rule} {
			*text = u.text()
		}
		e.Status = report.Status(min(u.int(), int(report.Fail)))
		if at := u.int(); at > 0 {
			e.At = time.Unix(int64(at), 0).UTC()
		}
		if nonce := u.text(); nonce != "" {
			e.Nonce = []byte(nonce)
		}
		for range u.count() {
			e.Profiles = append(e.Profiles, u.text())
		}
		e.Files = make([]ExampleFile, u.count())
		for j := range e.Files {
			f := &e.Files[j]
			f.Name, f.Role = u.text(), u.text()
			if at := u.int(); at < len(blobs) {
				f.Bytes = []byte(blobs[at])
			} else {
				u.fault = errPack
			}
		}
	}
	c.Seen = make([]Seen, u.count())
	for i := range c.Seen {
		c.Seen[i] = Seen{u.text(), u.text(), u.text()}
	}
	return c, u.fault
}
