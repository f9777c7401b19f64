package issueledger.proof;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Fields that several formats share. Each value has exactly one spelling. */
final class Fields {
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,18}");

    private Fields() {}

    /** An ASCII decimal without leading zeros, below 2<sup>63</sup>. */
    static long decimal(String text, String what) {
        if (DECIMAL.matcher(text).matches()) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // Above the largest long; refused below.
            }
        }
        throw new MalformedProof(what + " is no decimal without leading zeros below 2^63");
    }

    /** Standard base 64 with padding. */
    static byte[] base64(String text, String what) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (encode(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Refused below.
        }
        throw new MalformedProof(what + " is not base64");
    }

    static Hash hash(String text, String what) {
        byte[] bytes = base64(text, what);
        if (bytes.length != Hash.BYTES) {
            throw new MalformedProof(what + " is no hash of 32 bytes in base64");
        }
        return Hash.of(bytes);
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String utf8(byte[] bytes, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedProof(what + " is not UTF-8");
        }
    }

    /** A signed note's key name: not empty, without Unicode spaces, control characters and plus. */
    static String keyName(String name) {
        if (name.isEmpty()
                || name.chars()
                        .anyMatch(c -> c == '+'
                                || Character.isWhitespace(c)
                                || Character.isSpaceChar(c)
                                || Character.isISOControl(c))) {
            throw new MalformedProof("a key's name is not empty and has neither spaces nor plus signs");
        }
        return name;
    }
}
