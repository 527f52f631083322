package client

// step is one step of a program: what it is called there, what is done, and
// what comes of it. The first step that does not go on speaks.
type step[T any] struct {
	name string
	do   func(T) next
}

// next says what comes after a step.
type next uint8

const (
	goOn    next = iota
	succeed      // all is well, the rest is left out
	fail
)

// run takes the steps in order, and names the one that spoke, if any.
func run[T any](t T, steps []step[T]) (ok bool, spoke string) {
	for _, s := range steps {
		switch s.do(t) {
		case succeed:
			return true, s.name
		case fail:
			return false, s.name
		}
	}
	return true, ""
}

func doneIf(b bool) next {
	if b {
		return succeed
	}
	return goOn
}

func failIf(b bool) next {
	if b {
		return fail
	}
	return goOn
}
