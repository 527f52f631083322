package enrol

import (
	"strings"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/field"
	"derscope/decode/report"
)

var generalRules = []rule{{
	ID: "cmp.genm.count", Group: groupBody, Level: check.Must, Refs: "RFC 9483 §4.3; RFC 9810 §5.3.19",
	Title: "The general message has one question or answer", Headline: "The number of questions or answers is not one",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.GenM && v.Body.Type != cmp.GenP {
			return check.Skip()
		}
		n := len(v.Body.Infos.List)
		switch {
		case n == 1:
			return check.Holds(v.Body.Ref, "")
		case c.Profiles["lw"]:
			return check.Broken(v.Body.Ref, "The %s has %s; in the lightweight profile it is one.", v.Body.Name(), report.Plural(n, "element", "elements"))
		case n == 0:
			return check.Note(v.Body.Ref, "The %s is empty: allowed, and of use to see whether the other side answers.", v.Body.Name())
		}
		return check.Note(v.Body.Ref, "The %s has %d elements. Some servers take one at a time, OpenSSL's test server among them.", v.Body.Name(), n)
	},
}, {
	ID: "cmp.genm.known", Group: groupBody, Level: check.Advice, Refs: "RFC 9810 §5.3.19",
	Title: "The general message is about known things",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		if _, known := i.Type(); known {
			return check.Holds(i.Ref, "")
		}
		if name := privateInfos[string(i.ID)]; name != "" {
			return check.Note(i.Ref, "%s is of cryptlib, and not of RFC 9810: it is %s.", string(i.ID), name)
		}
		return check.Note(i.Ref, "%s is no type of RFC 9810. Anyone may define further ones; its value is shown as plain ASN.1.", i.ID)
	}),
}, {
	ID: "cmp.genm.value", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.19; RFC 9483 §4.3",
	Title: "Each question has the value that belongs to it", Headline: "The value of a question cannot be read",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome { return infoHas(v, i, cmp.GenM) }),
}, {
	ID: "cmp.genp.value", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.3.19; RFC 9810 §5.3.20; RFC 9483 §4.3",
	Title: "Each answer has the value that belongs to it", Headline: "The value of an answer cannot be read",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome { return infoHas(v, i, cmp.GenP) }),
}, {
	ID: "cmp.genm.deprecated", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.19.5",
	Title: "A new root is told of by rootCaKeyUpdate",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		switch i.ID {
		case cmp.IDCAKeyUpdateInfo:
			return check.Doubtful(i.Ref, "caKeyUpdateInfo is what was used before cmp2021: rootCaKeyUpdate replaced it.")
		case cmp.IDRootCAKeyUpdate:
			return check.Holds(i.Ref, "")
		}
		return check.Skip()
	}),
}, {
	ID: "cmp.genm.root-cert", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.3.2",
	Title: "The client says which root it has",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		if i.ID != cmp.IDRootCACert || v.Body.Type != cmp.GenM {
			return check.Skip()
		}
		k, _ := i.Value.(*cert.Certificate)
		switch {
		case !i.Present() && c.Profiles["lw"]:
			return check.Doubtful(i.Ref, "rootCaCert has no value: in the lightweight profile it holds the root that the client has, so that the server knows which update is meant.")
		case !i.Present():
			return check.Note(i.Ref, "rootCaCert has no value: a server with several roots does not know which update is meant.")
		case k == nil:
			return check.Skip()
		case !k.SelfIssued():
			return check.Doubtful(i.ValueRef, "The certificate in rootCaCert is issued by %s for %s: a root has its own name for issuer.", called(k.Issuer), called(k.Subject))
		}
		return check.Holds(i.ValueRef, "")
	}),
}, {
	ID: "cmp.genm.crl-status", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.3.4; RFC 9810 §5.3.19.17",
	Title: "crlStatusList names one CRL", Headline: "crlStatusList names no CRL",
	Judge: eachGeneral(crlStatus),
}, {
	ID: "cmp.genm.lang", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.19.13",
	Title: "The server picks one language",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		t, ok := i.Value.(cmp.Texts)
		if i.ID != cmp.IDSuppLangTags || v.Body.Type != cmp.GenP || !ok {
			return check.Skip()
		}
		if len(t.List) != 1 {
			return check.Doubtful(i.ValueRef, "suppLangTags has %s in the answer: of those that were offered the server picks one.", report.Plural(len(t.List), "language", "languages"))
		}
		return check.Holds(i.ValueRef, "")
	}),
}, {
	ID: "cmp.genp.ca-certs", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.3.1; RFC 9810 §8.9",
	Title: "caCerts are certificates of CAs",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		list, ok := i.Value.(cmp.Certificates)
		if i.ID != cmp.IDCACerts || v.Body.Type != cmp.GenP || !ok {
			return check.Skip()
		}
		o := check.Holds(i.ValueRef, "")
		for n, k := range list.List {
			switch {
			case k == nil:
			case !k.IsCA():
				return check.Doubtful(list.Refs[n], "The certificate of %s in caCerts is no CA's: its basicConstraints do not say cA.", called(k.Subject))
			case k.SelfIssued() && o.Held():
				o = check.Note(list.Refs[n], "caCerts has the root of %s: good to build paths with, and not trusted for being here.", called(k.Subject))
			}
		}
		return o
	}),
}, {
	ID: "cmp.genp.template", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.3.3; RFC 9810 §5.3.19.16",
	Title: "The template leaves out what only the CA or the client knows", Headline: "The template has what only the CA or the client knows",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		t, ok := i.Value.(*cmp.CertReqTemplateContent)
		if !ok || t.Template == nil {
			return check.Skip()
		}
		var has []string
		for _, f := range []struct {
			label string
			is    bool
		}{
			{"serialNumber", t.Template.Serial.Ref != report.None}, {"signingAlg", t.Template.SigningAlg != nil}, {"publicKey", t.Template.PublicKey != nil},
			{"issuerUID", t.Template.IssuerUID != report.None}, {"subjectUID", t.Template.SubjectUID != report.None},
		} {
			if f.is {
				has = append(has, f.label)
			}
		}
		if has != nil {
			return check.Doubtful(t.Template.Ref, "The template has %s; it is to leave that out, and says what kinds of keys are taken in keySpec.", strings.Join(has, ", "))
		}
		return check.Holds(t.Template.Ref, "")
	}),
}, {
	ID: "cmp.genp.key-spec", Group: groupBody, Level: check.Must, Strict: "lw", Refs: "RFC 9483 §4.3.3; RFC 9810 §5.3.19.16",
	Title: "keySpec names algorithms and lengths of keys", Headline: "keySpec is no list of algorithms and lengths",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		t, ok := i.Value.(*cmp.CertReqTemplateContent)
		if !ok || t.KeySpecRef == report.None {
			return check.Skip()
		}
		for _, k := range t.KeySpec {
			if why := keySpec(k); why != "" {
				return check.Doubtful(k.Ref, "%s", why)
			}
		}
		return check.Holds(t.KeySpecRef, "")
	}),
}, {
	ID: "cmp.genp.crls", Group: groupBody, Level: check.Should, Refs: "RFC 9483 §4.3.4; RFC 9810 §5.3.19.17",
	Title: "The CRL is newer than the client's, and of the issuer asked for",
	Judge: eachGeneral(newCRLs),
}, {
	ID: "cmp.genp.kem", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.3.19.18",
	Title: "The KEM ciphertext has the length of its algorithm",
	Judge: eachGeneral(func(c *check.Context, v *View, i *cmp.Info) check.Outcome {
		if i.ID != cmp.IDKemCiphertextInfo || v.Body.Type != cmp.GenP || i.Value == nil {
			return check.Skip()
		}
		return kemLength(i)
	}),
}}

