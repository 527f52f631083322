package enrol

import (
	"bytes"

	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/crmf"
	"derscope/decode/report"
)

var controlRules = []rule{{
	ID: "cmp.control.known", Group: groupBody, Level: check.Advice, Refs: "RFC 4211 §6",
	Title: "The controls are known",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			if !k.Known && k.ID != "" {
				return check.Note(k.Ref, "The control %s is not known here: a server may pass it over, or refuse the request.", k.ID.Name())
			}
			return check.Holds(k.Ref, "")
		})
	},
}, {
	ID: "cmp.control.once", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §6",
	Title: "Each control stands there once",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			seen := map[string]report.Ref{}
			for _, k := range q.Request.Controls {
				if first, twice := seen[string(k.ID)]; twice && k.ID != "" {
					return check.Broken(k.Ref, "%s stands there twice: nothing says which of the two counts. Keep one.", k.ID.Name()).And(first)
				}
				seen[string(k.ID)] = k.Ref
			}
			if len(seen) == 0 {
				return check.Skip()
			}
			return check.Holds(q.Request.ControlsRef, "")
		})
	},
}, {
	ID: "cmp.control.value", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §6",
	Title: "The values of the known controls can be read", Headline: "A control cannot be read",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			switch {
			case !k.Known:
				return check.Skip()
			case k.Fault != "":
				return check.Broken(k.ValueRef, "The value of %s is not of the type that belongs to it: %s.", k.ID.Name(), k.Fault)
			}
			return check.Holds(k.Ref, "")
		})
	},
}, {
	ID: "cmp.control.secret", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §6.1; RFC 4211 §6.2",
	Title: "The request has no secret in clear text",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			if _, ok := k.Value.(crmf.Token); !ok {
				return check.Skip()
			}
			return check.Broken(k.Ref, "%s is there, a secret that everybody on the way can read: the message is signed or has a MAC, and is not encrypted. Send it over TLS alone, or authenticate with the shared secret itself.", k.ID.Name())
		})
	},
}, {
	ID: "cmp.control.archive", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §6.4; RFC 9810 §8.3",
	Title: "The private key stays with its owner",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			o, ok := k.Value.(*crmf.ArchiveOptions)
			switch {
			case !ok:
				return check.Skip()
			case o.Key != nil:
				return check.Broken(o.Ref, "pkiArchiveOptions hands the private key over, encrypted for the PKI: whoever opens it there can use it too.")
			case o.Archive.OK && o.Archive.Value:
				return check.Broken(o.Ref, "pkiArchiveOptions asks the PKI to keep the private key that it makes: whoever has it there can use it too.")
			}
			return check.Holds(o.Ref, "")
		})
	},
}, {
	ID: "cmp.control.publication", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §6.3",
	Title: "The wish about publishing does not contradict itself", Headline: "The certificate is not to be published, and places are named for it",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			p, ok := k.Value.(*crmf.PublicationInfo)
			switch {
			case !ok || !p.Action.OK:
				return check.Skip()
			case p.Action.Value == 0 && p.PlacesRef != report.None:
				return check.Broken(p.PlacesRef, "action is dontPublish (0), and pubInfos names %s: leave pubInfos out, or set action to 1.", report.Plural(len(p.Places), "place", "places")).And(p.Action.Ref)
			case p.Action.Value != 0 && p.Action.Value != crmf.Publish:
				return check.Doubtful(p.Action.Ref, "action is %d; 0, dontPublish, and 1, pleasePublish, are defined.", p.Action.Value)
			}
			for _, s := range p.Places {
				if s.Method.OK && !s.KnownMethod() {
					return check.Doubtful(s.Method.Ref, "pubMethod is %d; 0 to 3 are defined: dontCare, x500, web, ldap.", s.Method.Value)
				}
			}
			return check.Holds(p.Ref, "")
		})
	},
}, {
	ID: "cmp.control.old-cert", Group: groupBody, Level: check.Advice, Refs: "RFC 4211 §6.5; RFC 9483 §4.1.3",
	Title: "oldCertID stands where a certificate is updated",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			switch {
			case k.ID != crmf.IDOldCertID:
				return check.Skip()
			case v.Body.Type != cmp.KUR:
				return check.Note(k.Ref, "oldCertID names a certificate to be replaced, and this is %s: a kur does that.", v.Body.Name())
			}
			return check.Holds(k.Ref, "")
		})
	},
}, {
	ID: "cmp.control.encr-key", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §6.6; RFC 9810 §5.3.7",
	Title: "The key to encrypt the answer to can be used",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachControl(func(k *crmf.Control) check.Outcome {
			key := encrKey(k)
			switch {
			case key == nil:
				return check.Skip()
			case key.Err != "":
				return check.Broken(k.ValueRef, "protocolEncrKey cannot be used: %s.", key.Err)
			case v.Body.Type == cmp.KRR && v.Reply != nil && v.Reply.Body.Recovery != nil && len(v.Reply.Body.Recovery.History) == 0 && v.Reply.Body.Recovery.Status.Granted():
				return check.Broken(k.ValueRef, "The key is there, and the krp brought no keyPairHist to encrypt to it.")
			}
			return check.Holds(k.ValueRef, "%s.", key.Key.Name())
		})
	},
}}

