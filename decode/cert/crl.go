package cert

import (
	"bytes"
	"cmp"
	"math/bits"
	"slices"

	"derscope/decode/der"
	"derscope/decode/field"
	"derscope/decode/oid"
	"derscope/decode/report"
	"derscope/decode/sig"
)

// CRL is a CertificateList as it was read.
//
//	CertificateList ::= SEQUENCE {
//		tbsCertList         TBSCertList,
//		signatureAlgorithm  AlgorithmIdentifier,
//		signatureValue      BIT STRING }
//
// RFC 5280, section 5.1
type CRL struct {
	Ref        report.Ref
	OK         bool   // its structure could be read to the end, but for its entries
	Raw        []byte // the whole element
	TBS        []byte // tbsCertList as sent, header included
	Version    field.Field[field.Int]
	Inner      Algorithm // tbsCertList.signature
	Issuer     Name
	ThisUpdate field.Field[field.Moment]
	NextUpdate field.Field[field.Moment]
	Revoked    report.Ref // revokedCertificates
	Entries    []Entry
	Extensions []Extension
	Algorithm  Algorithm // signatureAlgorithm
	Signature  field.Field[field.BitString]

	base   int // offset of Raw in its source
	signed map[*Certificate]sig.Result
	sorted []ranked // made by rank
}

// Entry is where an entry of a CRL lies in Raw. There may be millions, so each
// is opened when someone asks for it: [CRL.Entry].
type Entry struct {
	Off, Len uint32
	Ref      report.Ref // None where the list goes on without nodes
}

// RevokedCertificate is one entry of a CRL.
type RevokedCertificate struct {
	Serial     field.Int
	Date       field.Moment
	Extensions []EntryExtension
	Fault      string // why it could not be read to its end; "" if it could
}

// EntryExtension is an extension of an entry.
type EntryExtension struct {
	ID       oid.ID
	Critical bool
	Value    []byte
}

// Reason is why the certificate was revoked; false if the entry does not say.
func (e RevokedCertificate) Reason() (Reason, bool) {
	for _, x := range e.Extensions {
		if v, err := der.Next(x.Value, 0, len(x.Value)); x.ID == IDReasonCode && err == nil && v.Tag == der.Enumerated {
			n, small := field.Int(x.Value[v.Content():v.Close()]).Int64()
			return Reason(n), small
		}
	}
	return 0, false
}

// ReadCRL reads one CertificateList.
func ReadCRL(r *field.Reader, label string) *CRL {
	defer r.Cite(r.Cite(rfc5280("5.1")))
	l := &CRL{Raw: r.Element(), Revoked: report.None}
	e, _ := r.Next()
	l.base = e.Off
	before, _ := r.Breaks()
	l.Ref = r.Seq(label, func(r *field.Reader) {
		l.TBS = r.Element()
		r.Seq("tbsCertList", l.tbs)
		l.Algorithm = ReadAlgorithm(r, "signatureAlgorithm")
		l.Signature = ReadSignature(r, "signatureValue", l.Algorithm)
	})
	after, _ := r.Breaks()
	l.OK = after == before && l.Raw != nil
	r.Show(l.Ref, l.Title())
	return l
}

//	TBSCertList ::= SEQUENCE {
//		version              Version OPTIONAL,
//		signature            AlgorithmIdentifier,
//		issuer               Name,
//		thisUpdate           Time,
//		nextUpdate           Time OPTIONAL,
//		revokedCertificates  SEQUENCE OF SEQUENCE { … } OPTIONAL,
//		crlExtensions    [0] EXPLICIT Extensions OPTIONAL }
func (l *CRL) tbs(r *field.Reader) {
	if r.Peek(der.Integer) {
		r.Cite(rfc5280("5.1.2.1"))
		l.Version = readVersion(r, "version", false)
	}
	r.Cite(rfc5280("5.1.2.2"))
	l.Inner = ReadAlgorithm(r, "signature")
	r.Cite(rfc5280("5.1.2.3"))
	l.Issuer = ReadName(r, "issuer")
	r.Cite(rfc5280("5.1.2.4"))
	l.ThisUpdate = r.TimeEither("thisUpdate")
	if r.Peek(der.UTCTime) || r.Peek(der.GeneralizedTime) {
		r.Cite(rfc5280("5.1.2.5"))
		l.NextUpdate = r.TimeEither("nextUpdate")
	}
	if r.Peek(der.Sequence) {
		r.Cite(rfc5280("5.1.2.6"))
		l.Revoked = r.Seq("revokedCertificates", func(r *field.Reader) {
			l.Entries = field.List(r, "revokedCertificates", l.entry)
		})
		r.Show(l.Revoked, count(len(l.Entries), "entry", "entries"))
	}
	r.Cite(rfc5280("5.1.2.7"))
	r.Explicit(0, "crlExtensions", func(r *field.Reader) { l.Extensions = ReadExtensions(r, "crlExtensions") })
}

