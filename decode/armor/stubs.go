package armor

func (t *scan) json(p, end int) *found      { return nil }
func (t *scan) message(p, end int) *found   { return nil }
func (t *scan) openssl(p, end int) *found   { return nil }
func (t *scan) token(p, end int) *found     { return nil }
func startsHTTP(b []byte) bool              { return false }
func (s *splitter) compressed(v *view) bool { return false }
func (s *splitter) charset(v *view) bool    { return false }
func mentionsSecret(b []byte) bool          { return false }
