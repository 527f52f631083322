package transaction

import (
	"derscope/decode/cert"
	"derscope/decode/report"
)

// windows are the validities of the new certificates, of which the first is the
// one that time is shown on.
func (v *View) windows() (list []report.Window) {
	for _, g := range v.granted() {
		if len(list) == maxWindows {
			break
		}
		if !g.cert.NotBefore.OK || !g.cert.NotAfter.OK {
			continue
		}
		list = append(list, window(g.cert, len(list) == 0))
	}
	return list
}

// maxWindows is how many have room beside each other.
const maxWindows = 8

// window is the validity of one of them.
func window(k *cert.Certificate, main bool) report.Window {
	text := "valid until " + k.NotAfter.Value.Format("2 Jan 2006")
	if who := subject(&k.Subject); who != "" {
		text = short(who, 40) + ", " + text
	}
	return report.Window{Label: "Certificate", Text: text, From: k.NotBefore.Value.Time, To: k.NotAfter.Value.Time, At: k.Ref, Main: main}
}
