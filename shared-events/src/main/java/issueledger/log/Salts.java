package issueledger.log;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random salts for commitments: 16 bytes each, from {@link SecureRandom}, none twice. */
final class Salts {
    private static final int BYTES = 16;

    /** One call of the generator fills it; a call for each salt would cost more than the salt. */
    private static final byte[] BUFFER = new byte[256 * BYTES];

    private static final SecureRandom RANDOM = new SecureRandom();
    private static int used = BUFFER.length;

    private Salts() {}

    /** The next salt, 32 lower-case hex digits. */
    static synchronized String next() {
        if (used == BUFFER.length) {
            RANDOM.nextBytes(BUFFER);
            used = 0;
        }
        used += BYTES;
        return HexFormat.of().formatHex(BUFFER, used - BYTES, used);
    }
}