var regInfoRules = []rule{{
	ID: "cmp.reginfo.pairs", Group: groupBody, Level: check.Should, Refs: "RFC 4211 §7.1",
	Title: "utf8Pairs are names with values",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.eachInfo(func(k *crmf.Control) check.Outcome {
			p, ok := k.Value.(*crmf.Pairs)
			switch {
			case !ok:
				return check.Skip()
			case p.Fault != "":
				return check.Broken(p.Ref, "In utf8Pairs %s. It is to be name?value%%name?value%%, where %%25 and %%3f stand for the two signs.", p.Fault)
			}
			return check.Holds(p.Ref, "%s.", report.Plural(len(p.List), "pair", "pairs"))
		})
	},
}, {
	ID: "cmp.reginfo.cert-req", Group: groupBody, Level: check.Must, Refs: "RFC 4211 §7.2",
	Title: "One request at most stands in place of the original", Headline: "Two requests stand in place of the original",
	Judge: func(_ *check.Context, v *View) check.Outcome {
		return v.each(func(q *crmf.CertReqMsg) check.Outcome {
			var first *crmf.Control
			for _, k := range q.RegInfo {
				switch {
				case k.ID != crmf.IDCertReq:
				case first != nil:
					return check.Broken(k.Ref, "There is a second certReq: the RA can want one request only. Keep one.").And(first.Ref)
				default:
					first = k
				}
			}
			if first == nil {
				return check.Skip()
			}
			n, ok := first.Value.(*crmf.CertRequest)
			switch {
			case !ok || n.Template.Raw == nil:
				return check.Skip() // cmp.control.value is about controls; the encoding tells
			case !bytes.Equal(n.Template.Raw, q.Request.Template.Raw):
				return check.Note(n.Template.Ref, "The RA asks for something else than the original request: compare the two templates.").And(q.Request.Template.Ref)
			}
			return check.Holds(n.Ref, "The RA asks for the same as the original request.")
		})
	},
}}

// eachControl judges the controls of all requests.
func (v *View) eachControl(judge func(*crmf.Control) check.Outcome) check.Outcome {
	return v.each(func(q *crmf.CertReqMsg) check.Outcome { return worst(q.Request.Controls, judge) })
}

// eachInfo judges the registration information of all requests.
func (v *View) eachInfo(judge func(*crmf.Control) check.Outcome) check.Outcome {
	return v.each(func(q *crmf.CertReqMsg) check.Outcome { return worst(q.RegInfo, judge) })
}

func worst(list []*crmf.Control, judge func(*crmf.Control) check.Outcome) (all check.Outcome) {
	for _, k := range list {
		all = check.Worst(all, judge(k))
	}
	return all
}