// privateInfos are types that are met without being in a document.
var privateInfos = map[string]string{
	"1.3.6.1.4.1.3029.3.1.1": "a question whether the server is there",
	"1.3.6.1.4.1.3029.3.1.2": "the first step of PKIBoot",
}

// eachGeneral makes a rule for all information in the body of a genm or genp.
func eachGeneral(judge func(*check.Context, *View, *cmp.Info) check.Outcome) func(*check.Context, *View) check.Outcome {
	return func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, i := range v.Body.Infos.List {
			worst = check.Worst(worst, judge(c, v, i))
		}
		return worst
	}
}

// infoHas judges whether information has a value, and one that can be read.
func infoHas(v *View, i *cmp.Info, in cmp.Type) check.Outcome {
	t, known := i.Type()
	if v.Body.Type != in || !known {
		return check.Skip()
	}
	switch has := t.In(in.String()); {
	case i.Fault != "":
		return check.Broken(i.ValueRef, "The value of %s cannot be read: %s.", i.Name(), i.Fault)
	case has == cmp.Misplaced:
		return check.Doubtful(i.Ref, "%s does not belong into a %s.", i.Name(), in)
	case has == cmp.WithValue && !i.Present():
		return check.Doubtful(i.Ref, "%s has no value; in a %s it has one.", i.Name(), in)
	case has == cmp.Without && i.Present():
		return check.Doubtful(i.ValueRef, "%s has a value; in a %s it has none.", i.Name(), in)
	case !i.Present() && in == cmp.GenP:
		return check.Holds(i.Ref, "It has no value, which says that there is nothing to tell.")
	}
	return check.Holds(i.Ref, "")
}

