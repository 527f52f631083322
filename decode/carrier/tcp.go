package carrier

import (
	"encoding/binary"
	"strconv"

	"derscope/decode/cmp"
	"derscope/decode/field"
	"derscope/decode/report"
)

// Frame is one message of the protocol over TCP.
//
// RFC 2510, section 5.2
type Frame struct {
	Ref       report.Ref
	Length    field.Field[uint64]
	Version   field.Field[uint64] // version 10 only
	Flags     field.Field[uint64] // version 10 only
	Type      field.Field[uint64]
	Reference field.Field[uint64] // of a poll
	Wait      field.Field[uint64] // seconds until one may ask
	Fits      bool                // the message is as long as the frame has room for
}

// What a frame holds.
const (
	pkiMsg = iota
	pollRep
	pollReq
	negPollRep
	partialMsgRep
	finalMsgRep
	errorMsgRep
)

var frameTypes = map[int]string{pkiMsg: "pkiMsg", pollRep: "pollRep", pollReq: "pollReq", negPollRep: "negPollRep",
	partialMsgRep: "partialMsgRep", finalMsgRep: "finalMsgRep", errorMsgRep: "errorMsgRep"}

// carries says that a frame of this type holds a PKIMessage.
func carries(kind uint64) bool { return kind == pkiMsg || kind == partialMsgRep || kind == finalMsgRep }

// extra is what a form has between length and type.
func (f Form) extra() int {
	if f == TCP10 {
		return 2
	}
	return 0
}

// frames counts the frames of which b consists to its end: 0 if it does not, or
// if none of them holds a message.
func frames(b []byte, form Form) int {
	count, messages := 0, 0
	for len(b) > 0 && count < most {
		if len(b) < 5+form.extra() {
			return 0
		}
		n := binary.BigEndian.Uint32(b)
		if uint64(n) > uint64(len(b)-4) || int(n) < 1+form.extra() || form == TCP10 && b[4] != 10 {
			return 0
		}
		kind, value := b[4+form.extra()], b[5+form.extra():4+n]
		if kind > errorMsgRep {
			return 0
		}
		if kind == partialMsgRep && len(value) >= 8 {
			value = value[8:]
		}
		if _, _, ok := cmp.Peek(value); ok && carries(uint64(kind)) {
			messages++
		}
		b = b[4+n:]
		count++
	}
	if messages == 0 || len(b) > 0 {
		return 0
	}
	return count
}

// frame reads one frame. Its length was looked at before.
func (k *Carried) frame(r *field.Reader) {
	n := int(binary.BigEndian.Uint32(r.Left()))
	f := Frame{Fits: true}
	f.Ref = r.Struct("tcpMessage["+strconv.Itoa(len(k.Frames))+"]", func(r *field.Reader) {
		f.Length = r.Uint("length", 4, nil)
		r.Part(n, func(r *field.Reader) {
			if k.Form == TCP10 {
				f.Version = r.Uint("version", 1, nil)
				f.Flags = r.Uint("flags", 1, nil)
			}
			f.Type = r.Uint("messageType", 1, frameTypes)
			k.value(r, &f)
		})
	})
	r.Show(f.Ref, frameTypes[int(f.Type.Value)])
	k.Frames = append(k.Frames, f)
}

// value reads what a frame holds.
func (k *Carried) value(r *field.Reader, f *Frame) {
	kind := f.Type.Value
	if (kind == pollRep || kind == pollReq || kind == partialMsgRep) && len(r.Left()) >= 4 {
		f.Reference = r.Uint("pollingReference", 4, nil)
	}
	if (kind == pollRep || kind == partialMsgRep) && len(r.Left()) >= 4 {
		f.Wait = r.Uint("timeToCheckBack", 4, nil)
	}
	if n, _, ok := cmp.Peek(r.Left()); ok && carries(kind) {
		k.message(r, n)
		f.Fits = r.Empty()
	} else {
		f.Fits = !carries(kind)
	}
	if left := r.Left(); len(left) > 0 {
		at := r.Fixed("value", len(left))
		if kind == errorMsgRep {
			r.Show(at.Ref, string(left[:min(len(left), 256)]))
		}
	}
}
