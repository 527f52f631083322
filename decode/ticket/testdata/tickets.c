/* Seals sessions with known ticket keys, as a server with OpenSSL does, and
 * prints for each the protocol, the ticket and the session's secret in hex.
 * Arguments: certificate, its key, the 80 octets of the ticket key in hex. */
#include <openssl/ssl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static void hex(const unsigned char *b, size_t n)
{
    while (n--)
        printf("%02x", *b++);
}

static int made(SSL *s, SSL_SESSION *sess)
{
    const unsigned char *t;
    unsigned char secret[64];
    size_t n;

    SSL_SESSION_get0_ticket(sess, &t, &n);
    printf("%04x ", SSL_SESSION_get_protocol_version(sess));
    hex(t, n);
    printf(" ");
    n = SSL_SESSION_get_master_key(sess, secret, sizeof(secret));
    hex(secret, n);
    printf("\n");
    return 0;
}

int main(int argc, char **argv)
{
    static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
    unsigned char key[80];
    size_t i;

    if (argc != 4 || strlen(argv[3]) != 160)
        return 2;
    for (i = 0; i < 80; i++) {
        unsigned int v;
        sscanf(argv[3] + 2 * i, "%2x", &v);
        key[i] = v;
    }
    for (i = 0; i < 2; i++) {
        SSL_CTX *sc = SSL_CTX_new(TLS_server_method()), *cc = SSL_CTX_new(TLS_client_method());
        SSL *s, *c;
        BIO *sb, *cb;
        char x;
        int n, done = 0;

        if (SSL_CTX_use_certificate_file(sc, argv[1], SSL_FILETYPE_PEM) != 1 || SSL_CTX_use_PrivateKey_file(sc, argv[2], SSL_FILETYPE_PEM) != 1
            || SSL_CTX_set_tlsext_ticket_keys(sc, key, sizeof(key)) != 1)
            return 3;
        SSL_CTX_set_max_proto_version(sc, versions[i]);
        SSL_CTX_set_session_cache_mode(cc, SSL_SESS_CACHE_CLIENT);
        SSL_CTX_sess_set_new_cb(cc, made);
        s = SSL_new(sc);
        c = SSL_new(cc);
        BIO_new_bio_pair(&sb, 0, &cb, 0);
        SSL_set_bio(s, sb, sb);
        SSL_set_bio(c, cb, cb);
        SSL_set_tlsext_host_name(c, "host.example");
        SSL_set_accept_state(s);
        SSL_set_connect_state(c);
        for (n = 0; n < 100; n++) {
            SSL_do_handshake(c);
            SSL_do_handshake(s);
            if (SSL_is_init_finished(s) && !done)
                done = SSL_write(s, "x", 1) == 1;
            if (done)
                SSL_read(c, &x, 1);
        }
    }
    return 0;
}
