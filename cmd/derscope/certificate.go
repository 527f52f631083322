package main

import (
	"context"
	"crypto/tls"
	"log"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// certificate is what serve shows over TLS, and its key, as they lie in two
// files. Renewing them is writing the files: who connects from then on is shown
// the new one, and connections that are open stay.
type certificate struct {
	cert, key string
	lines     *log.Logger

	mu     sync.Mutex
	now    *tls.Certificate
	looked time.Time
	tried  [2]time.Time // when the files had been written that were read last
}

// glance is how long it takes at the most until new files are seen.
const glance = time.Second

// newCertificate reads the two files, in PEM.
func newCertificate(cert, key string, lines *log.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, lines: lines}
	c.tried = c.written()
	pair, err := tls.LoadX509KeyPair(cert, key)
	c.now = &pair
	return c, err
}

func (c *certificate) written() (at [2]time.Time) {
	for i, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			at[i] = info.ModTime()
		}
	}
	return at
}

// read takes what the files hold now. If that does not fit together, as while
// only one of them is written, the old pair stays.
func (c *certificate) read() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried = c.written()
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		c.lines.Printf("derscope: -tls-cert, -tls-key: %v; the certificate from before stays in use", err)
		return
	}
	c.now = &pair
	c.lines.Printf("derscope: the certificate was read anew; it ends %s", pair.Leaf.NotAfter.UTC().Format(time.RFC3339))
}

// changed says that a file was written since it was read. It looks once in a while.
func (c *certificate) changed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if now.Sub(c.looked) < glance {
		return false
	}
	c.looked = now
	return c.written() != c.tried
}

// get is for [tls.Config].
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	if c.changed() {
		c.read()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now, nil
}

// heed reads the files whenever a signal comes, until it is told to stop. From
// its return on no signal ends the program.
func (c *certificate) heed(ctx context.Context) (stop func()) {
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	end := until(ctx, func(ctx context.Context) {
		for {
			select {
			case <-again:
				c.read()
			case <-ctx.Done():
				return
			}
		}
	})
	return func() { signal.Stop(again); end() }
}
