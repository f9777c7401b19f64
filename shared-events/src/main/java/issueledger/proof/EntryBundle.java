package issueledger.proof;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries of the log in order, each after its length in two bytes, the higher first (C2SP tlog-tiles). */
public final class EntryBundle {
    private static final int MAX_LENGTH = 0xFFFF;

    private EntryBundle() {}

    public static byte[] encode(List<byte[]> entries) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            if (entry.length > MAX_LENGTH) {
                throw new IllegalArgumentException("an entry of " + entry.length + " bytes is longer than 65535");
            }
            bundle.write(entry.length >>> 8);
            bundle.write(entry.length);
            bundle.writeBytes(entry);
        }
        return bundle.toByteArray();
    }

    public static List<byte[]> decode(byte[] bundle) {
        List<byte[]> entries = new ArrayList<>();
        int at = 0;
        while (at < bundle.length) {
            int begin = at + 2;
            int end = begin > bundle.length
                    ? Integer.MAX_VALUE
                    : begin + (Byte.toUnsignedInt(bundle[at]) << 8) + Byte.toUnsignedInt(bundle[at + 1]);
            if (end > bundle.length) {
                throw new MalformedProof("the entry bundle ends within an entry");
            }
            entries.add(Arrays.copyOfRange(bundle, begin, end));
            at = end;
        }
        return entries;
    }
}