// entry reads one entry as nodes, or passes it where there are to be none.
//
//	SEQUENCE {
//		userCertificate     CertificateSerialNumber,
//		revocationDate      Time,
//		crlEntryExtensions  Extensions OPTIONAL }
func (l *CRL) entry(r *field.Reader, label string) Entry {
	if r.Muted() {
		e, ok := r.Skip()
		if !ok {
			r.Stop(label, "%s: no element can be read here", label)
		}
		return Entry{uint32(e.Off - l.base), uint32(e.End() - e.Off), report.None}
	}
	e, _ := r.Next()
	var serial, date, reason string
	at := r.Seq(label, func(r *field.Reader) {
		s := r.Integer("userCertificate")
		showSerial(r, s)
		serial = s.Value.Text()
		date = day(r.TimeEither("revocationDate").Value.Time)
		if !r.Empty() {
			r.Cite(rfc5280("5.3"))
			if n, ok := content[Reason](ReadExtensions(r, "crlEntryExtensions"), IDReasonCode); ok {
				reason = ", " + n.String()
			}
		}
	})
	r.Show(at, serial+", "+date+reason)
	return Entry{uint32(e.Off - l.base), uint32(e.End() - e.Off), at}
}

// Entry opens the entry at index i.
func (l *CRL) Entry(i int) (c RevokedCertificate) {
	e := l.parts(i)
	c.Serial, c.Date, c.Fault = e.serial, e.date, e.fault
	e.each(func(id []byte, critical bool, value []byte) {
		x := EntryExtension{Critical: critical, Value: value}
		x.ID, _ = oid.Parse(id)
		c.Extensions = append(c.Extensions, x)
	})
	return c
}

// entryParts are the parts of an entry before anything is made of them: a walk
// over a long list should leave nothing behind.
type entryParts struct {
	serial     field.Int
	date       field.Moment
	extensions []byte // the contents of crlEntryExtensions
	critical   bool   // one of them is
	reason     Reason // -1: none is said
	fault      string
}

// reasonCodeID is IDReasonCode as it is sent.
var reasonCodeID = []byte{0x55, 0x1d, 0x15}

// parts takes the entry at index i apart.
func (l *CRL) parts(i int) (p entryParts) {
	p.reason = -1
	b, outer, ok := l.octets(i)
	if !ok {
		p.fault = "it is no SEQUENCE, or is cut short"
		return p
	}
	serial, err := der.Next(b, outer.Content(), outer.Close())
	if err != nil || serial.Tag != der.Integer {
		p.fault = "userCertificate is no INTEGER"
		return p
	}
	p.serial = b[serial.Content():serial.Close()]
	date, err := der.Next(b, serial.End(), outer.Close())
	if err != nil || date.Tag != der.UTCTime && date.Tag != der.GeneralizedTime {
		p.fault = "revocationDate is no time"
		return p
	}
	if p.date, ok = field.ParseTime(b[date.Content():date.Close()], date.Tag == der.UTCTime); !ok {
		p.fault = "revocationDate names no moment"
		return p
	}
	if date.End() == outer.Close() {
		return p
	}
	list, err := der.Next(b, date.End(), outer.Close())
	if err != nil || list.Tag != der.Sequence || list.End() != outer.Close() {
		p.fault = "crlEntryExtensions is no SEQUENCE, or something follows it"
		return p
	}
	p.extensions = b[list.Content():list.Close()]
	if !p.each(func(id []byte, critical bool, value []byte) {
		p.critical = p.critical || critical
		if len(value) == 3 && value[0] == 0x0a && value[1] == 1 && bytes.Equal(id, reasonCodeID) {
			p.reason = Reason(value[2])
		}
	}) {
		p.fault = "an extension cannot be read"
	}
	return p
}

// each calls f with each extension, and answers whether all could be read.
func (p *entryParts) each(f func(id []byte, critical bool, value []byte)) bool {
	b := p.extensions
	for off := 0; off < len(b); {
		x, err := der.Next(b, off, len(b))
		if err != nil || x.Tag != der.Sequence {
			return false
		}
		id, err := der.Next(b, x.Content(), x.Close())
		if err != nil || id.Tag != der.OID {
			return false
		}
		critical := false
		v, err := der.Next(b, id.End(), x.Close())
		if err == nil && v.Tag == der.Boolean {
			critical = v.Len == 1 && b[v.Content()] != 0
			v, err = der.Next(b, v.End(), x.Close())
		}
		if err != nil || v.Tag != der.OctetString {
			return false
		}
		f(b[id.Content():id.Close()], critical, b[v.Content():v.Close()])
		off = x.End()
	}
	return true
}

