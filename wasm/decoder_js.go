//go:build js && !first

package main

import "derscope/web"

func main() { web.Serve(new(server).answer) }
