/* rows runs handshakes within one process and prints what OpenSSL's three
 * callbacks met and led to, one line for each combination:
 *
 *     key TAB end TAB resumed TAB calls TAB server-calls TAB generated TAB suspended TAB sees TAB messages TAB
 *     reason TAB reason of the other side
 *
 *     rows DIRECTORY        with ca.pem, other.pem, server.pem, client.pem, stranger.key
 */
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

static char path[4096], steps[4096];
static int calls, server_calls, generated, suspended, sees;
static int ticket_return, key_return, server_return, staple, client_return, cert_calls;
static const int *cert_answers; /* pairs of value and what is given: 1 certificate, 2 key, 4 another key */
static SSL *watched;
static SSL_SESSION *kept;
static X509 *client_cert;
static EVP_PKEY *client_key, *stranger_key;
static const unsigned char response[] = {0x30, 0x03, 0x0a, 0x01, 0x01};

static const char *file(const char *name) {
	static char full[8192];
	snprintf(full, sizeof full, "%s/%s", path, name);
	return full;
}

static void step(const char *s) {
	if (steps[0]) strcat(steps, " ");
	strcat(steps, s);
}

static void message(int sent, int version, int type, const void *buf, size_t len, SSL *ssl, void *arg) {
	const unsigned char *b = buf;
	char s[64], *name;
	const unsigned char *none = b + 4;
	(void)version; (void)arg;
	if (ssl != watched) return;
	if (type == 21 && len == 2) {
		if (b[0] == 1 && b[1] == 0) return; /* close_notify */
		snprintf(s, sizeof s, "%cALERT(%d,%d)", sent ? '>' : '<', b[0], b[1]);
		step(s);
		return;
	}
	if (type != 22 || len < 4) return;
	switch (b[0]) {
	case 1: name = "CH"; break;
	case 2: name = "SH"; break;
	case 4: name = "NST"; break;
	case 8: name = "EE"; break;
	case 11:
		if (SSL_version(ssl) == TLS1_3_VERSION) none++;
		name = none + 3 == b + len && !(none[0] | none[1] | none[2]) ? "Cert(empty)" : "Cert";
		break;
	case 12: name = "SKE"; break;
	case 13: name = "CR"; break;
	case 14: name = "SHD"; break;
	case 15: name = "CV"; break;
	case 16: name = "CKE"; break;
	case 20: name = "Fin"; break;
	case 22: name = "CStatus"; break;
	default: name = "?";
	}
	snprintf(s, sizeof s, "%c%s", sent ? '>' : '<', name);
	step(s);
}

static int generate(SSL *s, void *arg) { (void)s; (void)arg; generated++; return 1; }

static SSL_TICKET_RETURN decrypt(SSL *s, SSL_SESSION *ss, const unsigned char *name, size_t n, SSL_TICKET_STATUS status, void *arg) {
	(void)s; (void)ss; (void)name; (void)n; (void)arg;
	calls++;
	step("[dec_cb]");
	if (ticket_return != -1) return ticket_return;
	switch (status) { /* the defaults */
	case SSL_TICKET_SUCCESS: return SSL_TICKET_RETURN_USE;
	case SSL_TICKET_SUCCESS_RENEW: return SSL_TICKET_RETURN_USE_RENEW;
	default: return SSL_TICKET_RETURN_IGNORE_RENEW;
	}
}

static int ticket_key(SSL *s, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *c, EVP_MAC_CTX *m, int enc) {
	unsigned char key[32];
	OSSL_PARAM params[3];
	(void)s;
	memset(key, 7, sizeof key);
	if (enc) { memset(name, 1, 16); memset(iv, 2, 16); }
	else if (key_return <= 0) return key_return;
	params[0] = OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, sizeof key);
	params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0);
	params[2] = OSSL_PARAM_construct_end();
	if (!EVP_CipherInit_ex(c, EVP_aes_256_cbc(), NULL, key, iv, enc) || !EVP_MAC_CTX_set_params(m, params)) return -1;
	return enc ? 1 : key_return;
}

