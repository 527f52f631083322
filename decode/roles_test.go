package decode

import (
	"bytes"
	"slices"
	"testing"

	"derscope/decode/check"
	"derscope/decode/report"
)

// hasRole says whether an item plays a role for another one.
func hasRole(it *report.Item, role string) bool {
	return slices.ContainsFunc(it.Roles, func(r report.Role) bool { return r.Name == role })
}

// named finds the items of a title, those carried by others last.
func named(t *testing.T, r *report.Report, title string) (all []*report.Item) {
	t.Helper()
	for i := range r.Items {
		if r.Items[i].Title == title {
			all = append(all, &r.Items[i])
		}
	}
	if len(all) == 0 {
		t.Fatalf("nothing is called %q", title)
	}
	return all
}

// What the user says of octets holds for one report: the next one, without it,
// is as if it had not been said.
func TestRolesAreSaidOfAReport(t *testing.T) {
	v, err := readVector("../testdata/ocsp/good-del-byname.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := Load(v.inputs, Limits{})
	plain := c.Report(v.options)
	issuer := named(t, plain, "Certificate of Example Issuing CA R3")[0]
	if !hasRole(issuer, "issuer") {
		t.Fatal("the issuer is not found")
	}
	with := v.options
	with.Roles = []Said{{SHA256: issuer.SHA256, Role: "none"}}
	out := c.Report(with)
	if it := named(t, out, "Certificate of Example Issuing CA R3")[0]; len(it.Roles) > 0 {
		t.Errorf("left out, the issuer still is %v", it.Roles)
	}
	if got := out.Items[0].Verdict.Status; got != report.Open {
		t.Errorf("without its issuer the response is %s", got)
	}
	if again := c.Report(v.options); !bytes.Equal(again.JSON(report.JSONOptions{}), plain.JSON(report.JSONOptions{})) {
		t.Error("the role stays after the report that it was said of")
	}
}

// A role that is said of one report counts in place of its input's, and "" is
// as found.
func TestRolesInPlaceOfTheInputs(t *testing.T) {
	v, err := readVector("../testdata/ocsp/chain-anchor.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := Load(v.inputs, Limits{})
	root := named(t, c.Report(v.options), "Certificate of Example Root R1")[0]
	if !hasRole(root, "anchor") {
		t.Fatal("the vector says no anchor")
	}
	v.options.Roles = []Said{{SHA256: root.SHA256}}
	r := c.Report(v.options)
	if hasRole(named(t, r, root.Title)[0], "anchor") {
		t.Error("it is still an anchor")
	}
	if k, _ := check.Find(r.Items[0].Checks, "ocsp.chain.anchor"); k.Status != report.Open {
		t.Errorf("without an anchor the chain is %s", k.Status)
	}
}

// Who gives a certificate that the response itself carries a role vouches for
// it, without a copy of it.
func TestRolesOfWhatIsCarried(t *testing.T) {
	v, err := readVector("../testdata/ocsp/good-del-byname.txtar")
	if err != nil {
		t.Fatal(err)
	}
	c := Load(v.inputs, Limits{})
	r := c.Report(v.options)
	i := slices.IndexFunc(r.Items, func(it report.Item) bool { return it.Carrier == 0 })
	if i < 0 {
		t.Fatal("the response carries nothing")
	}
	v.options.Roles = []Said{{SHA256: r.Items[i].SHA256, Role: "responder"}}
	r = c.Report(v.options)
	k, ok := check.Find(r.Items[0].Checks, "ocsp.signer.local")
	if !ok || k.Status == report.Fail {
		t.Errorf("the signer is not taken for one that is trusted locally: %+v", k)
	}
	v.options.Roles[0].Role = "anchor"
	if r = c.Report(v.options); !hasRole(&r.Items[i], "anchor") {
		t.Errorf("it is no anchor, but %v", r.Items[i].Roles)
	}
}
