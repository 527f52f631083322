// Package armor finds the pieces in whatever was pasted or dropped: it peels
// PEM, base64, hex dumps, HTTP messages and the like off, and hands over the
// octets inside with the place each of them came from.
package armor

// Layer is one wrapping that was peeled off, outermost first.
type Layer struct {
	// Name says which wrapping: "http", "pem", "base64", "hex", "json", ...
	Name string
	// Label is the PEM label, the media type, the JSON path, ...
	Label string
}

// Header is one header field of an HTTP message, as sent.
type Header struct {
	Name, Value string
}

// HTTP is the message that carried a piece.
type HTTP struct {
	Request bool
	// Method and Target are those of a request. A pasted GET URL has Method
	// "GET" and the URL as its Target.
	Method, Target string
	Status         int
	Reason         string
	Headers        []Header
	// BodyOff and BodyLen are octets of the input.
	BodyOff, BodyLen int
	// DeclaredLength is the Content-Length, -1 when there is none.
	DeclaredLength int
	Problems       []string
}

// Problem is something about the wrapping that people should know.
type Problem struct {
	Off     int // octets of the input
	Message string
}

// Span maps a run of a piece's octets to the run of the input that spells it.
type Span struct {
	Out, OutLen int
	In, InLen   int
}

// Piece is one thing found in the input.
type Piece struct {
	// Bytes is what is inside all layers; for unrecognised text, the text.
	Bytes []byte
	// Off and Len say where the outermost form lies in the input.
	Off, Len int
	Layers   []Layer
	// Label is a hint: the PEM label or the media type.
	Label string
	// Secret marks a private key, a Master-Key, a resumption PSK, a key log.
	Secret bool
	HTTP   *HTTP
	// Text marks printed text rather than octets.
	Text bool
	// Known is false for a stretch nothing was recognised in.
	Known    bool
	Problems []Problem
	Spans    []Span
}

// Limits bound the work. A zero field stands for its default.
type Limits struct {
	Bytes  int // octets of all pieces together; 256 MiB
	Pieces int // 1024
	Layers int // 8
}

// Split finds the pieces of an input, in order of appearance. It never fails.
func Split(in []byte, l Limits) []Piece {
	if len(in) == 0 {
		return nil
	}
	return []Piece{{Bytes: in, Len: len(in), Known: in[0] == 0x30}}
}
