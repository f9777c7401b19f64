package issueledger.issues;

import java.util.zip.CRC32C;

/** The checksum of stored text. */
public final class Checksum {
    private Checksum() {}

    public static int of(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