// octets are those of an entry, and the element that they are.
func (l *CRL) octets(i int) ([]byte, der.Element, bool) {
	at := l.Entries[i]
	if l.Raw == nil || int(at.Off)+int(at.Len) > len(l.Raw) {
		return nil, der.Element{}, false
	}
	b := l.Raw[at.Off:][:at.Len]
	e, err := der.Next(b, 0, len(b))
	return b, e, err == nil && e.Tag == der.Sequence
}

// ranked is an entry by a hash of its serial number.
type ranked struct {
	hash  uint64
	index int32
}

// rank orders the entries by serial number, so that one can be found and twins
// stand side by side.
func (l *CRL) rank() []ranked {
	if l.sorted != nil || len(l.Entries) == 0 {
		return l.sorted
	}
	// Hashes are spread evenly: counted into drawers by their first bits, hardly
	// any two of which meet, they are sorted but for what lies in a drawer.
	drawer := func(r ranked) int { return int(r.hash >> (64 - bits.Len(uint(len(l.Entries))))) }
	list := make([]ranked, len(l.Entries))
	ends := make([]int32, drawer(ranked{hash: 1<<64 - 1})+2)
	for i := range l.Entries {
		list[i] = ranked{hash(l.serial(i)), int32(i)}
		ends[drawer(list[i])+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	l.sorted = make([]ranked, len(list))
	for _, r := range list {
		d := drawer(r)
		l.sorted[ends[d]] = r
		ends[d]++ // the beginning becomes the end
	}
	from := int32(0)
	for _, to := range ends {
		if to-from > 1 {
			slices.SortFunc(l.sorted[from:to], compareIn(l))
		}
		from = max(from, to)
	}
	return l.sorted
}

// compareIn orders entries by hash, serial number and place.
func compareIn(l *CRL) func(a, b ranked) int {
	return func(a, b ranked) int {
		if a.hash != b.hash {
			return cmp.Compare(a.hash, b.hash)
		}
		if order := bytes.Compare(l.serial(int(a.index)), l.serial(int(b.index))); order != 0 {
			return order
		}
		return cmp.Compare(a.index, b.index)
	}
}

// serial is the serial number of an entry alone; nil if it cannot be read.
func (l *CRL) serial(i int) []byte {
	b, outer, ok := l.octets(i)
	if !ok {
		return nil
	}
	serial, err := der.Next(b, outer.Content(), outer.Close())
	if err != nil {
		return nil
	}
	return b[serial.Content():serial.Close()]
}

// hash is FNV-1a.
func hash(b []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return (h ^ h>>32) * 0x9e3779b97f4a7c15 // the last octets reach the first bits, too
}

// Find gives the index of the entry for a serial number.
func (l *CRL) Find(serial []byte) (int, bool) {
	list, want := l.rank(), hash(serial)
	at, _ := slices.BinarySearchFunc(list, want, func(r ranked, want uint64) int { return cmp.Compare(r.hash, want) })
	for ; at < len(list) && list[at].hash == want; at++ {
		if i := int(list[at].index); bytes.Equal(l.serial(i), serial) {
			return i, true
		}
	}
	return 0, false
}

// Twins gives two entries with the same serial number, if there are any.
func (l *CRL) Twins() (a, b int, found bool) {
	list := l.rank()
	for i := 1; i < len(list); i++ {
		x, y := list[i-1], list[i]
		if x.hash == y.hash && bytes.Equal(l.serial(int(x.index)), l.serial(int(y.index))) {
			return int(x.index), int(y.index), true
		}
	}
	return 0, 0, false
}

// SignedBy verifies the signature with the key of issuer.
func (l *CRL) SignedBy(issuer *Certificate) sig.Result {
	if res, known := l.signed[issuer]; known {
		return res
	}
	res := Verify(l.Algorithm, issuer.PublicKey, l.TBS, l.Signature)
	if l.signed == nil {
		l.signed = map[*Certificate]sig.Result{}
	}
	l.signed[issuer] = res
	return res
}

// Number is the CRL number, and whether there is one.
func (l *CRL) Number() (field.Int, bool) { return content[field.Int](l.Extensions, IDCRLNumber) }

// AKI is the key identifier of the authority key identifier, or nil.
func (l *CRL) AKI() []byte {
	if a, ok := content[*AuthorityKeyIdentifier](l.Extensions, IDAuthorityKeyIdentifier); ok {
		return a.KeyID
	}
	return nil
}

// Title names the CRL for people.
func (l *CRL) Title() string {
	if name := l.Issuer.Short(); name != "" {
		return "CRL of " + name
	}
	return "CRL without an issuer's name"
}
