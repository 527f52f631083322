package report

import "fmt"

// evidence lists the things that were found.
func (w *textWriter) evidence() {
	wide := 0
	for i := range w.r.Items {
		wide = max(wide, len(w.r.ID(i)))
	}
	for i := range w.r.Items {
		if w.folded[i] {
			continue
		}
		it := &w.r.Items[i]
		head := fmt.Sprintf("%s %-*s  ", w.mark(it.Verdict.Status), wide, w.r.ID(i))
		w.entry(head, wide+4, "", it.Title+roles(it.Roles)+carried(it)+w.r.members(it))
	}
	w.beside("")
	w.b.WriteString("\n")
}

// unread are the items that one line can stand for: they are not read, there is
// nothing to say of them, and something else was recognised.
func (r *Report) unread() map[int]bool {
	all := map[int]bool{}
	for i := range r.Items {
		if it := &r.Items[i]; it.Beside != BesideNothing && len(it.Problems) == 0 {
			all[i] = true
		}
	}
	if len(all) == len(r.Items) {
		return nil
	}
	return all
}

// besideNames are the words for one and for several of a sort.
var besideNames = [...][2]string{
	BesideText:    {"stretch of text", "stretches of text"},
	BesideOctets:  {"stretch of octets", "stretches of octets"},
	BesideTLS:     {"TLS message", "TLS messages"},
	BesidePrinted: {"text printed by OpenSSL", "texts printed by OpenSSL"},
}

// beside writes the line that stands for what is folded, if anything is.
func (w *textWriter) beside(before string) {
	var counts [len(besideNames)]int
	for i := range w.folded {
		counts[w.r.Items[i].Beside]++
	}
	var parts []string
	for sort, n := range counts {
		if n > 0 {
			parts = append(parts, Plural(n, besideNames[sort][0], besideNames[sort][1]))
		}
	}
	if len(parts) > 0 {
		w.b.WriteString(before)
		w.entry(w.mark(NoStatus)+" ", 2, "", "not read: "+Enumerate(parts)+" (-all shows them)")
	}
}

func roles(list []Role) string {
	s := ""
	for _, p := range list {
		switch p.Name {
		case "duplicate":
			s += " · the same as " + ID(p.Of)
		case "set aside":
			s += " · set aside for " + ID(p.Of)
		default:
			s += " · " + p.Name + " of " + ID(p.Of)
			if p.Entry > 1 {
				s += ", entry " + Count(p.Entry-1)
			}
		}
	}
	return s
}

func carried(it *Item) string {
	if it.Carrier < 0 {
		return ""
	}
	return " · inside " + ID(it.Carrier)
}
