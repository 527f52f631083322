//go:build !js

package web

import "time"

// newWorker gives the stand-in for a page that is drawn outside a browser: a
// worker that is always about to start.
func newWorker() worker { return starting{} }

type starting struct{}

func (starting) start(func(bool), func(Reply), func(string)) {}
func (starting) post(Request)                                {}
func (starting) kill()                                       {}
func (starting) further()                                    {}
func (starting) hear(func(string, string))                   {}
func (starting) swap()                                       {}
func (starting) after(time.Duration, func()) func()          { return func() {} }
