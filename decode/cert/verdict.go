package cert

import (
	"fmt"
	"strings"
	"time"

	"derscope/decode/check"
	"derscope/decode/report"
)

// failures are the headlines of failures that several kinds share, by the end
// of the check's id.
var failures = map[string]string{
	"issuer.signed":       " has a signature that does not fit the issuer's key",
	"ext.critical":        " has a critical extension that cannot be judged",
	"ext.entries":         " has an entry with a critical extension that cannot be judged",
	"ext.once":            " has the same extension twice",
	"ext.values":          " has an extension whose value cannot be read",
	"ext.ca":              " contradicts itself on whether it is a CA",
	"form.extensions":     " asks for the same extension twice",
	"strength":            " is no key to rely on",
	"key.strength":        " has a key that nobody may rely on",
	"signature.algorithm": " is signed by an algorithm that is broken",
	"signature.same":      " names two signature algorithms",
	"form.version":        " has a version that does not fit",
	"form.issuer":         " has an issuer without a name",
	"form.subject":        " has no name",
	"time.order":          " is valid at no time",
}

// verdict folds a status tree. good is the headline while nothing fails, and
// bad that of a failure by its check, where failures has none.
func verdict(tree []report.Check, what, good string, bad map[string]string) report.Verdict {
	v := report.Verdict{Status: check.Sum(tree), Headline: good}
	if v.Status == report.NoStatus {
		v.Status = report.Pass
	}
	row, found := check.First(tree, v.Status)
	if found && v.Status != report.Pass {
		v.Detail = row.Why
	}
	if v.Status != report.Fail {
		return v
	}
	words := bad[row.ID]
	if words == "" {
		_, id, _ := strings.Cut(row.ID, ".")
		words = failures[id]
	}
	if words == "" {
		words = " breaks a rule"
	}
	v.Headline = what + words
	return v
}

// readableAs is the one member that the summary of every kind has.
func readableAs(tree []report.Check, ids ...string) []report.Member {
	return []report.Member{{Key: "readable", Value: check.Part(tree, ids...).String()}}
}

// unread is the headline of a thing with faults: its structure, or what some
// part of it holds.
func unread(whole bool) string {
	if whole {
		return " holds a part that cannot be read"
	}
	return " cannot be read to its end"
}

func judgeCertificate(c *check.Context, v *CertificateView) check.Finding {
	tree := check.Judge(c, v, certificateGroups, readableRules, issuedRules, validityRules, extensionRules, strengthRules, formRules, stapleRules)
	f := check.Finding{Title: "Certificate of " + v.Title(), Checks: tree, Summary: readableAs(tree, "cert.readable")}
	if v.Title() == nameless {
		f.Title = "Certificate without a name"
	}
	from, to := v.NotBefore, v.NotAfter
	good := f.Title
	if to.OK {
		good += ", valid until " + day(to.Value.Time)
	}
	outside := ""
	switch {
	case c.At.IsZero() || !from.OK || !to.OK:
	case c.At.Before(from.Value.Time):
		outside = ", not valid before " + day(from.Value.Time)
	default:
		outside = ", expired " + report.Distance(to.Value.Time, c.At)
	}
	bad := map[string]string{
		"cert.readable":       unread(v.OK),
		"cert.issuer.ca":      " was issued by what is no CA",
		"cert.issuer.time":    " comes from a CA that is not valid at the time",
		"cert.revoked.listed": " is revoked",
		"cert.time.valid":     outside,
		"cert.ext.poison":     " is a precertificate",
	}
	f.Verdict = verdict(tree, f.Title, good, bad)
	if from.OK && to.OK {
		f.Windows = append(f.Windows, window("Certificate", from.Value.Time, to.Value.Time, from.Ref, true))
	}
	if v.CRL != nil {
		f.Roles = append(f.Roles, check.Link{Item: v.CRLItem, Role: "revocation"})
	}
	issuedBy(&f, v.Issued)
	if v.OK && v.By == nil {
		w := wantIssuer(v.Issuer, v.CAIssuers())
		if carriedBy(c, "cmp-message") && len(v.CAIssuers()) == 0 {
			w.How = "openssl cmp -cmd genm -infotype caCerts -cacertsout cas.pem -server HOST:80" // since OpenSSL 3.2
		}
		f.Wants = append(f.Wants, w)
	}
	return f
}

