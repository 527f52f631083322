package cmp

import (
	"derscope/decode/crmf"
	"derscope/decode/field"
)

// Statuses are all PKIStatusInfos of the body, in order.
func (b *Body) Statuses() (list []*PKIStatusInfo) {
	switch {
	case b.Reply != nil:
		for _, r := range b.Reply.Responses {
			list = append(list, r.Status)
		}
	case b.Recovery != nil:
		list = append(list, b.Recovery.Status)
	case b.Revoked != nil:
		list = append(list, b.Revoked.Statuses...)
	case b.Error != nil:
		list = append(list, b.Error.Status)
	}
	for _, c := range b.Confirmed {
		if c.Status != nil {
			list = append(list, c.Status)
		}
	}
	return list
}

// Pairs are all CertifiedKeyPairs of the body, in order.
func (b *Body) Pairs() (list []*CertifiedKeyPair) {
	if b.Reply != nil {
		for _, r := range b.Reply.Responses {
			if r.Pair != nil {
				list = append(list, r.Pair)
			}
		}
	}
	if b.Recovery != nil {
		list = append(list, b.Recovery.History...)
	}
	return list
}

// RequestIDs are all certReqIds of the body, in order.
func (b *Body) RequestIDs() (list []field.Field[field.Int]) {
	for _, q := range b.Requests {
		list = append(list, q.Request.ID)
	}
	if b.Reply != nil {
		for _, r := range b.Reply.Responses {
			list = append(list, r.ID)
		}
	}
	for _, c := range b.Confirmed {
		list = append(list, c.ID)
	}
	list = append(list, b.Polls...)
	for _, w := range b.Waits {
		list = append(list, w.ID)
	}
	return list
}

// Templates are all CertTemplates of the body, in order.
func (b *Body) Templates() (list []*crmf.CertTemplate) {
	for _, q := range b.Requests {
		list = append(list, q.Request.Template)
	}
	for _, d := range b.Revocations {
		list = append(list, d.Template)
	}
	return list
}

// FreeTexts are all texts for people of the message, in order.
func (m *Message) FreeTexts() []FreeText {
	list := []FreeText{m.Header.FreeText}
	for _, s := range m.Body.Statuses() {
		list = append(list, s.Text)
	}
	if m.Body.Error != nil {
		list = append(list, m.Body.Error.Details)
	}
	for _, w := range m.Body.Waits {
		list = append(list, w.Reason)
	}
	return list
}
