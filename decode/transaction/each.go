package transaction

import (
	"derscope/decode/check"
	"derscope/decode/cmp"
	"derscope/decode/enrol"
)

// judging is what a rule does. Those below make it of the judgement of one thing:
// of all such things the worst speaks, and of equals the first.
type judging = func(*check.Context, *View) check.Outcome

// perMessage is for the messages one by one, without those that are there twice.
func perMessage(judge func(c *check.Context, v *View, m *enrol.View) check.Outcome) judging {
	return func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, m := range v.Messages {
			if m.Again == nil {
				worst = check.Worst(worst, judge(c, v, m))
			}
		}
		return worst
	}
}

// perAnswer is for messages of the server, each with the one that it answers.
func perAnswer(judge func(c *check.Context, v *View, m, q *enrol.View) check.Outcome) judging {
	return perMessage(func(c *check.Context, v *View, m *enrol.View) check.Outcome {
		if m.From != cmp.Server || m.Answers == nil {
			return check.Skip()
		}
		return judge(c, v, m, m.Answers)
	})
}

// perRequest is for messages of both sides, each with the request that began what
// it is about, which may lie several messages before it.
func perRequest(judge func(m, q *enrol.View) check.Outcome) judging {
	return perMessage(func(_ *check.Context, _ *View, m *enrol.View) check.Outcome {
		q := m.Request()
		if q == nil {
			return check.Skip()
		}
		return judge(m, q)
	})
}

// perLink is for messages that have to repeat a nonce.
func perLink(judge func(link) check.Outcome) judging {
	return func(_ *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, l := range v.links() {
			worst = check.Worst(worst, judge(l))
		}
		return worst
	}
}

// perGrant is for new certificates that can be read.
func perGrant(judge func(c *check.Context, g *grant) check.Outcome) judging {
	return func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, g := range v.granted() {
			worst = check.Worst(worst, judge(c, g))
		}
		return worst
	}
}

// perConfirm is for what the client says of certificates.
func perConfirm(judge func(c *check.Context, k confirm) check.Outcome) judging {
	return func(c *check.Context, v *View) check.Outcome {
		worst := check.Skip()
		for _, k := range v.confirms() {
			worst = check.Worst(worst, judge(c, k))
		}
		return worst
	}
}