static int status_of_server(SSL *s, void *arg) {
	(void)arg;
	server_calls++;
	if (staple) {
		unsigned char *copy = OPENSSL_memdup(response, sizeof response);
		SSL_set_tlsext_status_ocsp_resp(s, copy, sizeof response);
	}
	return server_return;
}

static int status_of_client(SSL *s, void *arg) {
	const unsigned char *p;
	(void)arg;
	calls++;
	sees = (int)SSL_get_tlsext_status_ocsp_resp(s, &p);
	step("[status_cb]");
	return client_return;
}

static int give(SSL *s, X509 **cert, EVP_PKEY **key) {
	const int *a = cert_answers + 2 * cert_calls++;
	(void)s;
	calls++;
	step("[cert_cb]");
	if (a[0] < 0) { suspended++; step("[suspended]"); return a[0]; }
	if (a[1] & 1) { X509_up_ref(client_cert); *cert = client_cert; }
	if (a[1] & 2) { EVP_PKEY_up_ref(client_key); *key = client_key; }
	if (a[1] & 4) { EVP_PKEY_up_ref(stranger_key); *key = stranger_key; }
	return a[0];
}

static int keep(SSL *s, SSL_SESSION *ss) {
	(void)s;
	SSL_SESSION_free(kept);
	kept = ss;
	return 1;
}

static SSL_CTX *context(int server, int version) {
	SSL_CTX *c = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	SSL_CTX_set_min_proto_version(c, version);
	SSL_CTX_set_max_proto_version(c, version);
	SSL_CTX_set_session_id_context(c, (const unsigned char *)"rows", 4);
	if (server) {
		unsigned char keys[80];
		memset(keys, 3, sizeof keys);
		SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_tlsext_ticket_keys(c, keys, sizeof keys);
		if (!SSL_CTX_use_certificate_file(c, file("server.pem"), SSL_FILETYPE_PEM) || !SSL_CTX_use_PrivateKey_file(c, file("server.pem"), SSL_FILETYPE_PEM)) {
			ERR_print_errors_fp(stderr);
			exit(1);
		}
	} else {
		SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
		SSL_CTX_sess_set_new_cb(c, keep);
	}
	return c;
}

static char end[32];
static int resumed;
static const char *reason, *heard;

static const char *error(void) {
	const char *s = ERR_reason_error_string(ERR_peek_error());
	ERR_clear_error();
	return s ? s : "";
}

