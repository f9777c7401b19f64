"""A token issuer for trying Issue Ledger's roles on one machine, as Keycloak or another would be in production. Needs Python 3.9 and openssl.

    python3 issuer.py serve 9000                      serves its metadata and public key at http://127.0.0.1:9000
    python3 issuer.py token 9000 mara engineer        prints a token for mara, good for an hour

Its private key is issuer-key.pem in the working directory, made at the first call and readable by its owner alone.
"""

import base64
import json
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "issuer-key.pem"
AUDIENCE = "issue-ledger"


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def key():
    if not os.path.exists(KEY):
        made = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
        with open(KEY + ".new", "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(made)
        os.replace(KEY + ".new", KEY)
    return KEY


def url(port):
    return f"http://127.0.0.1:{port}"


def public_keys():
    """A JWK set (RFC 7517) of the one key; its exponent is openssl's default, 65537."""
    modulus = openssl("rsa", "-in", key(), "-noout", "-modulus").decode().strip().split("=")[1]
    one = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": base64url(bytes.fromhex(modulus)), "e": "AQAB"}
    return {"keys": [one]}


def token(port, subject, roles):
    """A JWT (RFC 7519), signed RS256."""
    now = int(time.time())
    claims = {"iss": url(port), "aud": AUDIENCE, "sub": subject, "roles": roles, "iat": now, "exp": now + 3600}
    header = {"alg": "RS256", "typ": "JWT", "kid": "1"}
    signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    return signed + "." + base64url(openssl("dgst", "-sha256", "-sign", key(), given=signed.encode()))


def serve(port):
    pages = {
        "/.well-known/openid-configuration": {"issuer": url(port), "jwks_uri": url(port) + "/keys"},
        "/keys": public_keys(),
    }

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            page = pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(page or {}).encode())

        def log_message(self, *arguments):
            pass

    ThreadingHTTPServer(("127.0.0.1", port), Pages).serve_forever()


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "serve":
        serve(int(sys.argv[2]))
    elif len(sys.argv) >= 4 and sys.argv[1] == "token":
        print(token(int(sys.argv[2]), sys.argv[3], sys.argv[4:]))
    else:
        sys.exit(__doc__)
