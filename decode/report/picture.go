package report

// Picture is a drawing: where the parts of a ticket lie, or who sent what when.
// It holds no colours and no fonts; the page and the exports draw the same one,
// each in its own style. Units are those of a drawing that is W wide.
type Picture struct {
	Name   string // of a file: ticket-map
	Title  string // what it shows, in a sentence
	W, H   int
	Shapes []Shape
}

// ShapeForm says what a shape is.
type ShapeForm uint8

const (
	Box   ShapeForm = iota // a rectangle with Text in its middle
	Line                   // from X, Y to X+W, Y+H
	Arrow                  // a Line with a head at its end and Text above its middle
	Words                  // Text that begins at X, Y; centred in W, if there is one
)

// Tone says what a shape stands for; how it looks is a matter of whoever draws.
type Tone uint8

const (
	Plain  Tone = iota
	Quiet       // less important: rulers, captions
	Name        // what it is known by: a key name, a label
	Fresh       // random or fresh values: IV, nonce, salt
	Size        // lengths
	Sealed      // encrypted
	Proof       // MAC, tag, signature
	Good
	Doubtful
	Bad
	Unknown
)

// Shape is one part of a Picture.
type Shape struct {
	Form       ShapeForm
	Tone       Tone
	Dashed     bool
	X, Y, W, H int
	Text       string
	Hint       string // further words, shown when it is pointed at
	At         Ref    // the node that it shows, or None
	Item       int    // the item that it opens, or -1
}
