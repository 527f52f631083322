package main

import "time"

// window is a response whose thisUpdate and nextUpdate lie so far from the
// clock.
func window(this, next time.Duration) func(s *scene) {
	return func(s *scene) { s.times(this, next) }
}

// openEnded is a response without nextUpdate.
func openEnded(this time.Duration) func(s *scene) {
	return func(s *scene) {
		s.times(this, 0)
		s.first().next = nil
	}
}

// produced is a response with its usual window and another producedAt.
func produced(when time.Duration) func(s *scene) {
	return func(s *scene) { s.produced = generalized(at(when)) }
}

// thisUpdate is a response with another encoding of that time.
func thisUpdate(d der) func(s *scene) {
	return func(s *scene) { s.first().this = d }
}

// freshness is about times: ocsp.time.* and ocsp.fresh.*.
var freshness = []vector{
	{name: "expired", about: "nextUpdate was 25 hours ago.", make: window(-8*day-time.Hour, -day-time.Hour)},
	{name: "expired-long", about: "nextUpdate was 73 days ago.", make: window(-80*day, -73*day)},
	{name: "expired-2min", about: "nextUpdate was two minutes ago, which most clients forgive.",
		pair: "expired", make: window(-6*day, -2*time.Minute)},
	{name: "future", about: "thisUpdate is in three days.", make: window(3*day, 10*day)},
	{name: "future-2min", about: "thisUpdate is in two minutes, which most clients forgive.",
		pair: "future", make: window(2*time.Minute, 6*day)},
	{name: "future-6h", about: "thisUpdate is in six hours.", make: window(6*time.Hour, 6*day)},
	{name: "next-before-this", about: "nextUpdate is a day before thisUpdate.",
		make: window(-time.Hour, -time.Hour-day)},
	{name: "next-before-this-both-fresh", about: "nextUpdate is before thisUpdate, and both are within the tolerance.",
		make: window(100*time.Second, 50*time.Second)},
	{name: "next-equals-this", about: "nextUpdate equals thisUpdate, a minute ago.",
		make: window(-time.Minute, -time.Minute)},
	{name: "nonext-fresh", about: "nextUpdate is absent, thisUpdate was an hour ago.", make: openEnded(-time.Hour)},
	{name: "nonext-2d", about: "nextUpdate is absent, thisUpdate was 49 hours ago.", make: openEnded(-2*day - time.Hour)},
	{name: "nonext-400d", about: "nextUpdate is absent, thisUpdate was 399 days ago.",
		make: func(s *scene) {
			s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) { c.begin = at(-400 * day) }))
			openEnded(-399 * day)(s)
		}},
	{name: "old-but-valid", about: "thisUpdate was 20 days ago, nextUpdate is in 20 days.", make: window(-20*day, 20*day)},
	{name: "valid-8d-old", about: "thisUpdate was eight days ago, nextUpdate is tomorrow.", make: window(-8*day, day)},
	{name: "past-half", about: "More than half of the window has passed, so a newer answer is due.",
		make: window(-3*day, 2*day)},
	{name: "produced-future", about: "producedAt is in two days.", make: produced(2 * day)},
	{name: "produced-future-30min", about: "producedAt is in thirty minutes.", make: produced(30 * time.Minute)},
	{name: "produced-before-this", about: "producedAt is a day before thisUpdate.", make: produced(-day - 4*time.Hour)},
	{name: "produced-after-next", about: "producedAt is after nextUpdate: the answer was born expired.",
		make: func(s *scene) {
			s.times(-8*day, -2*day)
			s.produced = generalized(at(-day))
		}},
	{name: "produced-before-cert", about: "producedAt and thisUpdate are before the leaf's notBefore.",
		make: func(s *scene) {
			s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) { c.begin = at(-time.Hour) }))
		}},
	{name: "produced-after-cert", about: "producedAt is after the leaf's notAfter.", make: produced(100 * day)},
	{name: "produced-before-signer", about: "producedAt is before the responder certificate's notBefore.",
		make: func(s *scene) {
			s.delegated(func(c *certificate) { c.begin = at(-time.Hour) })
		}},
	{name: "outlives-signer", about: "nextUpdate is after the responder certificate's notAfter.",
		make: func(s *scene) {
			s.delegated(func(c *certificate) { c.end = at(2 * day) })
		}},
	{name: "subject-expired", about: "The leaf expired ten days ago, and the responder still answers.",
		make: func(s *scene) {
			s.answerFor(s.issuing, s.host("www.example.org", s.issuing, func(c *certificate) { c.end = at(-10 * day) }))
		}},
	{name: "time-fraction", about: "thisUpdate has a fraction of a second.",
		make: thisUpdate(generalizedText("20261120060000.5Z"))},
	{name: "time-offset", about: "thisUpdate has an offset instead of Z.",
		make: thisUpdate(generalizedText("20261120060000+0000"))},
	{name: "time-noseconds", about: "thisUpdate has no seconds.", make: thisUpdate(generalizedText("202611200600Z"))},
	{name: "time-utctime", about: "thisUpdate is a UTCTime.", make: thisUpdate(utcTime(at(-3*time.Hour - 12*time.Minute)))},
	{name: "time-february-30", about: "thisUpdate is on 30 February.", make: thisUpdate(generalizedText("20260230060000Z"))},
	{name: "time-leap-second", about: "thisUpdate has second 60.", make: thisUpdate(generalizedText("20261119235960Z"))},
}
