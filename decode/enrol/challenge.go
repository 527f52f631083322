package enrol

import (
	"bytes"

	"derscope/decode/cert"
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/report"
	"derscope/decode/sig"
)

var challengeRules = []rule{{
	ID: "cmp.challenge.owf", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.2.8.3.3",
	Title: "The first challenge names its hash function", Headline: "The first challenge names no hash function",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.POPDecC || len(v.Body.Challenges) == 0 {
			return check.Skip()
		}
		first := v.Body.Challenges[0]
		if first.OWF == nil {
			return check.Broken(first.Ref, "The first challenge has no owf: nobody can tell which hash function made the witness. Only later challenges may leave it out.")
		}
		return check.Holds(first.OWF.Ref, "")
	},
}, {
	ID: "cmp.challenge.form", Group: groupBody, Level: check.Should, Refs: "RFC 9810 §5.2.8.3.3",
	Title: "The encrypted number is in the form of the version",
	Judge: func(c *check.Context, v *View) check.Outcome {
		if v.Body.Type != cmp.POPDecC || len(v.Body.Challenges) == 0 || !v.Header.Version.OK {
			return check.Skip()
		}
		version, _ := v.Header.Version.Value.Int64()
		for _, k := range v.Body.Challenges {
			switch {
			case version >= 3 && k.Encrypted == nil:
				return check.Doubtful(k.Ref, "pvno is %d, and the challenge has no encryptedRand: with cmp2021 the number comes in an EnvelopedData.", version)
			case version >= 3 && len(k.Challenge.Value) > 0:
				return check.Doubtful(k.Challenge.Ref, "pvno is %d, and challenge has %s: with encryptedRand it is an empty string.", version, report.Plural(len(k.Challenge.Value), "octet", "octets"))
			case version < 3 && k.Encrypted != nil:
				return check.Doubtful(k.Encrypted.Ref, "pvno is %d, and the challenge has an encryptedRand, which came with cmp2021: older receivers cannot read it. Set pvno to 3.", version)
			}
			if o := challengeFor(k); o.Applies() {
				return o
			}
		}
		return check.Holds(v.Body.Ref, "")
	},
}, {
	ID: "cmp.challenge.witness", Group: groupBody, Level: check.Must, Refs: "RFC 9810 §5.2.8.3.3",
	Title: "The answers are the numbers of the challenges", Headline: "An answer is not the number of its challenge",
	Judge: witness,
}}

// challengeFor judges whom the number is encrypted for: the requester has no
// certificate yet, so an empty name and the certReqId stand for one.
func challengeFor(k cmp.Challenge) check.Outcome {
	if k.Encrypted == nil || k.Encrypted.Envelope == nil {
		return check.Skip()
	}
	for _, r := range k.Encrypted.Envelope.Recipients {
		for _, f := range r.For {
			if f.Issuer != nil && len(f.Issuer.RDNs) > 0 {
				return check.Doubtful(f.Ref, "The number is encrypted for a certificate of %s; the requester has none yet, so that an empty name and the certReqId stand here.", called(*f.Issuer))
			}
		}
	}
	return check.Skip()
}

// witness compares the answers of a popdecr with the popdecc that it answers.
func witness(c *check.Context, v *View) check.Outcome {
	if v.Body.Type != cmp.POPDecR || !v.Body.OK {
		return check.Skip()
	}
	if v.Answers == nil || v.Answers.Body.Type != cmp.POPDecC {
		return check.Needs("request", v.Body.Ref, "Whether the numbers are right is seen beside the popdecc: add it.")
	}
	asked := v.Answers.Body.Challenges
	if len(asked) != len(v.Body.Answers) {
		return check.Broken(v.Body.Ref, "There are %s to %s: each needs its own.",
			report.Plural(len(v.Body.Answers), "answer", "answers"), report.Plural(len(asked), "challenge", "challenges"))
	}
	var owf *cert.Algorithm
	for i, k := range asked {
		if k.OWF != nil {
			owf = k.OWF
		}
		a := v.Body.Answers[i]
		if owf == nil || !a.OK || !k.Witness.OK {
			return check.Skip()
		}
		h, name, _, known := sig.Digest(owf.ID)
		if !known || h == nil {
			return undecided(a.Ref, "The witness is made with %s, which is not computed here.", owf.Name())
		}
		if got := h(der.Wrap(der.Integer, a.Value)); !bytes.Equal(got, k.Witness.Value) {
			if bytes.Equal(h(a.Value), k.Witness.Value) || bytes.Equal(h(unsigned(a.Value)), k.Witness.Value) {
				return check.Doubtful(a.Ref, "The witness of challenge %d is the %s hash of the number alone, without tag and length. It is to be that of the INTEGER.", i+1, name)
			}
			return check.Broken(a.Ref, "The %s hash of answer %d is %s, and the witness of its challenge %s: the client decrypted something else, or its key is another.", name, i+1, octets(got), octets(k.Witness.Value))
		}
	}
	return check.Holds(v.Body.Ref, "Each is the number whose hash the popdecc names: the private key was used.")
}

// unsigned is a number without the octet that says it is positive.
func unsigned(v field.Int) []byte {
	if len(v) > 1 && v[0] == 0 {
		return v[1:]
	}
	return v
}
