package issueledger.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * The next bytes for a subscriber, few enough for one of a client that does not read.
 *
 * @param bytes of an array that may be shared
 * @param then what the subscriber has got with them
 */
record Part(ByteBuffer bytes, Sent then) {
    void writeTo(OutputStream out) throws IOException {
        out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
}