// keySpec says what is wrong with a control of keySpec, or "".
func keySpec(k *crmf.Control) string {
	switch k.ID {
	case crmf.IDAlgID:
		a, ok := k.Value.(*cert.Algorithm)
		switch {
		case !ok:
			return "The value of algId cannot be read: " + k.Fault + "."
		case a.ID == "1.2.840.113549.1.1.1":
			return "algId names RSA: keys of RSA are named by rsaKeyLen, with their length."
		}
	case crmf.IDRSAKeyLen:
		n, ok := k.Value.(field.Field[field.Int])
		switch {
		case !ok:
			return "The value of rsaKeyLen cannot be read: " + k.Fault + "."
		case n.Value.Sign() <= 0:
			return "rsaKeyLen is " + bigText(n.Value) + "; a key has more than 0 bits."
		}
	default:
		return k.ID.String() + " stands in keySpec; algId and rsaKeyLen are all that may."
	}
	return ""
}

// crlStatus judges a crlStatusList.
func crlStatus(c *check.Context, v *View, i *cmp.Info) check.Outcome {
	list, ok := i.Value.([]cmp.CRLStatus)
	if i.ID != cmp.IDCRLStatusList || !ok || len(list) == 0 {
		return check.Skip()
	}
	for _, s := range list {
		named := len(s.Point) > 0 || s.Relative
		for _, n := range s.Issuer {
			named = named || n.Choice == cert.DirectoryName
		}
		if !named {
			return check.Broken(s.Ref, "The source has neither a distribution point nor the directoryName of an issuer: nobody knows which CRL is meant.")
		}
	}
	if len(list) != 1 {
		return check.Doubtful(i.ValueRef, "crlStatusList names %d CRLs; the lightweight profile has one in a message.", len(list))
	}
	return check.Holds(i.ValueRef, "")
}

// newCRLs judges the CRLs of an answer beside what was asked.
func newCRLs(c *check.Context, v *View, i *cmp.Info) check.Outcome {
	list, ok := i.Value.([]cmp.Inner)
	if i.ID != cmp.IDCRLs || v.Body.Type != cmp.GenP || !ok || len(list) == 0 {
		return check.Skip()
	}
	if c.Profiles["lw"] && len(list) != 1 {
		return check.Doubtful(i.ValueRef, "crls has %d CRLs; the lightweight profile has one in a message.", len(list))
	}
	q := v.Request()
	if q == nil || q == v {
		return check.Needs("request", i.ValueRef, "Whether this is what the client asked for is seen beside its genm: add it.")
	}
	asked := q.Body.Infos.Find(cmp.IDCRLStatusList)
	if asked == nil {
		return check.Skip()
	}
	statuses, _ := asked.Value.([]cmp.CRLStatus)
	if len(statuses) == 0 {
		return check.Skip()
	}
	for n, l := range list {
		k := v.crlOf(c, l)
		if k == nil || !k.OK {
			return check.Doubtful(l.Ref, "The CRL of %s cannot be read to its end.", report.Plural(len(l.Raw), "octet", "octets"))
		}
		s := statuses[min(n, len(statuses)-1)]
		if named, is := issued(s, k); named && !is {
			return check.Doubtful(l.Ref, "The CRL is of %s, and the client asked for another issuer's.", called(k.Issuer))
		}
		if s.ThisUpdate.OK && k.ThisUpdate.OK && !k.ThisUpdate.Value.After(s.ThisUpdate.Value.Time) {
			return check.Doubtful(l.Ref, "The CRL is of %s, and the client has one of %s: only a newer one is worth sending.", report.Clock(k.ThisUpdate.Value.Time), report.Clock(s.ThisUpdate.Value.Time))
		}
	}
	return check.Holds(i.ValueRef, "")
}

// issued says whether the request names an issuer, and whether the CRL is of one of them.
func issued(s cmp.CRLStatus, k *cert.CRL) (named, is bool) {
	for _, n := range s.Issuer {
		if n.Choice == cert.DirectoryName {
			octets, folded := n.Name.Equal(k.Issuer)
			named, is = true, is || octets || folded
		}
	}
	return named, is
}
