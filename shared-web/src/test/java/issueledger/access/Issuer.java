package issueledger.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** A token issuer with its JWK set and metadata over HTTP; it keeps its address across restarts. */
public final class Issuer implements AutoCloseable {
    public static final String AUDIENCE = "issue-ledger";

    private final int port;
    private final ECKey ecKey = ecKey();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile RSAKey rsaKey = rsaKey();
    private volatile String metadata;
    private volatile String keys = keySet();
    private HttpServer server;

    private Issuer(int port) {
        this.port = port;
        this.metadata = "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}".formatted(url(), jwkSetUri());
    }

    /** Nobody listens at its address. */
    public static Issuer away() {
        try (ServerSocket free = new ServerSocket(0)) {
            return new Issuer(free.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Issuer there() {
        Issuer issuer = away();
        issuer.comes();
        return issuer;
    }

    public void comes() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            answer(exchange, keys);
        });
        server.createContext("/.well-known/oauth-authorization-server", exchange -> answer(exchange, metadata));
        server.start();
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    public void goes() {
        server.stop(0);
    }

    @Override
    public void close() {
        if (server != null) {
            goes();
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public String jwkSetUri() {
        return url() + "/keys";
    }

    /** How often its keys were fetched. */
    public int fetches() {
        return fetches.get();
    }

    /** Signs with a new key from now on; the one before is no longer in the set. */
    public void rotates() {
        rsaKey = rsaKey();
        keys = keySet();
    }

    /** Replaces its JWK set and metadata. */
    public void saysOfKeys(String text) {
        keys = text;
    }

    public void saysOfItself(String text) {
        metadata = text;
    }

    private String keySet() {
        return new JWKSet(List.of(rsaKey, ecKey)).toString(true);
    }

    public RSAKey key() {
        return rsaKey;
    }

    /** Good claims, for five minutes from now. */
    public JWTClaimsSet.Builder claims(String subject, String... roles) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience(AUDIENCE)
                .subject(subject)
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("roles", List.of(roles));
    }

    /** A good token, RS256. */
    public String token(String subject, String... roles) {
        return token(claims(subject, roles));
    }

    /** RS256. */
    public String token(JWTClaimsSet.Builder claims) {
        return signed(claims, rsaKey);
    }

    /** ES256. */
    public String ellipticToken(JWTClaimsSet.Builder claims) {
        try {
            return signed(
                    claims,
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(ecKey.getKeyID())
                            .build(),
                    new ECDSASigner(ecKey));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RS256, by any key. */
    public static String signed(JWTClaimsSet.Builder claims, RSAKey key) {
        try {
            return signed(
                    claims,
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .keyID(key.getKeyID())
                            .build(),
                    new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String signed(JWTClaimsSet.Builder claims, JWSHeader header, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header, claims.build());
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public static RSAKey rsaKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey ecKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