// carriedBy says that the item came inside one of a kind.
func carriedBy(c *check.Context, kind string) bool {
	if c.Self < 0 || c.Self >= len(c.Exhibits) {
		return false
	}
	by := c.Exhibits[c.Self].Carrier
	return by >= 0 && c.Exhibits[by].Kind == kind
}

// issuedBy adds what the issuer at hand tells.
func issuedBy(f *check.Finding, i Issued) {
	if i.By == nil || i.Self {
		return
	}
	f.Roles = append(f.Roles, check.Link{Item: i.ByItem, Role: "issuer"})
	if i.By.NotBefore.OK && i.By.NotAfter.OK {
		f.Windows = append(f.Windows, window("Issuer", i.By.NotBefore.Value.Time, i.By.NotAfter.Value.Time, i.By.NotBefore.Ref, false))
	}
}

// window is a line in the picture of validities.
func window(label string, from, to time.Time, at report.Ref, main bool) report.Window {
	text := "from " + day(from)
	if !to.IsZero() {
		text = day(from) + " to " + day(to)
	}
	return report.Window{Label: label, Text: text, From: from, To: to, At: at, Main: main}
}

// wantIssuer says how the issuer's certificate can be had.
func wantIssuer(name Name, urls []string) report.Want {
	w := report.Want{Need: "issuer", Text: "the certificate of " + name.String(),
		How: "openssl s_client -connect HOST:443 -showcerts </dev/null"}
	for _, u := range urls {
		if q, ok := ShellURL(u); ok {
			w.How = "curl -sSo issuer.der " + q
			break
		}
	}
	return w
}

// ShellURL writes a URL from the input as a word of a shell's command, if that
// can be done without doubt: people paste such commands. What begins otherwise
// than a URL could be an option, and curl makes many requests of brackets.
func ShellURL(url string) (word string, ok bool) {
	if len(url) > 500 || !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		return "", false
	}
	for _, c := range url {
		if c <= ' ' || c > '~' || strings.ContainsRune(`'\{}[]`, c) {
			return "", false
		}
	}
	return "'" + url + "'", true
}

// ShellName writes a name as OpenSSL's commands take it, and as a word of a
// shell's command, if that can be done without doubt.
func ShellName(n Name) (word string, ok bool) {
	for _, rdn := range n.RDNs {
		if len(rdn) != 1 {
			return "", false
		}
		name, value := rdn[0].Type.Short(), rdn[0].Value
		switch {
		case name == "" || value == "":
			return "", false
		case name == "STREET":
			name = "street" // OpenSSL's keywords are those of RFC 4514 but for this
		}
		for _, c := range value {
			if c < ' ' || c > '~' || strings.ContainsRune("'/+\\=", c) {
				return "", false
			}
		}
		word += "/" + name + "=" + value
	}
	return "'" + word + "'", word != "" && len(word) <= 300
}

