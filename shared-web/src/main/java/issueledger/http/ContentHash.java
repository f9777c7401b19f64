package issueledger.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SHA-256 of what a page is made of. */
public final class ContentHash {
    private ContentHash() {}

    /** In Base64. */
    public static String of(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** As a Content-Security-Policy names an inline script or style (CSP 3, hash-source). */
    public static String source(String inline) {
        return "'sha256-" + of(inline.getBytes(UTF_8)) + "'";
    }
}
