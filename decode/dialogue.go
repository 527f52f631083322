package decode

import (
	"derscope/decode/armor"
	"derscope/decode/report"
)

// lump is a piece, or several that are one thing: the messages of a conversation
// that was printed.
type lump struct {
	armor.Piece
	from  []report.Span // of the input, without their source; nil: where the piece lies
	given any           // see field.Reader.Given
}

// lumps puts together what belongs together. Pieces of a conversation stand
// apart in the text, with other things between them.
func lumps(pieces []armor.Piece) []lump {
	all := make([]lump, 0, len(pieces))
	for i := range pieces {
		if pieces[i].Wire != nil {
			return dialogues(pieces)
		}
		all = append(all, lump{Piece: pieces[i]})
	}
	return all
}