func judgeCRL(c *check.Context, v *CRLView) check.Finding {
	tree := check.Judge(c, v, crlGroups, crlRules)
	f := check.Finding{Title: v.Title(), Checks: tree, Summary: readableAs(tree, "crl.readable")}
	if Find(v.Extensions, IDDeltaCRLIndicator) != nil {
		f.Format, f.Title = "delta", "Delta "+f.Title
	}
	good := fmt.Sprintf("%s, %s", f.Title, count(len(v.Entries), "entry", "entries"))
	stale := ""
	if v.NextUpdate.OK {
		good += ", next due " + day(v.NextUpdate.Value.Time)
		stale = " is stale: the next one was due " + report.Distance(v.NextUpdate.Value.Time, c.At)
	}
	f.Verdict = verdict(tree, f.Title, good, map[string]string{
		"crl.readable":      unread(v.OK),
		"crl.issuer.usage":  " comes from a key that may not sign CRLs",
		"crl.fresh.begun":   " lies in the future",
		"crl.fresh.current": stale,
	})
	if v.ThisUpdate.OK {
		f.Windows = append(f.Windows, window("CRL", v.ThisUpdate.Value.Time, v.NextUpdate.Value.Time, v.ThisUpdate.Ref, true))
	}
	issuedBy(&f, v.Issued)
	if v.OK && v.By == nil {
		f.Wants = append(f.Wants, wantIssuer(v.Issuer, infoURLs(v.Extensions)))
	}
	return f
}

// infoURLs are where the issuer of a CRL can be fetched.
func infoURLs(list []Extension) []string {
	info, _ := content[AuthorityInfo](list, IDAuthorityInfoAccess)
	return info.URLs(MethodCAIssuers)
}

func judgeRequest(c *check.Context, q *Request) check.Finding {
	tree := check.Judge(c, q, requestGroups, requestRules)
	f := check.Finding{Title: "Request " + q.wanted(), Checks: tree, Summary: readableAs(tree, "csr.readable")}
	f.Verdict = verdict(tree, f.Title, f.Title+", "+q.PublicKey.Key.Name()+", signed with its own key", map[string]string{
		"csr.readable":             unread(q.OK),
		"csr.signature.possession": " does not prove that the requester has the key",
		"csr.key.strength":         " is for a key that is too weak",
	})
	return f
}

func judgeKey(c *check.Context, k *PublicKey) check.Finding {
	tree := check.Judge(c, k, []*check.Group{keyGroup}, keyRules)
	f := check.Finding{Title: "Public key", Checks: tree, Summary: readableAs(tree, "key.readable")}
	if name := k.Key.Name(); name != "" {
		f.Title += ", " + name
	}
	f.Verdict = verdict(tree, f.Title, f.Title, map[string]string{"key.readable": " cannot be read"})
	return f
}

func judgeName(c *check.Context, n *Name) check.Finding {
	tree := check.Judge(c, n, []*check.Group{otherGroup}, nameRules)
	f := check.Finding{Title: "Name " + n.String(), Checks: tree, Summary: readableAs(tree, "name.readable")}
	f.Verdict = verdict(tree, f.Title, f.Title, map[string]string{"name.readable": " cannot be read to its end"})
	return f
}

func judgeCMS(c *check.Context, m *Message) check.Finding {
	tree := check.Judge(c, m, []*check.Group{otherGroup}, cmsRules)
	f := check.Finding{Title: m.Title(), Format: m.Format, Checks: tree, Summary: readableAs(tree, "cms.readable")}
	good := f.Title
	switch m.Format {
	case "pkcs12":
		good += ", named and not opened"
	case "signed-data":
		good = fmt.Sprintf("%s with %s and %s", m.Title(), count(m.Certificates, "certificate", "certificates"), count(m.CRLs, "CRL", "CRLs"))
	default:
		good += ", shown as ASN.1"
	}
	f.Verdict = verdict(tree, f.Title, good, map[string]string{"cms.readable": " cannot be read to its end"})
	return f
}

func judgePrivateKey(_ *check.Context, k *PrivateKey) check.Finding {
	return check.Finding{
		Title: k.Title(), Format: k.Form,
		Verdict: report.Verdict{Status: report.Pass, Headline: k.Title() + ", recognised and not shown",
			Detail: "Nothing of it is read further, shown or exported. Its form is " + forms[k.Form] + "."},
		Summary: []report.Member{{Key: "readable", Value: report.Pass.String()}},
	}
}