/* run makes one connection; view 1 is the server's. */
static void run(SSL_CTX *server, SSL_CTX *client, SSL_SESSION *offer, int view) {
	SSL *s = SSL_new(server), *c = SSL_new(client);
	BIO *up = BIO_new(BIO_s_mem()), *down = BIO_new(BIO_s_mem());
	int round, done = 0, waits = 0;
	char buf[16];
	BIO_set_mem_eof_return(up, -1);
	BIO_set_mem_eof_return(down, -1);
	BIO_up_ref(up);
	BIO_up_ref(down);
	SSL_set_bio(c, down, up);
	SSL_set_bio(s, up, down);
	SSL_set_connect_state(c);
	SSL_set_accept_state(s);
	if (offer) SSL_set_session(c, offer);
	watched = view ? s : c;
	SSL_set_msg_callback(watched, message);
	steps[0] = 0;
	calls = server_calls = generated = suspended = cert_calls = 0;
	sees = -2;
	strcpy(end, "none");
	reason = heard = "";
	for (round = 0; round < 20 && !done; round++) {
		int r = SSL_is_init_finished(c) ? SSL_read(c, buf, sizeof buf) : SSL_do_handshake(c);
		int why = SSL_get_error(c, r);
		if (r <= 0 && why == SSL_ERROR_WANT_X509_LOOKUP) {
			if (++waits > 5) { strcpy(end, "suspended"); break; }
		} else if (r <= 0 && why == SSL_ERROR_SSL) {
			strcpy(end, strstr(steps, "ALERT") ? "aborted" : "stopped");
			reason = error();
			if (strcmp(end, "aborted") == 0) {
				if (!SSL_is_init_finished(s)) SSL_do_handshake(s);
				heard = error();
				break;
			}
			if (view == 0) break;
		}
		ERR_clear_error();
		r = SSL_is_init_finished(s) ? SSL_read(s, buf, sizeof buf) : SSL_do_handshake(s);
		why = SSL_get_error(s, r);
		if (r <= 0 && why == SSL_ERROR_SSL) {
			reason = error();
			SSL_is_init_finished(c) ? SSL_read(c, buf, sizeof buf) : SSL_do_handshake(c);
			heard = error();
			strcpy(end, "aborted");
			break;
		}
		ERR_clear_error();
		if (round > 5 && SSL_is_init_finished(c) && SSL_is_init_finished(s)) { strcpy(end, "completed"); done = 1; }
	}
	resumed = strcmp(end, "completed") ? 0 : SSL_session_reused(s);
	/* without a shutdown, SSL_free makes the session one that cannot be resumed */
	SSL_set_shutdown(s, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_set_shutdown(c, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	SSL_free(s);
	SSL_free(c);
	ERR_clear_error();
}

static void print(const char *key) {
	printf("%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%s\t%s\n", key, end, resumed, calls, server_calls, generated, suspended, sees, steps, reason, heard);
}

static const char *names[] = {"TLS1.2", "TLS1.3"};
static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

static void tickets(int v) {
	static const char *returns[] = {"default", "ABORT", "IGNORE", "IGNORE_RENEW", "USE", "USE_RENEW", "9", "9"};
	static const char *statuses[] = {"NONE", "EMPTY", "NO_DECRYPT", "SUCCESS", "SUCCESS_RENEW", "FATAL_ERR_OTHER"};
	int keys, status, r;
	for (keys = 0; keys < 2; keys++)
		for (status = 0; status < 6; status++) {
			if (v && status == 1) continue;
			if (!keys && (status == 5 || status == (v ? 3 : 4))) continue;
			for (r = 0; r < 7; r++) {
				SSL_CTX *server = context(1, versions[v]), *client = context(0, versions[v]);
				SSL_SESSION *offer = NULL;
				char key[128];
				if (keys) SSL_CTX_set_tlsext_ticket_key_evp_cb(server, ticket_key);
				if (status >= 2) {
					key_return = 1;
					kept = NULL;
					run(server, client, NULL, 1);
					offer = kept;
					kept = NULL;
				}
				if (status == 0) SSL_CTX_set_options(client, SSL_OP_NO_TICKET);
				key_return = status == 2 ? 0 : status == 3 ? 1 : status == 4 ? 2 : -1;
				if (status == 2 && !keys) {
					unsigned char other[80];
					memset(other, 9, sizeof other);
					SSL_CTX_set_tlsext_ticket_keys(server, other, sizeof other);
				}
				ticket_return = r == 0 ? -1 : r == 6 ? 9 : r - 1;
				SSL_CTX_set_session_ticket_cb(server, generate, decrypt, NULL);
				run(server, client, offer, 1);
				snprintf(key, sizeof key, "ticket/%s/%s/%s/%s", names[v], keys ? "key-cb" : "built-in", statuses[status], returns[r]);
				print(key);
				SSL_SESSION_free(offer);
				SSL_CTX_free(server);
				SSL_CTX_free(client);
			}
		}
}

static void status(int v, const char *kind, const char *name, int returns, int with, int answer, const char *answered) {
	SSL_CTX *server = context(1, versions[v]), *client = context(0, versions[v]);
	SSL_SESSION *offer = NULL;
	char key[128];
	kept = NULL;
	if (!strcmp(kind, "resumption")) {
		run(server, client, NULL, 0);
		offer = kept;
		kept = NULL;
	}
	server_return = returns;
	staple = with;
	client_return = answer;
	SSL_CTX_set_tlsext_status_cb(server, status_of_server);
	if (strcmp(kind, "not requested")) SSL_CTX_set_tlsext_status_type(client, TLSEXT_STATUSTYPE_ocsp);
	if (strcmp(kind, "client no cb")) SSL_CTX_set_tlsext_status_cb(client, status_of_client);
	run(server, client, offer, 0);
	if (sees == (int)sizeof response) sees = 40;
	snprintf(key, sizeof key, "status/%s/%s/%s/%s", names[v], kind, name, answered);
	print(key);
	SSL_SESSION_free(offer);
	SSL_CTX_free(server);
	SSL_CTX_free(client);
}

static void statuses(int v) {
	static const int answers[] = {1, 0, -1};
	static const char *said[] = {"1", "0", "-1"};
	int i;
	for (i = 0; i < 3; i++) {
		status(v, "full", "OK+resp", SSL_TLSEXT_ERR_OK, 1, answers[i], said[i]);
		status(v, "full", "OK no resp", SSL_TLSEXT_ERR_OK, 0, answers[i], said[i]);
		status(v, "full", "NOACK", SSL_TLSEXT_ERR_NOACK, 1, answers[i], said[i]);
		status(v, "resumption", "OK+resp (not called)", SSL_TLSEXT_ERR_OK, 1, answers[i], said[i]);
	}
	status(v, "full", "ALERT_FATAL", SSL_TLSEXT_ERR_ALERT_FATAL, 1, 1, "1");
	status(v, "full", "ALERT_WARNING(1)", SSL_TLSEXT_ERR_ALERT_WARNING, 1, 1, "1");
	status(v, "full", "-7", -7, 1, 1, "1");
	status(v, "not requested", "OK+resp", SSL_TLSEXT_ERR_OK, 1, 1, "None");
	status(v, "client no cb", "OK+resp", SSL_TLSEXT_ERR_OK, 1, 1, "None");
}

static void certificates(int v) {
	static const int refuse[] = {0, 0}, both[] = {1, 3}, nothing[] = {1, 0}, half[] = {1, 1}, wait[] = {-1, 0, -1, 0, 1, 3}, other[] = {7, 3},
		unfit[] = {1, 5}, forever[] = {-1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0};
	static const int *all[] = {NULL, refuse, both, nothing, half, wait, other, unfit, forever, both};
	static const char *said[] = {"no cb", "0", "1+cert", "1 no data", "1 cert only", "-1,-1,1+cert", "7", "mismatch", "forever", "unusable"};
	static const char *lists[] = {"empty list", "matching CA", "non-matching CA"};
	int required, list, a;
	for (required = 0; required < 2; required++)
		for (list = 0; list < 3; list++)
			for (a = 0; a < 10; a++) {
				SSL_CTX *server = context(1, versions[v]), *client = context(0, versions[v]);
				char key[128];
				SSL_CTX_load_verify_locations(server, file("ca.pem"), NULL);
				SSL_CTX_set_verify(server, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), NULL);
				if (list) SSL_CTX_set_client_CA_list(server, SSL_load_client_CA_file(file(list == 1 ? "ca.pem" : "other.pem")));
				if (a == 9) SSL_CTX_set1_client_sigalgs_list(server, "RSA-PSS+SHA256:RSA+SHA256");
				cert_answers = all[a];
				if (all[a]) SSL_CTX_set_client_cert_cb(client, give);
				run(server, client, NULL, 0);
				snprintf(key, sizeof key, "client_cert/%s/%s/%s/%s", names[v], required ? "verify required" : "verify optional", lists[list], said[a]);
				print(key);
				SSL_CTX_free(server);
				SSL_CTX_free(client);
			}
}

int main(int argc, char **argv) {
	int v;
	FILE *f;
	if (argc != 2) return 2;
	snprintf(path, sizeof path, "%s", argv[1]);
	if (!(f = fopen(file("client.pem"), "r"))) return 1;
	client_cert = PEM_read_X509(f, NULL, NULL, NULL);
	client_key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (!(f = fopen(file("stranger.key"), "r"))) return 1;
	stranger_key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (!client_cert || !client_key || !stranger_key) { ERR_print_errors_fp(stderr); return 1; }
	printf("version\t%s\n", OpenSSL_version(OPENSSL_VERSION_STRING));
	for (v = 0; v < 2; v++) { tickets(v); statuses(v); certificates(v); }
	return 0;
}
