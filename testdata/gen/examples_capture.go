package main

// captureTopic is the part of the gallery about recordings.
var captureTopic = topic{"Recordings and key logs", []example{
	{"capture/tls13", "A recording with its key log",
		"In TLS 1.3 everything behind the hellos is encrypted, certificates too; the key log has a secret for each phase and direction.",
		"log-handshake", "the key log: all labels, or those of the handshake alone.", "capture.decrypted"},
	{"capture/log-wrong", "The right connection, the wrong secret",
		"The client random says which connection a line is for; only opening a record proves that its secret is right.",
		"tls12", "the secret in the line: changed, or that of the connection.", "capture.decrypted"},
	{"capture/resumed-session", "A saved session opens its resumption",
		"In TLS 1.2 the saved session holds the main secret, and with it the connections that resume the session can be read.",
		"", "", ""},
}}
