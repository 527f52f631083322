package relay

import (
	"fmt"
	"net/http"

	"derscope/decode/report"
	"derscope/web/service"
)

// Problem is an answer that says why there is no other.
type Problem struct {
	Status int
	Detail string // a sentence or two: what is so, and what to do
}

func problem(status int, format string, a ...any) *Problem {
	return &Problem{status, report.Clean(fmt.Sprintf(format, a...))}
}

// Write answers with the problem.
func (p *Problem) Write(w http.ResponseWriter, r *http.Request) {
	if p.Status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", "GET, POST")
	}
	service.Problem(w, r, p.Status, p.Detail)
}
