package connection

import "derscope/decode/handshake"

// lastAlert is the error alert that ended the handshake, else the last alert
// that can be read, or nil. close_notify ends nothing that was not over.
func (v *View) lastAlert() *handshake.Event {
	var last *handshake.Event
	for _, e := range v.H.Alerts() {
		b, ok := e.Body.(*handshake.AlertBody)
		if !ok || !b.Description.OK {
			continue
		}
		if last == nil || b.Description.Value != closeNotify && b.Description.Value != userCanceled {
			last = e
		}
	}
	return last
}

// Alerts that are no errors.
const (
	closeNotify  = 0
	userCanceled = 90
)

// before names the last message before an event, or "".
func (v *View) before(e *handshake.Event) string {
	name := ""
	for i := range v.H.Events {
		o := &v.H.Events[i]
		if o == e {
			break
		}
		if o.Kind == handshake.Message {
			name = eventName(o)
		}
	}
	return name
}
