package issueledger.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tokens that no service may take, each for one reason. */
public final class BadTokens {
    private static final String[] ALL_ROLES = {"reporter", "engineer", "analyst", "auditor", "operator"};

    private BadTokens() {}

    /** Bad tokens by their fault. */
    public static Map<String, String> of(Issuer issuer) throws JOSEException {
        RSAKey key = issuer.key();
        RSAKey another = Issuer.rsaKey();
        RSAKey impostor = new RSAKey.Builder(another).keyID(key.getKeyID()).build();
        String good = issuer.token("mara", ALL_ROLES);
        int signature = good.lastIndexOf('.') + 1;
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("expired", issuer.token(issuer.claims("mara", ALL_ROLES).expirationTime(in(-10))));
        bad.put(
                "without an expiry",
                issuer.token(issuer.claims("mara", ALL_ROLES).expirationTime(null)));
        bad.put("not valid yet", issuer.token(issuer.claims("mara", ALL_ROLES).notBeforeTime(in(60))));
        bad.put(
                "another issuer's",
                issuer.token(issuer.claims("mara", ALL_ROLES).issuer("https://other.example")));
        bad.put("no issuer's", issuer.token(issuer.claims("mara", ALL_ROLES).issuer(null)));
        bad.put(
                "for another audience",
                issuer.token(issuer.claims("mara", ALL_ROLES).audience("payroll")));
        bad.put("for no audience", issuer.token(issuer.claims("mara", ALL_ROLES).audience((String) null)));
        bad.put("nobody's", issuer.token(issuer.claims("mara", ALL_ROLES).subject(null)));
        bad.put("a number's", issuer.token(issuer.claims("mara", ALL_ROLES).claim("sub", 5)));
        bad.put("a blank subject's", issuer.token(issuer.claims(" ", ALL_ROLES)));
        bad.put("a subject's of two lines", issuer.token(issuer.claims("mara\nok", ALL_ROLES)));
        bad.put("a subject's of 201 characters", issuer.token(issuer.claims("m".repeat(201), ALL_ROLES)));
        bad.put("signed by another key", Issuer.signed(issuer.claims("mara", ALL_ROLES), another));
        bad.put("signed by another key under a known id", Issuer.signed(issuer.claims("mara", ALL_ROLES), impostor));
        bad.put(
                "signed by nobody",
                new PlainJWT(issuer.claims("mara", ALL_ROLES).build()).serialize());
        bad.put(
                "signed with the public key as a secret",
                Issuer.signed(
                        issuer.claims("mara", ALL_ROLES),
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .keyID(key.getKeyID())
                                .build(),
                        new MACSigner(key.toRSAPublicKey().getEncoded())));
        bad.put("signed with RS512", signedWith(JWSAlgorithm.RS512, issuer));
        bad.put("signed with PS256", signedWith(JWSAlgorithm.PS256, issuer));
        bad.put("of another type", ofType("dpop+jwt", issuer));
        bad.put("without its signature", good.substring(0, signature));
        bad.put(
                "with another's signature",
                good.substring(0, signature) + issuer.token("eve").replaceFirst(".*\\.", ""));
        bad.put("no token at all", "none");
        bad.put("with characters that no token has", "a b\"c");
        bad.put("three dots", "...");
        bad.put("an encrypted one's shape", "a.b.c.d.e");
        bad.put("JSON that is none", "e30." + base64("{\"sub\":") + ".e30");
        return bad;
    }

    private static String signedWith(JWSAlgorithm algorithm, Issuer issuer) throws JOSEException {
        return Issuer.signed(
                issuer.claims("mara", ALL_ROLES),
                new JWSHeader.Builder(algorithm).keyID(issuer.key().getKeyID()).build(),
                new RSASSASigner(issuer.key()));
    }

    private static String ofType(String type, Issuer issuer) throws JOSEException {
        return Issuer.signed(
                issuer.claims("mara", ALL_ROLES),
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(issuer.key().getKeyID())
                        .type(new com.nimbusds.jose.JOSEObjectType(type))
                        .build(),
                new RSASSASigner(issuer.key()));
    }

    private static String base64(String text) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static Date in(int seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }
}
