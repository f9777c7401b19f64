package issueledger.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * An entry's commitments to an event's texts: SHA-256 of a salt and the text (docs/design.md, section 8).
 *
 * @param payloadSalt 32 lower-case hex digits; null once the payload is erased
 * @param metadataSalt likewise
 * @param payload the payload's commitment, 64 lower-case hex digits; kept only once the payload is erased
 * @param metadata likewise
 */
public record Commitments(
        @Nullable String payloadSalt,
        @Nullable String metadataSalt,
        @Nullable String payload,
        @Nullable String metadata) {
    public Commitments {
        if ((payloadSalt == null) == (payload == null) || (metadataSalt == null) == (metadata == null)) {
            throw new IllegalArgumentException("a text has either a salt or, once erased, a commitment");
        }
        requireHex(payloadSalt, 32);
        requireHex(metadataSalt, 32);
        requireHex(payload, 64);
        requireHex(metadata, 64);
    }

    private static void requireHex(@Nullable String digits, int length) {
        if (digits != null && (digits.length() != length || !digits.chars().allMatch(Commitments::isHex))) {
            throw new IllegalArgumentException("a salt or commitment is not " + length + " lower-case hex digits");
        }
    }

    private static boolean isHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** Those of texts that are not erased. */
    public static Commitments salted(String payloadSalt, String metadataSalt) {
        return new Commitments(payloadSalt, metadataSalt, null, null);
    }

    /** Two new salts. */
    public static Commitments fresh() {
        return salted(Salts.next(), Salts.next());
    }

    /** SHA-256 of the salt's 16 bytes and the text's, in lower-case hex. */
    public static String commitment(String salt, String text) {
        return commitment(CommitHash.digest(), salt, text.getBytes(UTF_8));
    }

    static String commitment(MessageDigest digest, String salt, byte[] text) {
        digest.update(CommitHash.HEX.parseHex(salt));
        return CommitHash.HEX.formatHex(digest.digest(text));
    }
}
