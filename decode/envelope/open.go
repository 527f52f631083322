package envelope

import (
	"fmt"

	"derscope/decode/private"
)

// Opener is something that may open an envelope: a private key or a password.
type Opener struct {
	Item     int // that it is, for whoever asks
	Private  *private.Key
	Password []byte
}

// Opening is what came of trying to open an envelope.
type Opening struct {
	Content []byte // nil: it was not opened
	Item    int    // of the opener that did it; -1: none
	By      *Recipient
	// Fault says what went wrong with the attempt that came furthest; "" if none was made.
	Fault string
	Tried int // openers that fit a recipient
}

// attempts bounds the pairs of recipients and openers that are tried.
const attempts = 64

// Open opens an envelope with the first of the openers that can.
func (e *EnvelopedData) Open(openers []Opener) Opening {
	o := Opening{Item: -1}
	if !e.Content.OK {
		return o
	}
	spent := 0 // rounds of derivation from passwords
	for _, p := range e.Recipients {
		for _, with := range openers {
			for _, f := range p.For {
				if o.Tried == attempts || !p.suits(with) {
					continue
				}
				o.Tried++
				if _, rounds, _ := p.Rounds(); p.Kind == PWRI {
					if spent += rounds; spent > 2*mostRounds {
						if o.Fault == "" {
							o.Fault, o.By = fmt.Sprintf("deriving the key from a password takes %d rounds, more than are computed here", rounds), p
						}
						continue
					}
				}
				key, fault := p.key(f, with)
				var content []byte
				if fault == "" {
					content, fault = decrypt(e.Cipher.ID, e.Cipher.Parameters, key, e.Content.Value, true)
				}
				if fault == "" {
					return Opening{Content: content, Item: with.Item, By: p, Tried: o.Tried}
				}
				if o.Fault == "" {
					o.Fault, o.By = fault, p
				}
			}
		}
	}
	return o
}

// suits says that an opener is of the sort that a recipient needs.
func (p *Recipient) suits(o Opener) bool {
	switch p.Kind {
	case KTRI:
		return o.Private != nil && o.Private.RSA != nil
	case KARI:
		return o.Private != nil && o.Private.ECDH != nil && p.Sender != nil
	case PWRI:
		return o.Private == nil
	case ORI:
		return o.Private != nil && o.Private.KEM != nil && p.Type == idKEMRecipient
	}
	return false
}

// key opens the content-encryption key, or says why that fails.
func (p *Recipient) key(f *For, o Opener) ([]byte, string) {
	switch p.Kind {
	case KTRI:
		return transported(p.Algorithm, o.Private.RSA, f.Key.Value)
	case KARI:
		return p.agreed(f, o.Private.ECDH)
	case PWRI:
		return p.fromPassword(f, o.Password)
	}
	return p.fromKEM(f, o.Private.KEM)
}
