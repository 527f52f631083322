package ticket

import (
	"bytes"
	"crypto/sha3"
	"encoding/binary"
	"time"
)

// steps are the time steps of GnuTLS under one master secret: every 18 hours,
// three times the default expiry of a session, it makes new keys of it. Which
// step a ticket is of is found by its key name, without a clock; the names are
// computed once for a key.
//
// Source: GnuTLS, lib/stek.c.
type steps struct {
	names []uint64 // the first octets of each name, from the step first on
}

const (
	stepSeconds = 3 * 21600
	firstStep   = 1_514_764_800 / stepSeconds // 2018, the year of GnuTLS 3.6.4
	lastStep    = 2_208_988_800 / stepSeconds // 2040
)

// Late says that a ticket of GnuTLS is under a step of time that its server does
// not take any more, or not yet: it takes its own and the one before it.
func (o *Opening) Late(at time.Time) bool {
	step := at.Unix() / stepSeconds
	return o.Step != 0 && !at.IsZero() && (o.Step < step-1 || o.Step > step)
}

// stepKeys are name, cipher key and MAC key of a step: 16, 32 and 16 octets.
func stepKeys(master []byte, step int64) [64]byte {
	var in [72]byte
	binary.BigEndian.PutUint64(in[:8], uint64(step))
	copy(in[8:], master)
	return sha3.Sum512(in[:])
}

// find gives the step whose key name this is.
func (s *steps) find(master, name []byte) (int64, bool) {
	if s == nil || len(name) != 16 || len(master) != 64 {
		return 0, false
	}
	if s.names == nil {
		s.names = make([]uint64, lastStep-firstStep)
		for i := range s.names {
			h := stepKeys(master, int64(firstStep+i))
			s.names[i] = binary.BigEndian.Uint64(h[:8])
		}
	}
	want := binary.BigEndian.Uint64(name)
	for i, n := range s.names {
		if n != want {
			continue
		}
		step := int64(firstStep + i)
		if h := stepKeys(master, step); bytes.Equal(h[:16], name) {
			return step, true
		}
	}
	return 0, false
}
