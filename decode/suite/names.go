package suite

import "strconv"

// The maps of this file name numbers; they fit field.Reader.Uint.

// Version is the name of a protocol version.
func Version(v uint16) string {
	if v>>8 == 0x7f {
		return "TLS 1.3 draft " + strconv.Itoa(int(v&0xff))
	}
	return Label(Versions, v)
}

// Versions are the protocol versions as they stand on the wire.
var Versions = map[int]string{
	0x0002: "SSL 2.0", 0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3",
	0xfeff: "DTLS 1.0", 0xfefd: "DTLS 1.2", 0xfefc: "DTLS 1.3", 0x0101: "TLCP 1.1",
}

// GREASE says that a number of two octets is one of those that are sent to see
// that they are ignored (RFC 8701): 0x0a0a, 0x1a1a, …
func GREASE(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

// GREASE8 is the same for numbers of one octet: 0x0b, 0x2a, 0x49, … (RFC 8701,
// section 2).
func GREASE8(v uint8) bool { return v%0x1f == 0x0b }

// Label names a number of two octets: by its map, as GREASE, or in hex.
func Label(names map[int]string, v uint16) string {
	if name := names[int(v)]; name != "" {
		return name
	}
	return unnamed(v)
}

// unnamed is a number of two octets that no map names.
func unnamed(v uint16) string {
	if GREASE(v) {
		return "GREASE " + Hex16(v)
	}
	return Hex16(v)
}

// Hex16 writes a number of two octets as numbers of TLS are written: 0xc02f.
func Hex16(v uint16) string {
	s := strconv.FormatUint(uint64(v), 16)
	return "0x0000"[:6-len(s)] + s
}

// Numbered is a name with its number behind it: TLS 1.2 (0x0303). Where the
// name is nothing but the number, that is all.
func Numbered(name string, v uint16) string {
	if h := Hex16(v); name != h {
		return name + " (" + h + ")"
	}
	return name
}

// ContentTypes are the types of records (RFC 9846, section 5.1).
var ContentTypes = map[int]string{
	20: "change_cipher_spec", 21: "alert", 22: "handshake", 23: "application_data", 24: "heartbeat", 25: "tls12_cid", 26: "ACK",
}

// HandshakeTypes are the types of messages (RFC 9846, section 4, and elders).
var HandshakeTypes = map[int]string{
	0: "HelloRequest", 1: "ClientHello", 2: "ServerHello", 3: "HelloVerifyRequest", 4: "NewSessionTicket", 5: "EndOfEarlyData",
	6: "HelloRetryRequest", 8: "EncryptedExtensions", 9: "RequestConnectionId", 10: "NewConnectionId", 11: "Certificate",
	12: "ServerKeyExchange", 13: "CertificateRequest", 14: "ServerHelloDone", 15: "CertificateVerify", 16: "ClientKeyExchange",
	17: "ClientCertificateRequest", 20: "Finished", 21: "CertificateURL", 22: "CertificateStatus", 23: "SupplementalData",
	24: "KeyUpdate", 25: "CompressedCertificate", 26: "ExtendedKeyUpdate", 67: "NextProtocol", 254: "message_hash",
}

// AlertLevels are warning and fatal; TLS 1.3 goes by the description alone.
var AlertLevels = map[int]string{1: "warning", 2: "fatal"}

// Alerts are the descriptions of alerts (RFC 9846, section 6, and elders).
var Alerts = map[int]string{
	0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 21: "decryption_failed_RESERVED", 22: "record_overflow",
	30: "decompression_failure_RESERVED", 40: "handshake_failure", 41: "no_certificate_RESERVED", 42: "bad_certificate",
	43: "unsupported_certificate", 44: "certificate_revoked", 45: "certificate_expired", 46: "certificate_unknown",
	47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error", 52: "too_many_cids_requested",
	60: "export_restriction_RESERVED", 70: "protocol_version", 71: "insufficient_security", 80: "internal_error",
	86: "inappropriate_fallback", 90: "user_canceled", 100: "no_renegotiation_RESERVED", 109: "missing_extension",
	110: "unsupported_extension", 111: "certificate_unobtainable_RESERVED", 112: "unrecognized_name",
	113: "bad_certificate_status_response", 114: "bad_certificate_hash_value_RESERVED", 115: "unknown_psk_identity",
	116: "certificate_required", 117: "general_error", 120: "no_application_protocol", 121: "ech_required",
}

// Extensions are the types of extensions.
var Extensions = map[int]string{
	0: "server_name", 1: "max_fragment_length", 2: "client_certificate_url", 3: "trusted_ca_keys", 4: "truncated_hmac", 5: "status_request",
	6: "user_mapping", 7: "client_authz", 8: "server_authz", 9: "cert_type", 10: "supported_groups", 11: "ec_point_formats", 12: "srp",
	13: "signature_algorithms", 14: "use_srtp", 15: "heartbeat", 16: "application_layer_protocol_negotiation", 17: "status_request_v2",
	18: "signed_certificate_timestamp", 19: "client_certificate_type", 20: "server_certificate_type", 21: "padding",
	22: "encrypt_then_mac", 23: "extended_main_secret", 24: "token_binding", 25: "cached_info", 26: "tls_lts", 27: "compress_certificate",
	28: "record_size_limit", 29: "pwd_protect", 30: "pwd_clear", 31: "password_salt", 32: "ticket_pinning",
	33: "tls_cert_with_extern_psk", 34: "delegated_credential", 35: "session_ticket", 36: "TLMSP", 37: "TLMSP_proxying",
	38: "TLMSP_delegate", 39: "supported_ekt_ciphers", 41: "pre_shared_key", 42: "early_data", 43: "supported_versions",
	44: "cookie", 45: "psk_key_exchange_modes", 47: "certificate_authorities", 48: "oid_filters", 49: "post_handshake_auth",
	50: "signature_algorithms_cert", 51: "key_share", 52: "transparency_info", 53: "connection_id_deprecated", 54: "connection_id",
	55: "external_id_hash", 56: "external_session_id", 57: "quic_transport_parameters", 58: "ticket_request",
	59: "dnssec_chain", 60: "sequence_number_encryption_algorithms", 61: "rrc", 62: "tls_flags", 13172: "next_protocol_negotiation",
	17513: "application_settings_old", 17613: "application_settings", 0xca34: "trust_anchors", 0xfd00: "ech_outer_extensions",
	0xfe0d: "encrypted_client_hello", 0xff01: "renegotiation_info",
}

// Groups are the groups of key exchange.
var Groups = map[int]string{
	1: "sect163k1", 2: "sect163r1", 3: "sect163r2", 6: "sect233k1", 7: "sect233r1", 8: "sect239k1", 9: "sect283k1", 10: "sect283r1",
	11: "sect409k1", 12: "sect409r1", 13: "sect571k1", 14: "sect571r1", 15: "secp160k1", 16: "secp160r1", 17: "secp160r2",
	18: "secp192k1", 19: "secp192r1", 20: "secp224k1", 21: "secp224r1", 22: "secp256k1", 23: "secp256r1", 24: "secp384r1", 25: "secp521r1",
	26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1", 29: "x25519", 30: "x448", 31: "brainpoolP256r1tls13",
	32: "brainpoolP384r1tls13", 33: "brainpoolP512r1tls13", 34: "GC256A", 35: "GC256B", 36: "GC256C", 37: "GC256D", 38: "GC512A",
	39: "GC512B", 40: "GC512C", 41: "curveSM2", 256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192",
	512: "MLKEM512", 513: "MLKEM768", 514: "MLKEM1024", 4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768", 4589: "SecP384r1MLKEM1024",
	4590: "curveSM2MLKEM768", 25497: "X25519Kyber768Draft00", 25498: "SecP256r1Kyber768Draft00",
	0xff01: "arbitrary_explicit_prime_curves", 0xff02: "arbitrary_explicit_char2_curves",
}

// Schemes are the signature schemes of TLS 1.3; those below 0x0700 can also be
// read as the pairs of hash and signature of TLS 1.2.
var Schemes = map[int]string{
	0x0101: "rsa_pkcs1_md5", 0x0102: "dsa_md5", 0x0103: "ecdsa_md5", 0x0201: "rsa_pkcs1_sha1", 0x0202: "dsa_sha1", 0x0203: "ecdsa_sha1", 0x0301: "rsa_pkcs1_sha224", 0x0302: "dsa_sha224",
	0x0303: "ecdsa_sha224", 0x0401: "rsa_pkcs1_sha256", 0x0402: "dsa_sha256", 0x0403: "ecdsa_secp256r1_sha256",
	0x0420: "rsa_pkcs1_sha256_legacy", 0x0501: "rsa_pkcs1_sha384", 0x0502: "dsa_sha384", 0x0503: "ecdsa_secp384r1_sha384",
	0x0520: "rsa_pkcs1_sha384_legacy", 0x0601: "rsa_pkcs1_sha512", 0x0602: "dsa_sha512", 0x0603: "ecdsa_secp521r1_sha512",
	0x0620: "rsa_pkcs1_sha512_legacy", 0x0704: "eccsi_sha256", 0x0708: "sm2sig_sm3", 0x0709: "gostr34102012_256a",
	0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448",
	0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512", 0x081a: "ecdsa_brainpoolP256r1tls13_sha256",
	0x081b: "ecdsa_brainpoolP384r1tls13_sha384", 0x081c: "ecdsa_brainpoolP512r1tls13_sha512",
	0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
}

// CertificateTypes are what a CertificateRequest of TLS 1.2 asks for.
var CertificateTypes = map[int]string{
	1: "rsa_sign", 2: "dss_sign", 3: "rsa_fixed_dh", 4: "dss_fixed_dh", 5: "rsa_ephemeral_dh_RESERVED", 6: "dss_ephemeral_dh_RESERVED",
	20: "fortezza_dms_RESERVED", 22: "gost_sign_legacy", 64: "ecdsa_sign", 65: "rsa_fixed_ecdh", 66: "ecdsa_fixed_ecdh",
	67: "gost_sign256", 68: "gost_sign512", 238: "gost_sign256_legacy", 239: "gost_sign512_legacy",
}

// StatusTypes are the types of CertificateStatus and status_request.
var StatusTypes = map[int]string{1: "ocsp", 2: "ocsp_multi"}

// CompressionMethods are those of the hellos; TLS 1.3 knows null alone.
var CompressionMethods = map[int]string{0: "null", 1: "DEFLATE", 64: "LZS"}

// CertificateCompression are the algorithms of compress_certificate (RFC 8879).
var CertificateCompression = map[int]string{1: "zlib", 2: "brotli", 3: "zstd"}

// PointFormats are those of ec_point_formats.
var PointFormats = map[int]string{0: "uncompressed", 1: "ansiX962_compressed_prime", 2: "ansiX962_compressed_char2"}

// PSKModes are the modes of psk_key_exchange_modes.
var PSKModes = map[int]string{0: "psk_ke", 1: "psk_dhe_ke"}

// NameTypes are those of server_name.
var NameTypes = map[int]string{0: "host_name"}

// KeyUpdates are the two values of a KeyUpdate.
var KeyUpdates = map[int]string{0: "update_not_requested", 1: "update_requested"}
