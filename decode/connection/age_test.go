package connection

import (
	"testing"
	"time"
)

func TestTicketAge(t *testing.T) {
	for _, c := range []struct {
		obfuscated, add, ms uint32
		negative, whole     bool
	}{
		{0x5db1a411, 0x5db1a411, 0, false, true},    // OpenSSL, within two seconds
		{0x5db1a7f9, 0x5db1a411, 1000, false, true}, // a second later
		{0, 0, 0, false, true},                      // of a PSK that is no ticket's
		{0x000003e7, 0xffffffff, 1000, false, true}, // over the end of the numbers
		{0x00000001, 0x00000002, 0xffffffff, true, false},
		{0x80000000, 0, 0x80000000, true, false},
		{0x7fffffff, 0, 0x7fffffff, false, false},
		{123456789, 0, 123456789, false, false},
	} {
		ms := ticketAge(c.obfuscated, c.add)
		if ms != c.ms || negative(ms) != c.negative || !c.negative && wholeSeconds(ms) != c.whole {
			t.Errorf("%#x under %#x: %d ms, negative %v, whole seconds %v", c.obfuscated, c.add, ms, negative(ms), wholeSeconds(ms))
		}
	}
}

// The window in which OpenSSL takes early data: ten seconds under, one over.
func TestEarlyDataWindow(t *testing.T) {
	for _, c := range []struct {
		client, server time.Duration
		takes          bool
	}{
		{0, 0, true},
		{5 * time.Second, 5 * time.Second, true},
		{6 * time.Second, 5 * time.Second, true},
		{6*time.Second + time.Millisecond, 5 * time.Second, false},
		{0, 10 * time.Second, true},
		{0, 10*time.Second + time.Millisecond, false},
		{time.Hour, 2 * time.Hour, false},
	} {
		if got := early(c.client, c.server); got != c.takes {
			t.Errorf("client %s, server %s: %v", c.client, c.server, got)
		}
	}
}

func TestLengthsOfTimeForPeople(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0 ms"}, {999 * time.Millisecond, "999 ms"}, {time.Second, "1 s"}, {90 * time.Second, "1 min 30 s"},
		{time.Hour, "1 h"}, {25 * time.Hour, "1 d 1 h"}, {7 * 24 * time.Hour, "7 d"}, {-time.Second, "−1 s"}, {12345 * time.Millisecond, "12.345 s"},
	} {
		if got := span(c.d); got != c.want {
			t.Errorf("%d: %q, want %q", c.d, got, c.want)
		}
	}
	if got := seconds(7200); got != "7200 s (2 h)" {
		t.Errorf("7200 seconds are %q", got)
	}
}
