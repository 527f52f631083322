package callback

// Row is one combination that was measured: its key and what the code says of it.
type Row struct {
	Key string
	Outcome
}

// Rows are all combinations that were measured.
func Rows() []Row {
	var all []Row
	for _, v := range []Version{TLS12, TLS13} {
		all = append(all, ticketRows(v)...)
		all = append(all, statusRows(v)...)
		all = append(all, clientCertRows(v)...)
	}
	return all
}

func ticketRows(v Version) (all []Row) {
	for _, k := range []Keys{BuiltIn, KeyCallback} {
		for s := None; s <= SuccessRenew; s++ {
			for r := Abort; r <= UseRenew; r++ {
				if o := Ticket(v, k, s, r); o.Measured {
					all = append(all, Row{o.Row, o})
				}
			}
			if o := Ticket(v, k, s, DefaultReturn(s)); o.Measured {
				all = append(all, Row{ticketRow(v, k, s, "default"), o})
			}
		}
	}
	return all
}

// octets is the length of the response that was stapled when measuring.
const octets = 40

func statusRows(v Version) (all []Row) {
	seen := map[string]bool{}
	for k := Full; k <= NoCallback; k++ {
		for _, s := range StatusServers {
			for _, client := range []int{1, 0, -1} {
				if o := Status(v, k, s, client, octets); o.Measured && !seen[o.Row] {
					seen[o.Row] = true
					all = append(all, Row{o.Row, o})
				}
			}
		}
	}
	return all
}

func clientCertRows(v Version) (all []Row) {
	for _, s := range []CertServer{Optional, Requiring} {
		for l := AnyAuthority; l <= NotMatching; l++ {
			for _, answers := range [][]Answer{nil, {Refuse}, {Give}, {GiveNone}, {GiveHalf}, {Wait, Wait, Give}, {Other}} {
				if o := ClientCert(v, s, l, answers...); o.Measured {
					all = append(all, Row{o.Row, o})
				}
			}
		}
	}
	return all
}
