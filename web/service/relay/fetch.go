//go:build !js

package relay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
)

// Client is the [Fetcher] of a machine with a network of its own.
type Client struct{ transport *http.Transport }

// NewClient makes a client. A nil resolver is that of the machine.
//
// Each request has a connection of its own: nothing idles between them, and
// every address is looked at. The time it may take is that of the context.
func NewClient(names *net.Resolver) *Client {
	dialer := &net.Dialer{Resolver: names, ControlContext: public}
	return &Client{&http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, rooted(addr))
		},
		Proxy:                  nil, // the guard cannot see behind one
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: 16 << 10,
	}}
}

// public looks at the address that a connection is about to be made to. A name
// that led elsewhere when it was looked up before is caught here.
func public(_ context.Context, _, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return refuse("The address «%s» cannot be read.", address)
	}
	return Public(a.Addr())
}

// rooted ends names with a dot, so that they are looked up as they stand, and
// not below the domains of this machine.
func rooted(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return addr
	}
	return net.JoinHostPort(host+".", port)
}

// Fetch sends one request and follows nothing.
func (c *Client) Fetch(ctx context.Context, method, url string, body []byte) (int, http.Header, io.ReadCloser, error) {
	var from io.Reader // of these octets net/http knows the length, and sends it
	if body != nil {
		from = bytes.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, from)
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header = Header(method)
	answer, err := c.transport.RoundTrip(r)
	if err != nil {
		return 0, nil, nil, plain(err)
	}
	// What follows is the bare connection, which no context ends.
	if answer.StatusCode == http.StatusSwitchingProtocols {
		answer.Body.Close()
		return 0, nil, nil, errors.New("it wants to go on in another protocol")
	}
	return answer.StatusCode, answer.Header, heard{answer.Body}, nil
}

// heard is the body of an answer, with errors in the words of plain.
type heard struct{ io.ReadCloser }

func (b heard) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF { // how an answer may end
		err = plain(err)
	}
	return n, err
}

// plain takes out of an error what is of this machine's network.
func plain(err error) error {
	var refused *Refusal
	var name *net.DNSError
	var step *net.OpError
	switch {
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &name) && name.IsNotFound:
		return errors.New("its name has no address in the DNS")
	case errors.As(err, &name):
		return errors.New("its name could not be looked up in the DNS")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("it refuses connections")
	case errors.Is(err, syscall.ECONNRESET):
		return errors.New("it cuts the connection")
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return errors.New("no way leads to its address")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it closes the connection without an answer")
	case errors.As(err, &step): // which names the addresses of both ends
		return step.Err
	}
	return err
}
